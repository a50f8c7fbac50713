//! What the program tells about itself: its log, metrics, and traces.

mod failure;
mod filter;
mod log;
mod metrics;
mod panics;
mod statements;
mod traces;

pub use failure::{asks_for_json, report_failure, report_notice, write_failures_as};
pub use filter::{FilterError, LogControl};
pub use log::{LogConfig, LogFormat};
pub use metrics::{BuildError, Metrics};
pub use traces::{TRACED_CALLS, Traces, TracesError};
