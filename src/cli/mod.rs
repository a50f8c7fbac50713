//! The commands, one per file.

mod audit;
mod demo;
#[cfg(feature = "developer-commands")]
mod developer;
mod export;
mod extract;
mod health;
mod ingest;
mod input;
mod json;
mod key;
mod mend_actors;
mod migrate;
mod model;
mod postgres;
mod seed;
mod serve;
mod server_options;
mod table;
mod target;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::telemetry::LogConfig;

/// Who is on record with what: reads news articles and returns claims.
///
/// A claim is somebody (the source) saying, believing, promising, demanding or denying something (the content), tied
/// to its exact characters in the text. `extract` reads articles locally; `serve` does so over gRPC, stores the
/// claims in Postgres, and answers who said what.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Try it:
  echo '“It is safe,” said Ann Lee.' | onrecord extract
  onrecord serve --demo"
)]
pub struct Cli {
    #[command(flatten)]
    log: LogConfig,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::Serve>),
    Extract(extract::Extract),
    Ingest(ingest::Ingest),
    Export(export::Export),
    Migrate(migrate::MigrateCommand),
    Audit(audit::Audit),
    Seed(seed::Seed),
    MendActors(mend_actors::MendActors),
    Health(health::HealthCommand),
    Key(key::KeyCommand),
    /// Commands for developers of onrecord only.
    #[cfg(feature = "developer-commands")]
    #[command(flatten)]
    Developer(developer::Developer),
}

/// Runs a command to completion.
///
/// # Errors
/// What stopped it, in human-readable form.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    cli.log.install().context("--log (or ONRECORD_LOG)")?;
    match cli.command {
        Command::Serve(command) => block_on(command.run()),
        Command::Extract(command) => command.run(),
        Command::Ingest(command) => block_on(command.run()),
        Command::Export(command) => block_on(command.run()),
        Command::Migrate(command) => block_on(command.run()),
        Command::Audit(command) => block_on(command.run()),
        Command::Seed(command) => block_on(command.run()),
        Command::MendActors(command) => block_on(command.run()),
        Command::Health(command) => block_on(command.run()),
        Command::Key(command) => command.run(),
        #[cfg(feature = "developer-commands")]
        Command::Developer(command) => command.run(),
    }
}

fn block_on(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(command);
    // Nobody waits for a document that is still being read on its own thread.
    runtime.shutdown_background();
    outcome
}
