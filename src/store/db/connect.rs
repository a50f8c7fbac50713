use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use tokio::sync::watch;

use super::error::StoreError;
use super::options::PoolOptions;
use super::pool::{Plans, Pool, Refusal};
use super::session::with_settings;
use super::store::Store;
use super::url::parse_url;

impl Store {
    /// Creates a store for the database that `connect` points to. No connection is opened yet, so the database may
    /// come up later.
    #[must_use]
    pub fn connect(connect: PgConnectOptions, options: PoolOptions) -> Self {
        let connect = with_settings(connect, &options);
        let refusal = Arc::<Refusal>::default();
        let pool = |plans, most| {
            let refusal = Arc::clone(&refusal);
            Pool::new(
                connect.clone(),
                plans,
                most,
                options.acquire_timeout,
                refusal,
            )
        };
        let planned_once = options.max_connections.div_ceil(2);
        Self {
            pool: pool(Plans::Custom, (options.max_connections / 2).max(1)),
            planned_once: pool(Plans::Generic, planned_once),
            writes: pool(Plans::Custom, options.max_write_connections),
            background: pool(Plans::Custom, options.max_background_connections),
            options,
            refusal: Arc::clone(&refusal),
            login: None,
            cut_offs: watch::Sender::new(()),
            written: Arc::default(),
            replica: None,
        }
    }

    /// Like [`Store::connect`], but takes a `postgres://` URL.
    ///
    /// # Errors
    /// [`StoreError::Url`] if `url` is not one.
    pub fn connect_url(url: &str, options: PoolOptions) -> Result<Self, StoreError> {
        Ok(Self::connect(parse_url(url)?, options))
    }

    /// Closes all connections, those in use once they are given back.
    pub async fn close(&self) {
        for pool in self.all_pools() {
            pool.close().await;
        }
    }
}
