use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Args;

use super::address::connect;
use crate::config::DatabaseAddress;

/// Migrate the database's schema to this version
///
/// Run it before rolling out a new version of the server. Migrations only add to the schema; servers of the previous
/// version keep working. Concurrent runs wait for each other.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  ONRECORD_DATABASE_URL=postgres://onrecord@db.example/onrecord onrecord migrate")]
pub(crate) struct MigrateCommand {
    #[command(flatten)]
    database: DatabaseAddress,
}

impl MigrateCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.database).await?;
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
