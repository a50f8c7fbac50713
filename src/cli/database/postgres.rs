use std::convert::Infallible;

use anyhow::Context;

use super::address;
use crate::config::ServeConfig;
use crate::embedded::{EmbeddedError, EmbeddedPostgres, Lifetime, Options, default_data_dir};
use crate::store::{PoolOptions, Store};

/// The server's database: a given one, or one it started itself.
#[derive(Debug)]
pub(crate) struct Database {
    /// `None`: only extraction is served.
    pub store: Option<Store>,
    private: Option<EmbeddedPostgres>,
}

impl Database {
    /// The database in the configuration, if any. It is not connected to yet, but an invalid URL is an error.
    pub(crate) async fn given(config: &ServeConfig) -> anyhow::Result<Option<Self>> {
        let database = &config.database;
        let store = address::given(&database.address, pool(config)).await?;
        let replica = address::replica(
            &database.address,
            database.database_replica_url.as_ref(),
            database.database_replica_url_file.as_ref(),
            pool(config),
        );
        let store = match (store, replica.await?) {
            (Some(store), Some(replica)) => store.with_replica(replica),
            (Some(store), None) => store,
            (None, Some(_)) => anyhow::bail!(
                "--database-replica-url (or ONRECORD_DATABASE_REPLICA_URL) needs --database-url"
            ),
            (None, None) => return Ok(None),
        };
        Ok(Some(Self {
            store: Some(store),
            private: None,
        }))
    }

    /// Starts a private database and migrates it. Missing Postgres programs are not an error: this is logged, with
    /// the remedy, and there is no store.
    pub(crate) async fn start(config: &ServeConfig) -> anyhow::Result<Self> {
        let private = match start_private(config).await {
            Ok(private) => private,
            Err(error) if error.is_beyond_this_machine() => {
                tracing::warn!("{:#}; serving extraction only", anyhow::Error::from(error));
                return Ok(Self {
                    store: None,
                    private: None,
                });
            }
            Err(error) => return Err(error).context("the private PostgreSQL did not start"),
        };
        tracing::info!("{}", private.report());
        let store = Store::connect(private.connect_options(), pool(config));
        for migration in store.migrate().await? {
            tracing::info!("applied migration {migration}");
        }
        Ok(Self {
            store: Some(store),
            private: Some(private),
        })
    }

    /// Keeps a private Postgres running, for as long as this is polled.
    pub(crate) async fn keep_running(&mut self) -> Infallible {
        match &mut self.private {
            Some(private) => private.keep_running().await,
            None => std::future::pending().await,
        }
    }

    /// Closes the connections and stops a private Postgres.
    pub(crate) async fn close(self) -> Result<(), EmbeddedError> {
        if let Some(store) = self.store {
            store.close().await;
        }
        match self.private {
            Some(private) => private.stop().await,
            None => Ok(()),
        }
    }
}

async fn start_private(config: &ServeConfig) -> Result<EmbeddedPostgres, EmbeddedError> {
    let options = Options {
        data_dir: config.data_dir.clone().map_or_else(default_data_dir, Ok)?,
        bin_dir: config.pg_bindir.clone(),
        lifetime: Lifetime::Durable,
    };
    tracing::info!(
        "no database URL: starting a private PostgreSQL in {}",
        options.data_dir.display()
    );
    EmbeddedPostgres::start(options).await
}

fn pool(config: &ServeConfig) -> PoolOptions {
    PoolOptions {
        max_connections: config.database.database_connections,
        max_write_connections: config.database.database_write_connections,
        // A statement times out before its call does, so that the caller learns why.
        statement_timeout: config.request_timeout.mul_f64(0.9),
        // And a lock before its statement does.
        lock_timeout: config
            .database
            .database_lock_timeout
            .min(config.request_timeout.mul_f64(0.8)),
        idle_in_transaction_timeout: config.database.database_idle_timeout,
        ..PoolOptions::default()
    }
}
