use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::DefaultDirectRateLimiter;
use http::{HeaderMap, HeaderValue, Request, Response};
use metrics::Gauge;
use tonic::body::Body;
use tracing::{Level, Span};

use super::frames::Frames;
use super::outcome::Outcome;
use super::{methods, request_id, trace};
use crate::server::connections::Peer;
use crate::service::Caller;

/// When calls are told of, and how often.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// Calls that take longer are slow.
    pub slow: Duration,
    /// The share of calls that are traced, of those whose callers do not say whether they are.
    pub trace_ratio: f32,
    /// The lines that may be logged at level info.
    pub notable: Arc<DefaultDirectRateLimiter>,
}

/// A call from its headers to its end. When it is dropped, it has ended, in whatever way: then it is counted and
/// logged.
///
/// A call is logged at level info if it failed by the server's fault or was slow, and at level debug otherwise: a busy
/// server's log at level info says what needs attention, and `onrecord::server=debug` shows every call. At most 100
/// lines a second are logged at level info, so that an outage, in which every call fails, does not flood the log; the
/// metrics count all. Health checks and reflection are always logged at level debug. No line holds text of a request
/// or response.
#[derive(Debug)]
pub(super) struct Call {
    rules: Rules,
    method: &'static str,
    start: Instant,
    peer: Option<SocketAddr>,
    caller: Option<String>,
    pub request_id: HeaderValue,
    pub requests: Arc<Mutex<Frames>>,
    pub responses: Frames,
    outcome: Option<Outcome>,
    pub span: Span,
    in_flight: Gauge,
}

impl Call {
    pub(super) fn begin(request: &Request<Body>, rules: Rules) -> Self {
        let method = methods::named(request.uri().path());
        let headers = request.headers();
        let request_id = request_id::request_id(headers);
        let peer = request.extensions().get::<Peer>();
        let span = if methods::is_of_protocol(method) {
            Span::none()
        } else {
            let request_id = request_id.to_str().unwrap_or_default();
            trace::span(method, request_id, headers, rules.trace_ratio)
        };
        let in_flight = metrics::gauge!("onrecord_rpc_in_flight", "method" => method);
        in_flight.increment(1);
        Self {
            rules,
            method,
            start: Instant::now(),
            peer: peer.map(|peer| peer.address),
            caller: None,
            request_id,
            requests: Arc::default(),
            responses: Frames::default(),
            outcome: None,
            span,
            in_flight,
        }
    }

    /// Notes what the response's head says, and names the call in it.
    pub(super) fn answer(&mut self, response: &mut Response<Body>) {
        let caller = response.extensions().get::<Caller>();
        self.caller = caller.map(|caller| caller.name().to_owned());
        self.end(response.headers());
        let id = self.request_id.clone();
        response.headers_mut().insert(request_id::REQUEST_ID, id);
    }

    /// Notes how the call ended, if these headers or trailers say so.
    pub(super) fn end(&mut self, headers: &HeaderMap) {
        if let Some(outcome) = Outcome::read(headers) {
            self.outcome = Some(outcome);
        }
    }

    fn is_notable(&self, outcome: &Outcome, duration: Duration) -> bool {
        let needs_attention = outcome.is_fault() || duration > self.rules.slow;
        needs_attention
            && !methods::is_of_protocol(self.method)
            && self.rules.notable.check().is_ok()
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let duration = self.start.elapsed();
        let outcome = self.outcome.take().unwrap_or(Outcome::abandoned());
        let (method, code) = (self.method, outcome.code_name());
        self.in_flight.decrement(1);
        metrics::counter!("onrecord_rpc_calls_total", "method" => method, "code" => code)
            .increment(1);
        metrics::histogram!("onrecord_rpc_duration_seconds", "method" => method, "code" => code)
            .record(duration);
        trace::end(&self.span, method, &outcome);

        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        macro_rules! log {
            ($level:expr) => {
                tracing::event!(
                    target: "onrecord::server::calls",
                    // The span would say method and id again.
                    parent: None,
                    $level,
                    method,
                    code,
                    reason = outcome.reason,
                    seconds = duration.as_secs_f64(),
                    request_messages = requests.messages,
                    request_bytes = requests.bytes,
                    response_messages = self.responses.messages,
                    response_bytes = self.responses.bytes,
                    caller = self.caller,
                    peer = self.peer.map(tracing::field::display),
                    request_id = self.request_id.to_str().unwrap_or_default(),
                    "call"
                )
            };
        }
        if self.is_notable(&outcome, duration) {
            log!(Level::INFO);
        } else {
            log!(Level::DEBUG);
        }
    }
}
