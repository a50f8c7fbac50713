use std::io;
use std::time::Duration;

use sqlx::PgConnection;

use super::error::StoreError;
use super::migrations::{applied, is_complete, left_invalid};
use super::session::connect;
use super::store::Store;

/// How long the database may take to answer the probe.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// Checks that the database is up and migrated, over its own connection: a pooled one would reflect how busy the pool
/// is.
#[derive(Debug)]
pub struct Probe {
    store: Store,
    connection: Option<PgConnection>,
    /// Whether a connection broke or fell silent since the last answer.
    cut_off: bool,
}

impl Store {
    /// Creates a probe of this store's database. It connects on first use, and again after every failure.
    #[must_use]
    pub fn probe(&self) -> Probe {
        Probe {
            store: self.clone(),
            connection: None,
            cut_off: false,
        }
    }
}

impl Probe {
    /// Checks that the database responds and has every migration that this program knows.
    ///
    /// If its connection has fallen silent while a new one gets an answer, the connections of the store were cut off
    /// without a word, as a failover or a router that forgets them does, and are replaced. So they are if its connection
    /// broke: until it has a new one, nobody would notice that others fall silent.
    ///
    /// # Errors
    /// [`StoreError::NotMigrated`], [`StoreError::InvalidIndex`] or [`StoreError::Unavailable`].
    pub async fn check(&mut self) -> Result<(), StoreError> {
        let connected = self.connection.is_some();
        let mut look = self.look().await;
        if look.is_err() && connected {
            self.cut_off = true;
            look = self.look().await;
        }
        let applied = look?;
        if std::mem::take(&mut self.cut_off) {
            tracing::warn!("connections to the database broke or were cut off: replacing them");
            self.store.renew();
        }
        if !is_complete(&applied.versions) {
            return Err(StoreError::NotMigrated(None));
        }
        match applied.invalid.into_iter().next() {
            Some(index) => Err(StoreError::InvalidIndex(index)),
            None => Ok(()),
        }
    }

    async fn look(&mut self) -> Result<Applied, StoreError> {
        // Taken out, so that it is dropped on failure.
        let look = look(&self.store, self.connection.take());
        let Ok(look) = tokio::time::timeout(ANSWER_TIMEOUT, look).await else {
            let slow = io::Error::from(io::ErrorKind::TimedOut);
            return Err(StoreError::Unavailable(slow.into()));
        };
        let (connection, applied) = look?;
        self.connection = Some(connection);
        Ok(applied)
    }
}

/// What a database has of the migrations.
struct Applied {
    versions: Vec<i64>,
    invalid: Vec<String>,
}

async fn look(
    store: &Store,
    connection: Option<PgConnection>,
) -> Result<(PgConnection, Applied), StoreError> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => connect(&store.pool.connect_options()).await?,
    };
    let versions = applied(&mut connection).await?;
    let invalid = left_invalid(&mut connection).await?;
    Ok((connection, Applied { versions, invalid }))
}
