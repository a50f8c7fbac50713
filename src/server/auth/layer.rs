use std::convert::Infallible;
use std::mem;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

use super::authenticator::Authenticator;
use crate::server::connections::Peer;

/// Wraps the services in an [`AuthService`].
#[derive(Debug, Clone)]
pub(crate) struct AuthLayer(Authenticator);

impl AuthLayer {
    pub(crate) const fn new(authenticator: Authenticator) -> Self {
        Self(authenticator)
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> AuthService<S> {
        AuthService {
            inner,
            authenticator: self.0.clone(),
        }
    }
}

/// Lets a call through if its caller may make it. The [`Caller`](crate::service::Caller) is put into the extensions of
/// the request, for handlers, and of the response, for layers around this one.
#[derive(Debug, Clone)]
pub(crate) struct AuthService<S> {
    inner: S,
    authenticator: Authenticator,
}

impl<S> Service<Request<Body>> for AuthService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The clone stays for the next call; this one takes the service that was polled until it was ready.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let authenticator = self.authenticator.clone();
        Box::pin(async move {
            let (mut head, body) = request.into_parts();
            let peer = head.extensions.get::<Peer>().cloned();
            let path = head.uri.path().to_owned();
            let (caller, allowed) = authenticator
                .admit(&path, &mut head.headers, peer.as_ref())
                .await;
            let mut response = match allowed {
                Ok(()) => {
                    if let Some(caller) = caller.clone() {
                        head.extensions.insert(caller);
                    }
                    inner.call(Request::from_parts(head, body)).await?
                }
                Err(status) => {
                    let address = peer.map(|peer| peer.address);
                    tracing::debug!(?address, path, reason = status.message(), "refused a call");
                    status.into_http()
                }
            };
            if let Some(caller) = caller {
                response.extensions_mut().insert(caller);
            }
            Ok(response)
        })
    }
}
