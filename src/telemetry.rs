//! The log.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// How the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line, for collectors
    Json,
}

/// Flags for the log, which goes to standard error.
#[derive(Debug, Clone, Args)]
pub struct LogConfig {
    /// How the log looks
    #[arg(
        long,
        global = true,
        env = "ONRECORD_LOG_FORMAT",
        default_value = "text",
        value_enum
    )]
    pub log_format: LogFormat,

    /// What is logged: a level (error, warn, info, debug, trace), also per module, as `info,onrecord=debug`
    #[arg(
        long,
        global = true,
        env = "ONRECORD_LOG",
        default_value = "info,sqlx=warn",
        value_name = "FILTER"
    )]
    pub log: String,
}

impl LogConfig {
    /// Sends the program's events to standard error from now on.
    ///
    /// # Errors
    /// Where the filter is no filter.
    pub fn install(&self) -> anyhow::Result<()> {
        let filter = EnvFilter::try_new(&self.log)?;
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal());
        match self.log_format {
            LogFormat::Text => log.with_target(false).init(),
            LogFormat::Json => log.json().flatten_event(true).init(),
        }
        Ok(())
    }
}
