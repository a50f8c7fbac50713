use std::io::{IsTerminal, stderr};

use anyhow::Context;
use clap::{Args, ValueEnum};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use super::filter::LogControl;
use super::panics;
use super::traces::Traces;

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
    /// Starts logging the program's events, and its panics, to standard error, and exports spans where there are traces.
    ///
    /// # Errors
    /// If the filter is invalid.
    pub fn install(&self, traces: Option<&Traces>) -> anyhow::Result<LogControl> {
        let (filter, control) = LogControl::new(&self.log).context("--log (or ONRECORD_LOG)")?;
        let lines = fmt::layer()
            .with_writer(stderr)
            .with_ansi(stderr().is_terminal());
        let lines = match self.log_format {
            LogFormat::Text => lines.with_target(false).boxed(),
            LogFormat::Json => lines
                .json()
                .flatten_event(true)
                // The list of spans holds it already.
                .with_current_span(false)
                .boxed(),
        };
        tracing_subscriber::registry()
            .with(lines.with_filter(filter))
            .with(traces.map(Traces::layer))
            .with(traces.map(Traces::statements))
            .try_init()?;
        panics::report();
        Ok(control)
    }
}
