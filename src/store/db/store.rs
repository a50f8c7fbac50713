use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::credentials::{Address, Credentials};
use super::options::PoolOptions;
use super::pool::{Pool, Refusal};

/// How often idle connections are looked for.
const TIDY_PERIOD: Duration = Duration::from_secs(30);

/// A handle to the database. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    /// For reads that are planned for what they ask for.
    pub(in crate::store) pool: Pool,
    /// For single statements whose plan is the same whatever they ask for.
    pub(in crate::store) planned_once: Pool,
    /// For transactions that write.
    pub(super) writes: Pool,
    /// For work that nobody waits for.
    pub(super) background: Pool,
    pub(super) options: PoolOptions,
    pub(super) refusal: Arc<Refusal>,
    pub(super) login: Option<Arc<Login>>,
    /// Signals that all connections so far were cut off.
    pub(super) cut_offs: watch::Sender<()>,
    /// Signals a commit, so that other processes can be notified; see [`ClaimTail`](crate::store::ClaimTail).
    pub(in crate::store) written: Arc<Notify>,
    pub(super) replica: Option<Arc<Replica>>,
}

/// Where the credentials come from, and what they were at first.
#[derive(Debug)]
pub(super) struct Login {
    pub credentials: Credentials,
    pub first: Address,
}

/// A replica, and whether it is serving.
#[derive(Debug)]
pub(super) struct Replica {
    pub store: Store,
    pub serves: AtomicBool,
}

impl Store {
    /// The same database over the connections for background work, which leaves all others to calls.
    #[must_use]
    pub fn for_background(&self) -> Self {
        Self {
            pool: self.background.clone(),
            planned_once: self.background.clone(),
            writes: self.background.clone(),
            ..self.clone()
        }
    }

    /// All its connections, by purpose.
    pub(super) const fn pools(&self) -> [&Pool; 4] {
        [
            &self.pool,
            &self.planned_once,
            &self.writes,
            &self.background,
        ]
    }

    /// Closes connections that nobody has used for long, for as long as it is polled.
    pub async fn close_idle_connections(self) -> Infallible {
        loop {
            tokio::time::sleep(TIDY_PERIOD).await;
            for pool in self.all_pools() {
                pool.tidy().await;
            }
        }
    }

    /// All its connections and those of its replica.
    pub(super) fn all_pools(&self) -> impl Iterator<Item = &Pool> {
        let replica = self.replica.iter();
        let replicas = replica.flat_map(|replica| replica.store.pools());
        self.pools().into_iter().chain(replicas)
    }

    /// Updates the metrics of the connections to this database and its replica.
    pub fn count_connections(&self) {
        self.pool.count("reads");
        self.planned_once.count("planned_once");
        self.writes.count("writes");
        self.background.count("background");
        if let Some(replica) = &self.replica {
            replica.store.pool.count("replica");
            replica.store.planned_once.count("replica_planned_once");
        }
    }

    /// Replaces all connections, because those so far were cut off, and ends transactions and exports that wait for an
    /// answer on them. Look-ups wait until their callers give up.
    pub(super) fn renew(&self) {
        self.cut_offs.send_replace(());
        for pool in self.pools() {
            pool.renew();
        }
    }
}
