use std::fmt::Debug;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::store::ACQUIRE_EVENTS;

/// The field that says how long a caller waited.
const FIELD: &str = "acquired_after_secs";

/// Makes a metric of the time that callers wait for a database connection.
#[derive(Debug)]
pub(super) struct AcquireTimes;

impl AcquireTimes {
    /// The layer, which sees no other events.
    pub(super) fn layer<S>() -> impl Layer<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        Self.with_filter(Targets::new().with_target(ACQUIRE_EVENTS, LevelFilter::TRACE))
    }
}

impl<S: Subscriber> Layer<S> for AcquireTimes {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Record);
    }
}

struct Record;

impl Visit for Record {
    fn record_f64(&mut self, field: &Field, seconds: f64) {
        if field.name() == FIELD {
            metrics::histogram!("onrecord_database_acquire_seconds").record(seconds);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
