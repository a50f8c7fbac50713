//! The commands, one per file.

mod database;
mod demo;
#[cfg(feature = "developer-commands")]
mod developer;
mod encoding;
mod engine;
mod export;
mod extract;
mod health;
mod import_claim_reviews;
mod ingest;
mod input;
mod key;
mod mend_actors;
mod model;
mod output;
mod parquet;
mod progress;
mod reextract;
mod serve;
mod server_options;
mod table;
mod target;
mod values;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::telemetry::{LogConfig, asks_for_json, report_failure, write_failures_as};

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
    Extract(Box<extract::Extract>),
    Ingest(ingest::Ingest),
    Export(Box<export::Export>),
    Reextract(Box<reextract::Reextract>),
    ImportClaimReviews(import_claim_reviews::ImportClaimReviews),
    Migrate(database::migrate::MigrateCommand),
    Audit(database::audit::Audit),
    Verify(database::verify::Verify),
    Seed(database::seed::Seed),
    MendActors(mend_actors::MendActors),
    Health(health::HealthCommand),
    Key(key::KeyCommand),
    /// Commands for developers of onrecord only.
    #[cfg(feature = "developer-commands")]
    #[command(flatten)]
    Developer(developer::Developer),
}

/// Reads the command line. One that cannot be read is told of in the log's format, if that can be made out.
///
/// # Errors
/// How the program has to exit: where help was asked for, it was printed.
pub fn parse() -> Result<Cli, ExitCode> {
    let read = Cli::try_parse().inspect(|cli| write_failures_as(cli.log.log_format));
    read.map_err(|error| {
        let arguments: Vec<String> = std::env::args_os()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        if error.use_stderr() && asks_for_json(arguments.iter().map(String::as_str)) {
            report_failure(error.to_string().trim_end());
        } else {
            // Where it cannot be printed, nobody reads it.
            let _ = error.print();
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(1))
    })
}

/// Runs a command to completion.
///
/// # Errors
/// What stopped it, in human-readable form.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let log = cli.log;
    if !matches!(cli.command, Command::Serve(_)) {
        log.install(None)?;
    }
    match cli.command {
        // Starts the log itself: exporting traces needs the runtime.
        Command::Serve(command) => block_on(command.run(&log)),
        Command::Extract(command) => command.run(),
        Command::Ingest(command) => block_on(command.run()),
        Command::Export(command) => block_on(command.run()),
        Command::Reextract(command) => block_on(command.run()),
        Command::ImportClaimReviews(command) => block_on(command.run()),
        Command::Migrate(command) => block_on(command.run()),
        Command::Audit(command) => block_on(command.run()),
        Command::Verify(command) => block_on(command.run()),
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
