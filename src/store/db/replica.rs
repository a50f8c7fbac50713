//! A streaming replica of the database, which serves read-only calls.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::error::StoreError;
use super::store::{Replica, Store};

/// How often the replica is probed.
const PERIOD: Duration = Duration::from_secs(1);

// Where the primary's write-ahead log ends.
const WRITTEN: &str = "SELECT pg_current_wal_lsn()::text";

// NULL if this is no replica.
const LAG: &str = "SELECT greatest(pg_wal_lsn_diff($1::text::pg_lsn, pg_last_wal_replay_lsn()), 0)::bigint \
     WHERE pg_is_in_recovery()";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] =
    &[("db::replica::WRITTEN", WRITTEN), ("db::replica::LAG", LAG)];

impl Store {
    /// Adds a replica to read from. It is not used until [`Store::watch_replica`] has found it serving.
    #[must_use]
    pub fn with_replica(self, replica: Self) -> Self {
        let replica = Replica {
            store: replica,
            serves: AtomicBool::new(false),
        };
        Self {
            replica: Some(Arc::new(replica)),
            ..self
        }
    }

    /// Whether there is a replica, be it up or not.
    #[must_use]
    pub const fn has_replica(&self) -> bool {
        self.replica.is_some()
    }

    /// The store for reads that may miss the latest writes: the replica while it is serving, otherwise this one.
    #[must_use]
    pub fn for_reading(&self) -> &Self {
        match &self.replica {
            Some(replica) if replica.serves.load(Ordering::Relaxed) => &replica.store,
            _ => self,
        }
    }

    /// Probes every second whether the replica responds and is migrated, for as long as it is polled.
    pub async fn watch_replica(self) -> Infallible {
        let Some(replica) = &self.replica else {
            return std::future::pending().await;
        };
        let mut probe = replica.store.probe();
        loop {
            let outcome = probe.check().await;
            metrics::gauge!("onrecord_replica_up").set(u8::from(outcome.is_ok()));
            let served = replica.serves.swap(outcome.is_ok(), Ordering::Relaxed);
            match outcome {
                Ok(()) if !served => tracing::info!("the replica is up: reading from it"),
                Err(error) if served => {
                    tracing::warn!(%error, "the replica is unavailable: reading from the primary");
                }
                _ => {}
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    /// Returns how many bytes of the primary's write-ahead log the replica has not replayed, unless there is no
    /// replica, or one that does not follow by streaming. Bytes, since a replica of an idle primary lags by nothing
    /// however old its last transaction is.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn replica_lag(&self) -> Result<Option<i64>, StoreError> {
        let Some(replica) = &self.replica else {
            return Ok(None);
        };
        let written: String = sqlx::query_scalar(WRITTEN).fetch_one(&self.pool).await?;
        let lag = sqlx::query_scalar(LAG)
            .bind(written)
            .fetch_optional(&replica.store.pool);
        Ok(lag.await?)
    }

    /// See [`Store::keep_credentials`], for the replica.
    pub async fn keep_replica_credentials(self) -> Infallible {
        match &self.replica {
            Some(replica) => replica.store.clone().keep_credentials().await,
            None => std::future::pending().await,
        }
    }
}
