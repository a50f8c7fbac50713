use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::Notify;

/// A handle on the database. Cheap to clone; clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(in crate::store) pool: sqlx::PgPool,
    /// Somebody committed: other processes are told, see [`ClaimTail`](crate::store::ClaimTail).
    pub(in crate::store) written: Arc<Notify>,
    pub(super) replica: Option<Arc<Replica>>,
}

/// A replica, and whether it can be read from.
#[derive(Debug)]
pub(super) struct Replica {
    pub store: Store,
    pub serves: AtomicBool,
}
