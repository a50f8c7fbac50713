use std::collections::HashMap;
use std::fmt::{self, Debug, Write};
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{Span, SpanKind, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::DynFilterFn;
use tracing_subscriber::registry::LookupSpan;

use crate::store::{STATEMENT_EVENTS, STATEMENTS};

/// Makes a span of every statement that ran within a sampled span, named as the store names it. sqlx has no spans of
/// its own, but says of every statement how long it took.
#[derive(Debug)]
pub(super) struct StatementSpans {
    tracer: SdkTracer,
    /// The names, by statement.
    names: HashMap<&'static str, &'static str>,
}

impl StatementSpans {
    /// The layer, which sees no other events. Outside a sampled span sqlx is not even asked to tell.
    pub(super) fn layer<S>(tracer: SdkTracer) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        let names = STATEMENTS.iter().copied().flatten();
        let names = names.map(|(name, text)| (*text, *name));
        let layer = Self {
            tracer,
            names: names.collect(),
        };
        let is_about_statements = |metadata: &Metadata<'_>| metadata.target() == STATEMENT_EVENTS;
        let filter = DynFilterFn::new(move |metadata, _| {
            is_about_statements(metadata) && Context::map_current(is_sampled)
        });
        let filter = filter.with_callsite_filter(move |metadata| {
            if is_about_statements(metadata) {
                tracing::subscriber::Interest::sometimes()
            } else {
                tracing::subscriber::Interest::never()
            }
        });
        layer.with_filter(filter)
    }
}

/// Whether spans in this context are exported.
pub(super) fn is_sampled(context: &Context) -> bool {
    context.span().span_context().is_sampled()
}

impl<S: Subscriber> Layer<S> for StatementSpans {
    fn on_event(&self, event: &Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let mut ran = Ran::default();
        event.record(&mut ran);
        let end = SystemTime::now();
        let name = self.names.get(ran.statement.trim());
        let context = Context::current();
        let mut span = self
            .tracer
            .span_builder(name.copied().unwrap_or("statement"))
            .with_kind(SpanKind::Client)
            .with_start_time(end.checked_sub(ran.elapsed).unwrap_or(end))
            .with_attributes([
                KeyValue::new("db.system.name", "postgresql"),
                KeyValue::new("db.response.returned_rows", ran.rows),
            ])
            .start_with_context(&self.tracer, &context);
        span.end_with_timestamp(end);
    }
}

/// What sqlx says of a statement.
#[derive(Debug, Default)]
struct Ran {
    statement: String,
    elapsed: Duration,
    rows: i64,
}

impl Visit for Ran {
    fn record_str(&mut self, field: &Field, value: &str) {
        // A short statement stands whole in `summary`, and nothing in the other.
        let is_statement = match field.name() {
            "summary" => self.statement.is_empty(),
            "db.statement" => !value.is_empty(),
            _ => false,
        };
        if is_statement {
            value.clone_into(&mut self.statement);
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.elapsed = Duration::try_from_secs_f64(value).unwrap_or_default();
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = i64::try_from(value).unwrap_or(i64::MAX);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        let _: fmt::Result = write!(text, "{value:?}");
        self.record_str(field, &text);
    }
}
