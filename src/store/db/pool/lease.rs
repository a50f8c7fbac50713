use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use deadpool::managed::Object;
use sqlx::{Connection, Executor, PgConnection};

use super::sessions::Sessions;

/// How long a connection may take to become ready after a use that was broken off. It is still busy where the caller
/// went away in the middle of a statement: it is then closed, whereupon Postgres ends the statement.
const SETTLE_TIMEOUT: Duration = Duration::from_millis(500);

/// A connection in use.
///
/// [`Lease::release`] gives it back at once. Where it is dropped instead, its use failed or was broken off: it is given
/// back once it is ready, without a transaction, or closed if that takes long.
pub(in crate::store) struct Lease {
    /// Taken only when the lease ends.
    session: Option<Object<Sessions>>,
    in_transaction: bool,
}

impl Lease {
    pub(super) const fn new(session: Object<Sessions>) -> Self {
        Self {
            session: Some(session),
            in_transaction: false,
        }
    }

    /// Gives the connection back. Everything that was asked of it must have been answered.
    pub(in crate::store) fn release(mut self) {
        if let Some(session) = self.session.take() {
            give_back(session);
        }
    }

    /// Closes the connection.
    pub(super) fn close(mut self) {
        self.session.take().map(Object::take);
    }
}

impl Deref for Lease {
    type Target = PgConnection;

    #[expect(clippy::expect_used, reason = "ending a lease consumes it")]
    fn deref(&self) -> &PgConnection {
        &self.session.as_ref().expect("in use").connection
    }
}

impl DerefMut for Lease {
    #[expect(clippy::expect_used, reason = "ending a lease consumes it")]
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.session.as_mut().expect("in use").connection
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            tokio::spawn(settle(session, self.in_transaction));
        }
    }
}

fn give_back(mut session: Object<Sessions>) {
    if session.is_old() {
        tokio::spawn(Object::take(session).close());
    } else {
        session.idle_since = Instant::now();
    }
}

/// Gives the connection back once it is ready, without a transaction, or else closes it.
async fn settle(mut session: Object<Sessions>, in_transaction: bool) {
    let ready = async {
        if in_transaction {
            session.connection.execute("ROLLBACK").await?;
        }
        session.connection.ping().await
    };
    match tokio::time::timeout(SETTLE_TIMEOUT, ready).await {
        Ok(Ok(())) => give_back(session),
        _ => drop(Object::take(session)),
    }
}

/// A transaction on a connection of its own. Rolled back where it is dropped before it was committed.
pub(in crate::store) struct Transaction(Lease);

impl Transaction {
    /// Begins one with this statement. Where that fails, the connection is closed.
    pub(super) async fn begin(mut lease: Lease, statement: &'static str) -> sqlx::Result<Self> {
        lease.in_transaction = true;
        match lease.execute(statement).await {
            Ok(_) => Ok(Self(lease)),
            Err(error) => {
                lease.close();
                Err(error)
            }
        }
    }

    /// Commits it and gives the connection back.
    pub(in crate::store) async fn commit(mut self) -> sqlx::Result<()> {
        self.0.execute("COMMIT").await?;
        self.0.release();
        Ok(())
    }
}

impl Deref for Transaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}
