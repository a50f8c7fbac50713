//! A streaming replica of the database, which serves read-only calls.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::store::{Replica, Store};

/// How often the replica is probed.
const PERIOD: Duration = Duration::from_secs(1);

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

    /// Closes the connections to the replica.
    pub(super) async fn close_replica(&self) {
        if let Some(replica) = &self.replica {
            replica.store.pool.close().await;
        }
    }
}
