use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Extensions, Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

use super::admission::{Admission, Admitted, Origin};
use super::connections::Peer;
use super::response_body::Responses;
use super::rpc_class::{RpcClass, class_of};
use super::{deadline, error_info};
use crate::api::wire::status::{Reason, error};
use crate::service::{CallContext, Caller};

/// Path prefix of gRPC's own services, health and reflection. They also respond under load, and their errors follow
/// their own protocols.
const PROTOCOL_PATHS: &str = "/grpc.";

/// Limits for a single call.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallLimits {
    /// Maximum time for a call that reads a text, or for one document of a stream.
    pub reading_timeout: Duration,
    /// Maximum time for other calls.
    pub lookup_timeout: Duration,
    /// The age at which watches end.
    pub max_stream_age: Duration,
    /// Maximum size of a request message.
    pub message_bytes: usize,
}

/// Wraps the services in a [`Guard`].
#[derive(Clone)]
pub(super) struct GuardLayer {
    limits: CallLimits,
    admission: Admission,
    responses: Responses,
}

impl GuardLayer {
    pub(super) const fn new(
        limits: CallLimits,
        admission: Admission,
        responses: Responses,
    ) -> Self {
        Self {
            limits,
            admission,
            responses,
        }
    }

    /// The time that a call may take.
    const fn timeout(&self, class: RpcClass) -> Duration {
        match class {
            RpcClass::Lookup => self.limits.lookup_timeout,
            RpcClass::Reading | RpcClass::Stream => self.limits.reading_timeout,
        }
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard {
            inner,
            guard: self.clone(),
        }
    }
}

/// Guards every call to our own services: rejects it when too many are in flight, ends it at its deadline, turns a
/// panic into INTERNAL, and ensures that every error carries its reason. A call holds its place until its response is
/// sent; the deadline and panic handling cover only its start.
///
/// tonic has limits of its own, but its concurrency limit is per connection and its timeout returns CANCELLED.
#[derive(Clone)]
pub(super) struct Guard<S> {
    inner: S,
    guard: GuardLayer,
}

impl<S> Service<Request<Body>> for Guard<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let path = request.uri().path().to_owned();
        if path.starts_with(PROTOCOL_PATHS) {
            return Box::pin(self.inner.call(request));
        }
        let class = class_of(&path);
        let origin = origin(request.extensions());
        let admitted = match self.guard.admission.admit(class, &origin) {
            Ok(admitted) => admitted,
            Err(refused) => return Box::pin(std::future::ready(Ok(refused.into_http()))),
        };
        let allowed = deadline::allowed(request.headers(), self.guard.timeout(class));
        request.extensions_mut().insert(CallContext {
            caller: origin.line,
            deadline: Some(Instant::now() + allowed),
        });
        let guard = self.guard.clone();
        let answer = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        Box::pin(async move {
            let answer = tokio::time::timeout(allowed, answer).await;
            Ok(match answer {
                Ok(Ok(Ok(response))) => guard.accompanied(response, admitted, class, path).await,
                Ok(Ok(Err(never))) => match never {},
                Ok(Err(panic)) => panicked(&path, panic.as_ref()),
                Err(_) => {
                    error(Reason::DeadlineExceeded, "the call took longer than it may").into_http()
                }
            })
        })
    }
}

impl GuardLayer {
    /// Gives every error its reason, and has the response keep the call's place until it is sent, since it occupies
    /// memory until then.
    async fn accompanied(
        &self,
        response: Response<Body>,
        admitted: Admitted,
        class: RpcClass,
        path: String,
    ) -> Response<Body> {
        let message_bytes = self.limits.message_bytes;
        let response = error_info::complete(response, &path, message_bytes);
        // Watches go on for ever; the other streams end by themselves.
        let age = path
            .ends_with("/WatchClaims")
            .then_some(self.limits.max_stream_age);
        let (head, body) = response.into_parts();
        let encoded = match class {
            RpcClass::Stream => self.responses.unencoded(body),
            RpcClass::Lookup | RpcClass::Reading => match self.responses.encoded(body).await {
                Ok(encoded) => encoded,
                Err(refused) => return refused.into_http(),
            },
        };
        let complete = move |trailers: &mut _| {
            error_info::complete_trailers(trailers, &path, message_bytes);
        };
        let body = self.responses.track(encoded, admitted, age, complete);
        Response::from_parts(head, Body::new(body))
    }
}

