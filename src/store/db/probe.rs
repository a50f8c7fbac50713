use std::io;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};

use super::error::StoreError;
use super::migrate::{applied, is_complete};
use super::store::Store;

/// How long the database may take to answer the probe.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// Checks that the database is up and migrated, over its own connection: a pooled one would reflect how busy the pool
/// is.
#[derive(Debug)]
pub struct Probe {
    connect: PgConnectOptions,
    connection: Option<PgConnection>,
}

impl Store {
    /// Creates a probe of this store's database. It connects on first use, and again after every failure.
    #[must_use]
    pub fn probe(&self) -> Probe {
        Probe {
            connect: self.pool.connect_options().as_ref().clone(),
            connection: None,
        }
    }
}

impl Probe {
    /// Checks that the database responds and has every migration that this program knows.
    ///
    /// # Errors
    /// [`StoreError::NotMigrated`] or [`StoreError::Unavailable`].
    pub async fn check(&mut self) -> Result<(), StoreError> {
        // Taken out, so that it is dropped on failure.
        let connection = self.connection.take();
        let look = look(&self.connect, connection);
        let slow = |_| StoreError::Unavailable(io::Error::from(io::ErrorKind::TimedOut).into());
        let (connection, complete) = tokio::time::timeout(ANSWER_TIMEOUT, look)
            .await
            .map_err(slow)??;
        self.connection = Some(connection);
        if complete {
            Ok(())
        } else {
            Err(StoreError::NotMigrated(None))
        }
    }
}

async fn look(
    connect: &PgConnectOptions,
    connection: Option<PgConnection>,
) -> Result<(PgConnection, bool), StoreError> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => connect.connect().await?,
    };
    let applied = applied(&mut connection).await?;
    Ok((connection, is_complete(&applied)))
}
