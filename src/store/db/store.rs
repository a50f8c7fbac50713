use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::{Notify, watch};

use super::credentials::{Address, Credentials};
use super::options::PoolOptions;
use super::pool::Pool;
use super::refusal::Refusal;

/// A handle to the database. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    /// For statements that stand alone.
    pub(in crate::store) pool: Pool,
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
            writes: self.background.clone(),
            ..self.clone()
        }
    }

    /// All its connections, by purpose.
    pub(super) const fn pools(&self) -> [&Pool; 3] {
        [&self.pool, &self.writes, &self.background]
    }

    /// Updates the metrics of the connections to this database and its replica.
    pub fn count_connections(&self) {
        self.pool.count("reads");
        self.writes.count("writes");
        self.background.count("background");
        if let Some(replica) = &self.replica {
            replica.store.pool.count("replica");
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
