use std::time::Duration;

/// Connection settings of a [`Store`](crate::store::Store). Look-ups, writes and background work have connections of
/// their own, so that none can take away those of the others.
#[derive(Debug, Clone, Copy)]
pub struct PoolOptions {
    /// Maximum number of connections for look-ups: one half for those that are planned for what they ask for, the other
    /// for those that are planned once; at least one each.
    pub max_connections: u32,
    /// Maximum number of connections for writes.
    pub max_write_connections: u32,
    /// Maximum number of connections for background work.
    pub max_background_connections: u32,
    /// How long a caller waits for a connection before the store counts as unavailable.
    pub acquire_timeout: Duration,
    /// How long one statement may run; zero means no limit.
    pub statement_timeout: Duration,
    /// How long one statement may wait for a lock; zero means no limit.
    pub lock_timeout: Duration,
    /// How long a transaction may do nothing before Postgres ends it; zero means no limit.
    pub idle_in_transaction_timeout: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            max_connections: 16,
            max_write_connections: 8,
            max_background_connections: 4,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(20),
            lock_timeout: Duration::from_secs(10),
            idle_in_transaction_timeout: Duration::from_secs(10),
        }
    }
}
