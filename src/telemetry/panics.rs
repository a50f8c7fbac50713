use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{PanicHookInfo, set_hook};

/// Logs every panic as an event, in the log's format, and counts it.
pub(super) fn report() {
    set_hook(Box::new(|panic| {
        metrics::counter!("onrecord_panics_total").increment(1);
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured)
            .then(|| tracing::field::display(backtrace));
        let place = panic.location().map(tracing::field::display);
        tracing::error!(place, backtrace, "panicked: {}", message(panic));
    }));
}

fn message<'p>(panic: &'p PanicHookInfo<'_>) -> &'p str {
    panic.payload_as_str().unwrap_or_default()
}
