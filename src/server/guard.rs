use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::body::Body;
use tower::{Layer, Service};

use super::{deadline, error_info};
use crate::api::wire::status::{Reason, error};

/// Path prefix of gRPC's own services, health and reflection. They also respond under load, and their errors follow
/// their own protocols.
const PROTOCOL_PATHS: &str = "/grpc.";

/// Limits for a single call and for all calls together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Maximum number of calls in flight.
    pub in_flight: usize,
    /// Maximum time for a call, or for one document of a stream.
    pub timeout: Duration,
    /// Maximum size of a request message.
    pub message_bytes: usize,
}

/// Wraps the services in a [`Guard`].
#[derive(Debug, Clone)]
pub(super) struct GuardLayer {
    limits: Limits,
    permits: Arc<Semaphore>,
}

impl GuardLayer {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            permits: Arc::new(Semaphore::new(limits.in_flight)),
        }
    }

    /// The permits of all calls in flight.
    pub(super) fn permits(&self) -> Arc<Semaphore> {
        Arc::clone(&self.permits)
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
/// panic into INTERNAL, and ensures that every error carries its reason. A stream holds its permit until it ends; the
/// deadline and panic handling cover only its start.
///
/// tonic has limits of its own, but its concurrency limit is per connection and its timeout returns CANCELLED.
#[derive(Debug, Clone)]
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

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let path = request.uri().path().to_owned();
        if path.starts_with(PROTOCOL_PATHS) {
            return Box::pin(self.inner.call(request));
        }
        let Ok(permit) = Arc::clone(&self.guard.permits).try_acquire_owned() else {
            let busy = error(Reason::Overloaded, "too many calls in flight").into_http();
            return Box::pin(std::future::ready(Ok(busy)));
        };
        let limits = self.guard.limits;
        let allowed = deadline::allowed(request.headers(), limits.timeout);
        let answer = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        Box::pin(async move {
            let answer = tokio::time::timeout(allowed, answer).await;
            Ok(match answer {
                Ok(Ok(Ok(response))) => {
                    let response = error_info::complete(response, &path, limits.message_bytes);
                    accompanied(response, permit, path, limits.message_bytes)
                }
                Ok(Ok(Err(never))) => match never {},
                Ok(Err(panic)) => panicked(&path, panic.as_ref()),
                Err(_) => {
                    error(Reason::DeadlineExceeded, "the call took longer than it may").into_http()
                }
            })
        })
    }
}

/// Wraps the response body so that it holds the call's permit until it is sent or dropped, since it occupies memory
/// until then. An error at the end of a stream also gets its reason.
fn accompanied(
    response: Response<Body>,
    permit: OwnedSemaphorePermit,
    path: String,
    message_bytes: usize,
) -> Response<Body> {
    response.map(|body| {
        Body::new(body.map_frame(move |mut frame| {
            let _held = &permit;
            if let Some(trailers) = frame.trailers_mut() {
                error_info::complete_trailers(trailers, &path, message_bytes);
            }
            frame
        }))
    })
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

    const LIMITS: Limits = Limits {
        in_flight: 1,
        timeout: Duration::from_millis(20),
        message_bytes: 1,
    };

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
        let response = GuardLayer::new(LIMITS)
            .layer(slow)
            .oneshot(request())
            .await
            .unwrap();
        check(&response, Code::DeadlineExceeded, "DEADLINE_EXCEEDED");
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error() {
        let broken = service_fn(|_: Request<Body>| async {
            assert!(std::hint::black_box(false), "secret");
            Ok(Response::new(Body::empty()))
        });
        let response = GuardLayer::new(LIMITS)
            .layer(broken)
            .oneshot(request())
            .await
            .unwrap();
        check(&response, Code::Internal, "INTERNAL");
    }

    #[tokio::test]
    async fn one_call_too_many_is_refused_and_the_permit_comes_back() {
        let slow = service_fn(|_| async { pending().await });
        let layer = GuardLayer::new(LIMITS);
        let mut guarded = layer.layer(slow);
        let first = guarded.call(request());
        check(
            &guarded.call(request()).await.unwrap(),
            Code::Unavailable,
            "OVERLOADED",
        );
        check(
            &first.await.unwrap(),
            Code::DeadlineExceeded,
            "DEADLINE_EXCEEDED",
        );
        assert_eq!(layer.permits.available_permits(), 1);
    }

    #[tokio::test]
    async fn health_is_not_held_back() {
        let layer = GuardLayer::new(Limits {
            in_flight: 0,
            ..LIMITS
        });
        let fine = service_fn(|_: Request<Body>| async { Ok(Response::new(Body::empty())) });
        let request = Request::builder()
            .uri("/grpc.health.v1.Health/Check")
            .body(Body::empty())
            .unwrap();
        let response = layer.layer(fine).oneshot(request).await.unwrap();
        assert!(Status::from_header_map(response.headers()).is_none());
    }
}