/// Whose call it is: who the caller is known as, and otherwise where the call comes from.
fn origin(extensions: &Extensions) -> Origin {
    let address = extensions.get::<Peer>().map(|peer| peer.address);
    let connection = Arc::from(address.map_or_else(String::new, |address| address.to_string()));
    match extensions.get::<Caller>() {
        Some(caller) => Origin {
            name: caller.name().to_owned(),
            line: Arc::from(caller.name()),
            connection,
        },
        None => Origin {
            name: address.map_or_else(String::new, |address| address.ip().to_string()),
            line: Arc::clone(&connection),
            connection,
        },
    }
}

fn panicked(path: &str, panic: &(dyn Any + Send)) -> Response<Body> {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(method = path, panic = text, "a handler panicked");
    error(
        Reason::Internal,
        "an internal error; the server's log tells more",
    )
    .into_http()
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tonic::{Code, Status};
    use tonic_types::StatusExt;
    use tower::{ServiceExt, service_fn};

    use super::*;
    use crate::server::limit_options::LimitOptions;

    const LIMITS: CallLimits = CallLimits {
        reading_timeout: Duration::from_millis(20),
        lookup_timeout: Duration::from_millis(20),
        max_stream_age: Duration::from_secs(1),
        message_bytes: 1,
    };

    fn layer(places: usize) -> GuardLayer {
        let admission = Admission::new(places, &LimitOptions::default());
        GuardLayer::new(LIMITS, admission, Responses::new(1))
    }

    fn request() -> Request<Body> {
        Request::builder()
            .uri("/onrecord.v1.ClaimService/GetClaim")
            .body(Body::empty())
            .unwrap()
    }

    fn check(response: &Response<Body>, code: Code, reason: &str) {
        let status = Status::from_header_map(response.headers()).unwrap();
        assert_eq!(status.code(), code);
        assert_eq!(status.get_details_error_info().unwrap().reason, reason);
    }

    #[tokio::test]
    async fn a_slow_call_ends_at_its_deadline() {
        let slow = service_fn(|_| async { pending().await });
        let response = layer(1).layer(slow).oneshot(request()).await.unwrap();
        check(&response, Code::DeadlineExceeded, "DEADLINE_EXCEEDED");
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error() {
        let broken = service_fn(|_: Request<Body>| async {
            assert!(std::hint::black_box(false), "secret");
            Ok(Response::new(Body::empty()))
        });
        let response = layer(1).layer(broken).oneshot(request()).await.unwrap();
        check(&response, Code::Internal, "INTERNAL");
    }

    #[tokio::test]
    async fn one_call_too_many_is_refused_and_the_permit_comes_back() {
        let slow = service_fn(|_| async { pending().await });
        let layer = layer(1);
        let mut guarded = layer.layer(slow);
        let first = guarded.call(request());
        check(
            &guarded.call(request()).await.unwrap(),
            Code::ResourceExhausted,
            "OVERLOADED",
        );
        check(
            &first.await.unwrap(),
            Code::DeadlineExceeded,
            "DEADLINE_EXCEEDED",
        );
        assert_eq!(layer.admission.in_flight(), 0);
    }

    #[tokio::test]
    async fn health_is_not_held_back() {
        let layer = layer(0);
        let fine = service_fn(|_: Request<Body>| async { Ok(Response::new(Body::empty())) });
        let request = Request::builder()
            .uri("/grpc.health.v1.Health/Check")
            .body(Body::empty())
            .unwrap();
        let response = layer.layer(fine).oneshot(request).await.unwrap();
        assert!(Status::from_header_map(response.headers()).is_none());
    }
}
