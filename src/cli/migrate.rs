use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Args;

use crate::store::{PoolOptions, Store};

/// Migrate the database's schema to this version
///
/// Run it before rolling out a new version of the server. Migrations only add to the schema; servers of the previous
/// version keep working. Concurrent runs wait for each other.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  ONRECORD_DATABASE_URL=postgres://onrecord@db.example/onrecord onrecord migrate")]
pub(super) struct MigrateCommand {
    /// The database, as a postgres:// URL
    #[arg(
        long,
        env = "ONRECORD_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: String,
}

impl MigrateCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = Store::connect_url(&self.database_url, PoolOptions::default())?;
        let applied = store.migrate().await?;
        if applied.is_empty() {
            writeln!(stdout(), "the schema is up to date")?;
        }
        for migration in applied {
            writeln!(stdout(), "applied {migration}")?;
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
