use anyhow::Context;

use crate::config::ServeConfig;
use crate::store::embedded::{EmbeddedError, EmbeddedPostgres, Lifetime, Options, default_data_dir};
use crate::store::{PoolOptions, Store};

/// The database that a server was given or started for itself.
#[derive(Debug)]
pub(super) struct Database {
    /// `None`: extraction is served alone.
    pub store: Option<Store>,
    private: Option<EmbeddedPostgres>,
}

impl Database {
    /// Connects to the database of the configuration, else starts a private one and brings its schema up to date. A
    /// private one that has no programs to run is no error: it is logged, with the remedy, and there is no store.
    pub(super) async fn open(config: &ServeConfig) -> anyhow::Result<Self> {
        let pool = PoolOptions {
            max_connections: config.database_connections,
            // A statement gives up before its call does, so that the caller learns why.
            statement_timeout: config.request_timeout.mul_f64(0.9),
            ..PoolOptions::default()
        };
        if let Some(url) = &config.database_url {
            let store = Store::connect_url(url, pool).context("ONRECORD_DATABASE_URL")?;
            return Ok(Self { store: Some(store), private: None });
        }
        let options = Options {
            data_dir: config.data_dir.clone().map_or_else(default_data_dir, Ok)?,
            bin_dir: config.pg_bindir.clone(),
            lifetime: Lifetime::Durable,
        };
        tracing::info!(
            "no database URL: starting a private PostgreSQL in {}",
            options.data_dir.display()
        );
        let private = match EmbeddedPostgres::start(options).await {
            Ok(private) => private,
            Err(error) if is_beyond_this_machine(&error) => {
                tracing::warn!("{:#}; serving extraction alone", anyhow::Error::from(error));
                return Ok(Self { store: None, private: None });
            }
            Err(error) => return Err(error).context("the private PostgreSQL did not start"),
        };
        tracing::info!("{}", private.report());
        let store = Store::connect(private.connect_options(), pool);
        for migration in store.migrate().await? {
            tracing::info!("applied migration {migration}");
        }
        Ok(Self { store: Some(store), private: Some(private) })
    }

    /// Closes the connections and stops a private server.
    pub(super) async fn close(self) -> Result<(), EmbeddedError> {
        if let Some(store) = self.store {
            store.close().await;
        }
        match self.private {
            Some(private) => private.stop().await,
            None => Ok(()),
        }
    }
}

/// True where this machine cannot run a private server at all, as opposed to one that is there and in trouble: then
/// serving without it would hide somebody's data.
fn is_beyond_this_machine(error: &EmbeddedError) -> bool {
    matches!(
        error,
        EmbeddedError::NoHome { .. }
            | EmbeddedError::NoServerUser
            | EmbeddedError::CannotSwitchUser { .. }
            | EmbeddedError::NoBinaries
            | EmbeddedError::Download { .. }
            | EmbeddedError::DownloadTimeout { .. }
    )
}
