use std::time::Duration;

use anyhow::Context;

use crate::config::ServeConfig;
use crate::embedded::{EmbeddedError, EmbeddedPostgres, Lifetime, Options, default_data_dir};
use crate::store::{PoolOptions, Store};

/// How long to wait for connections in use before closing without them.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// The server's database: a given one, or one it started itself.
#[derive(Debug)]
pub(super) struct Database {
    /// `None`: only extraction is served.
    pub store: Option<Store>,
    private: Option<EmbeddedPostgres>,
}

impl Database {
    /// The database in the configuration, if any. It is not connected to yet, but an invalid URL is an error.
    pub(super) fn given(config: &ServeConfig) -> anyhow::Result<Option<Self>> {
        // An empty variable, as left by compose files, means none.
        let given = |url: &Option<String>| url.clone().filter(|url| !url.is_empty());
        let replica = given(&config.database_replica_url);
        let Some(url) = given(&config.database_url) else {
            anyhow::ensure!(
                replica.is_none(),
                "--database-replica-url (or ONRECORD_DATABASE_REPLICA_URL) needs --database-url"
            );
            return Ok(None);
        };
        let store = Store::connect_url(&url, pool(config))
            .context("--database-url (or ONRECORD_DATABASE_URL)")?;
        let store = match replica {
            Some(url) => {
                let replica = Store::connect_url(&url, pool(config))
                    .context("--database-replica-url (or ONRECORD_DATABASE_REPLICA_URL)")?;
                store.with_replica(replica)
            }
            None => store,
        };
        Ok(Some(Self {
            store: Some(store),
            private: None,
        }))
    }

    /// Starts a private database and migrates it. Missing Postgres programs are not an error: this is logged, with
    /// the remedy, and there is no store.
    pub(super) async fn start(config: &ServeConfig) -> anyhow::Result<Self> {
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

    /// Closes the connections and stops a private Postgres.
    pub(super) async fn close(self) -> Result<(), EmbeddedError> {
        if let Some(store) = self.store
            && tokio::time::timeout(CLOSE_TIMEOUT, store.close())
                .await
                .is_err()
        {
            tracing::warn!("closed with database connections still in use");
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
        max_connections: config.database_connections,
        // A statement times out before its call does, so that the caller learns why.
        statement_timeout: config.request_timeout.mul_f64(0.9),
        ..PoolOptions::default()
    }
}
