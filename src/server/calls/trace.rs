use http::HeaderMap;
use opentelemetry::global;
use opentelemetry::propagation::Extractor;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::outcome::Outcome;

/// The metadata by which a caller continues its trace.
pub(super) const TRACEPARENT: &str = "traceparent";

/// The span of a call: a child of the caller's, if the caller sent a `traceparent`.
pub(super) fn span(method: &'static str, request_id: &str, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        "call",
        otel.name = method,
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        request_id,
    );
    if !span.is_disabled() && headers.contains_key(TRACEPARENT) {
        let context =
            global::get_text_map_propagator(|propagator| propagator.extract(&Headers(headers)));
        // Without traces there is nothing to continue.
        let _ = span.set_parent(context);
    }
    span
}

/// Adds to the span how the call ended, by the semantic conventions of OpenTelemetry for gRPC.
pub(super) fn end(span: &Span, method: &'static str, outcome: &Outcome) {
    if span.is_disabled() {
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
