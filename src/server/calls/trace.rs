use http::HeaderMap;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, global};
use tracing::{Metadata, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::outcome::Outcome;
use crate::telemetry::TRACED_CALLS;

/// The metadata by which a caller continues its trace.
pub(super) const TRACEPARENT: &str = "traceparent";

// The two kinds of spans differ only by what the layer that exports spans goes by.
macro_rules! call_span {
    ($target:expr, $method:expr, $request_id:expr) => {
        tracing::info_span!(
            target: $target,
            "call",
            otel.name = $method,
            otel.kind = "server",
            otel.status_code = tracing::field::Empty,
            request_id = $request_id,
        )
    };
}

/// The span of a call: a child of the caller's, if the caller sent a `traceparent`. It is exported, with all within, if
/// the caller says so, or else for the share `ratio` of calls. What is decided before the span is made costs nothing.
pub(super) fn span(
    method: &'static str,
    request_id: &str,
    headers: &HeaderMap,
    ratio: f32,
) -> Span {
    let parent = parent(headers);
    let is_traced = match &parent {
        Some(parent) => parent.span().span_context().is_sampled(),
        None => fastrand::f32() < ratio,
    };
    if !is_traced {
        return call_span!("onrecord::server", method, request_id);
    }
    let span = call_span!(TRACED_CALLS, method, request_id);
    if let Some(parent) = parent {
        // Without traces there is nothing to continue.
        let _ = span.set_parent(parent);
    }
    span
}

/// The span that the caller asks to continue, if any.
fn parent(headers: &HeaderMap) -> Option<Context> {
    if !headers.contains_key(TRACEPARENT) {
        return None;
    }
    let parent =
        global::get_text_map_propagator(|propagator| propagator.extract(&Headers(headers)));
    let is_valid = parent.span().span_context().is_valid();
    is_valid.then_some(parent)
}

/// Adds to the span how the call ended, by the semantic conventions of OpenTelemetry for gRPC.
pub(super) fn end(span: &Span, method: &'static str, outcome: &Outcome) {
    let is_traced = |metadata: &Metadata<'_>| metadata.target() == TRACED_CALLS;
    if !span.metadata().is_some_and(is_traced) {
        return;
    }
    span.set_attribute("rpc.system.name", "grpc");
    span.set_attribute("rpc.method", method);
    span.set_attribute("rpc.response.status_code", outcome.code_name());
    if let Some(reason) = &outcome.reason {
        span.set_attribute("error.type", reason.clone());
    }
    if outcome.is_fault() {
        span.record("otel.status_code", "error");
    }
}

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}
