//! Connections to Postgres: opened when needed, lent for a statement or a transaction, and used again.

mod lease;
mod refusal;
mod sessions;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use async_stream::try_stream;
use deadpool::managed::{self, PoolError, QueueMode};
use futures_util::future::{BoxFuture, join_all};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use sqlx::postgres::{PgConnectOptions, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Execute, Executor, Postgres, SqlStr};

pub(in crate::store) use lease::{Lease, Transaction};
pub(in crate::store::db) use refusal::Refusal;
pub(in crate::store::db) use sessions::Plans;
use sessions::{Session, Sessions, Target};

type Current = managed::Pool<Sessions>;

/// Connections to Postgres for one purpose. Clones share them.
#[derive(Clone)]
pub(in crate::store) struct Pool(Arc<Shared>);

struct Shared {
    target: Target,
    /// Maximum number of connections.
    most: usize,
    acquire_timeout: Duration,
    /// Replaced as a whole when its connections were cut off.
    current: RwLock<Current>,
    refusal: Arc<Refusal>,
}

/// The address holds the password.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("status", &self.current().status())
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// Creates a pool of at most so many connections, none of which is opened yet. A caller waits for one no longer
    /// than `acquire_timeout`.
    pub(super) fn new(
        connect: PgConnectOptions,
        plans: Plans,
        most: u32,
        acquire_timeout: Duration,
        refusal: Arc<Refusal>,
    ) -> Self {
        let target = Target::new(connect, plans);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self(Arc::new(Shared {
            current: RwLock::new(fresh(&target, most)),
            target,
            most,
            acquire_timeout,
            refusal,
        }))
    }

    /// Waits for a connection.
    pub(in crate::store) async fn acquire(&self) -> sqlx::Result<Lease> {
        let start = Instant::now();
        let waiting = tokio::time::timeout(self.0.acquire_timeout, self.wait());
        let lease = waiting.await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        metrics::histogram!("onrecord_database_acquire_seconds").record(start.elapsed());
        lease.inspect_err(|error| self.0.refusal.note(error))
    }

    async fn wait(&self) -> sqlx::Result<Lease> {
        loop {
            let pool = self.current();
            self.ask(&pool)?;
            match pool.get().await {
                Ok(session) => return Ok(Lease::new(session)),
                Err(PoolError::Backend(error)) => return Err(error),
                // Otherwise it was replaced.
                Err(_) if self.current().is_closed() => return Err(sqlx::Error::PoolClosed),
                Err(_) => {}
            }
        }
    }

    /// Begins a transaction.
    pub(in crate::store) async fn begin(&self) -> sqlx::Result<Transaction> {
        self.begin_with("BEGIN").await
    }

    /// Begins a transaction with this statement.
    pub(in crate::store) async fn begin_with(
        &self,
        statement: &'static str,
    ) -> sqlx::Result<Transaction> {
        let mut attempts_left = self.0.most;
        loop {
            let lease = self.acquire().await?;
            match Transaction::begin(lease, statement).await {
                Err(error) if is_dead(&error) && attempts_left > 0 => attempts_left -= 1,
                begun => return begun,
            }
        }
    }

    /// Where new connections lead to.
    pub(in crate::store) fn connect_options(&self) -> Arc<PgConnectOptions> {
        self.0.target.get()
    }

    /// Has new connections lead there.
    pub(super) fn set_connect_options(&self, connect: PgConnectOptions) {
        self.0.target.set(connect);
    }

    /// Starts anew: every connection so far is closed, as soon as it is no longer in use.
    pub(super) fn renew(&self) {
        let old = {
            let current = self.0.current.write();
            let mut current = current.unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, fresh(&self.0.target, self.0.most))
        };
        old.close();
    }

    /// Closes connections that nobody has used for long.
    pub(super) async fn tidy(&self) {
        self.close_unless(Session::is_worth_keeping).await;
    }

    async fn close_unless(&self, keep: impl Fn(&Session) -> bool) {
        let closed = self.current().retain(|session, _| keep(session)).removed;
        join_all(closed.into_iter().map(Session::close)).await;
    }

    /// Updates the metrics of these connections.
    pub(super) fn count(&self, name: &'static str) {
        let now = self.current().status();
        let in_use = now.size - now.available;
        for (state, count) in [("idle", now.available), ("in_use", in_use)] {
            metrics::gauge!("onrecord_database_connections", "pool" => name, "state" => state)
                .set(as_f64(count));
        }
        metrics::gauge!("onrecord_database_connections_max", "pool" => name)
            .set(as_f64(now.max_size));
    }

    /// Closes it: nobody gets a connection any more, and those in use are closed once they are given back.
    pub(super) async fn close(&self) {
        self.close_unless(|_| false).await;
        self.current().close();
    }

    fn current(&self) -> Current {
        let current = self.0.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Refuses to open a connection right after Postgres has refused one.
    fn ask(&self, pool: &Current) -> sqlx::Result<()> {
        if pool.status().available == 0 {
            return self.0.refusal.ask();
        }
        Ok(())
    }
}

/// A pool without any connection yet. What was used last is used next, so that what is not needed is closed.
#[expect(clippy::expect_used, reason = "fails only for timeouts")]
fn fresh(target: &Target, most: usize) -> Current {
    managed::Pool::builder(Sessions::new(target.clone()))
        .max_size(most)
        .queue_mode(QueueMode::Lifo)
        .build()
        .expect("a pool without timeouts")
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}

/// Whether a connection turned out to be dead, as one does that was in use a moment before Postgres was restarted. Where
/// nothing has been done with it yet, another one does as well.
fn is_dead(error: &sqlx::Error) -> bool {
    use std::io::ErrorKind;
    match error {
        sqlx::Error::Io(error) => matches!(
            error.kind(),
            ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof
        ),
        // admin_shutdown, crash_shutdown
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02")),
        _ => false,
    }
}

/// A single statement.
impl<'p> Executor<'p> for &'_ Pool {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, sqlx::Result<Either<PgQueryResult, PgRow>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let pool = self.clone();
        let rows = try_stream! {
            let mut lease = pool.acquire().await?;
            {
                let mut rows = lease.fetch_many(query);
                while let Some(row) = rows.try_next().await? {
                    yield row;
                }
            }
            lease.release();
        };
        rows.boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<PgRow>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let pool = self.clone();
        async move {
            let mut lease = pool.acquire().await?;
            let row = lease.fetch_optional(query).await?;
            lease.release();
            Ok(row)
        }
        .boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, sqlx::Result<PgStatement>>
    where
        'p: 'e,
    {
        let pool = self.clone();
        async move {
            let mut lease = pool.acquire().await?;
            let statement = lease.prepare_with(sql, parameters).await?;
            lease.release();
            Ok(statement)
        }
        .boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, sqlx::Result<Describe<Postgres>>>
    where
        'p: 'e,
    {
        let pool = self.clone();
        async move {
            let mut lease = pool.acquire().await?;
            let described = lease.describe(sql).await?;
            lease.release();
            Ok(described)
        }
        .boxed()
    }
}
