use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::Notify;

/// A handle to the database. Cheap to clone; clones share one connection pool.
#[derive(Debug, Clone)]
pub struct Store {
    pub(in crate::store) pool: sqlx::PgPool,
    /// Signals a commit, so that other processes can be notified; see [`ClaimTail`](crate::store::ClaimTail).
    pub(in crate::store) written: Arc<Notify>,
    pub(super) replica: Option<Arc<Replica>>,
}

/// A replica, and whether it is serving.
#[derive(Debug)]
pub(super) struct Replica {
    pub store: Store,
    pub serves: AtomicBool,
}
