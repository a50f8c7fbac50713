//! Logging.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// The log format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Human-readable lines
    Text,
    /// One JSON object per line, for log collectors
    Json,
}

/// Logging flags. The log goes to standard error.
#[derive(Debug, Clone, Args)]
pub struct LogConfig {
    /// Log format
    #[arg(
        long,
        global = true,
        env = "ONRECORD_LOG_FORMAT",
        default_value = "text",
        value_enum
    )]
    pub log_format: LogFormat,

    /// What to log: a level (error, warn, info, debug, trace), also per module, such as `info,onrecord=debug`
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
    /// Starts logging the program's events to standard error.
    ///
    /// # Errors
    /// If the filter is invalid.
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
