use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use governor::{Quota, RateLimiter};
use http::{Request, Response};
use http_body_util::BodyExt;
use tonic::body::Body;
use tower::{Layer, Service};
use tracing::Instrument;

use super::body::CallBody;
use super::call::{Call, Rules};
use crate::server::ObservabilityOptions;

/// Lines of a second at level info: a log stays bearable while everything fails.
const NOTABLE_A_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);

/// Wraps the services so that every call is told of. It belongs outside all that may refuse a call.
#[derive(Debug, Clone)]
pub struct CallsLayer(Rules);

impl CallsLayer {
    /// Tells of calls as `options` say.
    pub fn new(options: &ObservabilityOptions) -> Self {
        Self(Rules {
            slow: options.slow_call,
            trace_ratio: options.trace_ratio,
            notable: Arc::new(RateLimiter::direct(Quota::per_second(NOTABLE_A_SECOND))),
        })
    }
}

impl<S> Layer<S> for CallsLayer {
    type Service = Calls<S>;

    fn layer(&self, inner: S) -> Calls<S> {
        Calls {
            inner,
            rules: self.0.clone(),
        }
    }
}

/// Follows every call to its end; see [`Call`].
#[derive(Debug, Clone)]
pub struct Calls<S> {
    inner: S,
    rules: Rules,
}

impl<S> Service<Request<Body>> for Calls<S>
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
        let mut call = Call::begin(&request, self.rules.clone());
        let requests = Arc::clone(&call.requests);
        let request = request.map(|body| {
            Body::new(body.map_frame(move |frame| {
                if let Some(data) = frame.data_ref() {
                    let mut requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
                    requests.add(data);
                }
                frame
            }))
        });
        let span = call.span.clone();
        let answer = span.in_scope(|| self.inner.call(request));
        let followed = async move {
            let mut response = answer.await?;
            call.answer(&mut response);
            Ok(response.map(|inner| Body::new(CallBody { inner, call })))
        };
        Box::pin(followed.instrument(span))
    }
}
