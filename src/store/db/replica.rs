//! A copy of the database, kept by streaming replication, that answers what only reads.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::store::{Replica, Store};

/// How often a replica is looked at.
const PERIOD: Duration = Duration::from_secs(1);

impl Store {
    /// This store with a replica to read from. It is left alone until [`Store::watch_replica`] found that it answers.
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

    /// The store to read from where the last writes may be missed: the replica while it answers, otherwise this one.
    #[must_use]
    pub fn for_reading(&self) -> &Self {
        match &self.replica {
            Some(replica) if replica.serves.load(Ordering::Relaxed) => &replica.store,
            _ => self,
        }
    }

    /// Looks every second whether the replica answers and is migrated, for as long as it is polled.
    pub async fn watch_replica(self) -> Infallible {
        let Some(replica) = &self.replica else {
            return std::future::pending().await;
        };
        let mut probe = replica.store.probe();
        loop {
            let outcome = probe.check().await;
            let served = replica.serves.swap(outcome.is_ok(), Ordering::Relaxed);
            match outcome {
                Ok(()) if !served => tracing::info!("reading from the replica"),
                Err(error) if served => {
                    tracing::warn!(%error, "the replica does not serve: reading from the primary database");
                }
                _ => {}
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    /// Closes the connections to the replica.
    pub(super) async fn close_replica(&self) {
        if let Some(replica) = &self.replica {
            replica.store.pool.close().await;
        }
    }
}
