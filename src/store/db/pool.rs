use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use log::LevelFilter;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::error::StoreError;
use super::store::Store;

/// Connection settings of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct PoolOptions {
    /// Maximum number of connections.
    pub max_connections: u32,
    /// How long a caller waits for a connection before the store counts as unavailable.
    pub acquire_timeout: Duration,
    /// How long one statement may run; zero means no limit.
    pub statement_timeout: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            max_connections: 16,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(20),
        }
    }
}

impl Store {
    /// Creates a store for the database that `connect` points to. No connection is opened yet, so the database may
    /// come up later.
    #[must_use]
    pub fn connect(connect: PgConnectOptions, pool: PoolOptions) -> Self {
        let timeout_ms = pool.statement_timeout.as_millis().to_string();
        let connect = connect.application_name("onrecord").options([
            // Lists have optional filters; a generic plan would have to serve every combination of them.
            ("plan_cache_mode", "force_custom_plan"),
            // Data is in memory or on an SSD, so random access through an index is cheap.
            ("random_page_cost", "1.1"),
            // Concurrent calls share the CPUs: for short statements, parallel workers and JIT cost more than they
            // save.
            ("max_parallel_workers_per_gather", "0"),
            ("jit", "off"),
            ("statement_timeout", timeout_ms.as_str()),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(pool.max_connections)
            .acquire_timeout(pool.acquire_timeout)
            // What `telemetry` makes a metric of.
            .acquire_time_level(LevelFilter::Trace)
            .connect_lazy_with(connect);
        Self {
            pool,
            written: Arc::default(),
            replica: None,
        }
    }

    /// Like [`Store::connect`], but takes a `postgres://` URL.
    ///
    /// # Errors
    /// [`StoreError::Url`] if `url` is not one.
    pub fn connect_url(url: &str, pool: PoolOptions) -> Result<Self, StoreError> {
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            let cause = "it has to begin with postgres://";
            return Err(StoreError::Url(sqlx::Error::Configuration(cause.into())));
        }
        let connect = PgConnectOptions::from_str(url).map_err(StoreError::Url)?;
        Ok(Self::connect(connect, pool))
    }

    /// Updates the metrics of the connections to this database and its replica.
    pub fn count_connections(&self) {
        count_connections("primary", &self.pool);
        if let Some(replica) = &self.replica {
            count_connections("replica", &replica.store.pool);
        }
    }

    /// Closes all connections after waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
        self.close_replica().await;
    }
}

fn count_connections(name: &'static str, pool: &PgPool) {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    let states = [("idle", idle), ("in_use", pool.size().saturating_sub(idle))];
    for (state, count) in states {
        metrics::gauge!("onrecord_database_connections", "pool" => name, "state" => state)
            .set(count);
    }
    let most = pool.options().get_max_connections();
    metrics::gauge!("onrecord_database_connections_max", "pool" => name).set(most);
}
