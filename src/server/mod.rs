//! Wiring: serves the services on a port, with limits, health checks and graceful shutdown.

mod admission;
mod deadline;
mod error_info;
mod guard;
mod health;
mod limit_options;
mod listener;
mod rate_limit;
mod response_body;
mod rpc_class;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tonic::codec::CompressionEncoding;

use crate::api::server::actor_service_server::ActorServiceServer;
use crate::api::server::article_service_server::ArticleServiceServer;
use crate::api::server::claim_service_server::ClaimServiceServer;
use crate::api::server::extraction_service_server::ExtractionServiceServer;
use crate::api::wire::StreamProcessing;
use crate::api::{Actors, Articles, Claims, Extractions};
use crate::matching::Depth;
use crate::proto::FILE_DESCRIPTOR_SET;
use crate::service::Database;
use crate::service::claims::{EventStream, PropositionWorker, prune};
use crate::service::extraction::ExtractionPool;
use crate::store::Store;

use admission::Admission;
use guard::{CallLimits, GuardLayer};
use health::Health;
pub use limit_options::{LimitOptions, RateLimit};
use listener::Listener;
use response_body::Responses;

/// How often an idle peer is pinged, and how long it may take to respond.
const KEEPALIVE: Duration = Duration::from_secs(20);
/// Maximum number of concurrent calls on one connection, as HTTP/2 announces it.
const STREAMS_PER_CONNECTION: u32 = 256;
/// Maximum size of a call's headers: enough for a token and a trace.
const HEADER_BYTES: u32 = 32 << 10;
/// Calls that a client may open and reset before they are served, until its connection is closed (rapid reset,
/// CVE-2023-44487).
const PENDING_RESETS: usize = 32;
/// How often unread responses are looked for.
const SWEEP: Duration = Duration::from_secs(1);
/// Once no call is in flight: how long connections may take to send what they hold, and to close.
const LAST_BYTES: Duration = Duration::from_millis(500);
/// The age at which clients are asked to reconnect, so that they resolve the service's addresses again.
const MAX_CONNECTION_AGE: Duration = Duration::from_mins(30);

/// The settings of a [`Server`].
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Length of the longest text that is read, in bytes.
    pub max_text_bytes: usize,
    /// Maximum number of calls in flight that are neither streams nor read texts.
    pub max_in_flight: usize,
    /// Maximum time for a call that reads a text, or for one document of a stream.
    pub request_timeout: Duration,
    /// Further limits.
    pub limits: LimitOptions,
    /// After a stop signal: how long new calls are still accepted.
    pub drain_delay: Duration,
    /// After the drain delay: how long calls in flight may take to finish.
    pub drain_timeout: Duration,
    /// How long claim events are retained, and so how long a watcher may be disconnected and still resume.
    pub watch_retention: Duration,
    /// How deeply claims are compared to find those that say the same; `None` disables it.
    pub propositions: Option<Depth>,
    /// Claims with a lower confidence are neither stored nor returned, unless a caller asks for them.
    pub min_confidence: f32,
}

/// Why a server cannot start or continue.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The schema compiled into the program cannot be served by reflection.
    #[error("cannot set up reflection")]
    Reflection(#[source] tonic_reflection::server::Error),
    /// The transport failed.
    #[error("the gRPC server failed")]
    Transport(#[source] tonic::transport::Error),
}

/// A gRPC server that is bound to its port.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    options: ServerOptions,
}

impl Server {
    /// Binds the port.
    ///
    /// # Errors
    /// [`ServerError::Listen`] if the port cannot be bound.
    pub async fn bind(options: ServerOptions) -> Result<Self, ServerError> {
        let failed = |source| ServerError::Listen {
            address: options.listen,
            source,
        };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self {
            listener,
            address,
            options,
        })
    }

    /// The address it listens on, with the actual port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` resolves, then drains: reports NOT_SERVING, accepts calls for the drain delay, ends
    /// streams that would not end by themselves, waits up to the drain timeout for calls in flight, and closes.
    /// Without a store, only extraction is served and lookups return `UNAVAILABLE`.
    ///
    /// # Errors
    /// [`ServerError`] if reflection or the transport fails.
    pub async fn serve(
        self,
        store: Option<Store>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServerError> {
        let pool = ExtractionPool::new(self.options.max_text_bytes, self.options.min_confidence);
        let (health, health_service) = Health::new(store.clone()).await;
        let (v1, v1alpha) = reflection()?;
        let events = EventStream::default();
        // Its tasks end when it is dropped.
        let mut background = JoinSet::new();
        if let Some(store) = store.clone() {
            background.spawn(events.clone().follow(store.clone()));
            background.spawn(store.clone().watch_replica());
            background.spawn(prune(store, self.options.watch_retention));
        }
        if let (Some(store), Some(depth)) = (store.clone(), self.options.propositions) {
            background.spawn(PropositionWorker::new(pool.clone(), depth).run(store));
        }
        let database = Database::new(store);
        let limits = self.options.limits;
        let admission = Admission::new(self.options.max_in_flight, &limits);
        let responses = Responses::new(limits.max_unread_bytes);
        background.spawn(sweep(responses.clone(), admission.clone(), limits));
        let call_limits = CallLimits {
            reading_timeout: self.options.request_timeout,
            lookup_timeout: limits.lookup_timeout.min(self.options.request_timeout),
            max_stream_age: limits.max_stream_age,
            message_bytes: message_limit(self.options.max_text_bytes),
        };
        let guard = GuardLayer::new(call_limits, admission.clone(), responses);
        let streams = StreamProcessing::new(admission.reading(), call_limits.reading_timeout);
        macro_rules! configured {
            ($service:expr) => {
                $service
                    .max_decoding_message_size(call_limits.message_bytes)
                    .accept_compressed(CompressionEncoding::Gzip)
                    .send_compressed(CompressionEncoding::Gzip)
            };
        }
        let (close, closing) = tokio::sync::oneshot::channel::<()>();
        let serving = tonic::transport::Server::builder()
            .http2_keepalive_interval(Some(KEEPALIVE))
            .http2_keepalive_timeout(Some(KEEPALIVE))
            .max_connection_age(MAX_CONNECTION_AGE)
            .max_concurrent_streams(STREAMS_PER_CONNECTION)
            .http2_max_header_list_size(HEADER_BYTES)
            .http2_max_pending_accept_reset_streams(Some(PENDING_RESETS))
            .layer(guard)
            .add_service(health_service)
            .add_service(v1)
            .add_service(v1alpha)
            .add_service(configured!(ExtractionServiceServer::new(Extractions::new(
                pool.clone(),
                streams.clone()
            ))))
            .add_service(configured!(ArticleServiceServer::new(Articles::new(
                database.clone(),
                pool.clone(),
                streams.clone()
            ))))
            .add_service(configured!(ActorServiceServer::new(Actors::new(
                database.clone()
            ))))
            .add_service(configured!(ClaimServiceServer::new(Claims::new(
                database,
                events.clone(),
                pool
            ))))
            .serve_with_incoming_shutdown(
                Listener::new(self.listener, &limits).connections(),
                async { closing.await.unwrap_or_default() },
            );
        let farewell = health.farewell();
        let watching = health.watch();
        tokio::pin!(serving, watching);
        tokio::select! {
            ended = &mut serving => return ended.map_err(ServerError::Transport),
            never = &mut watching => match never {},
            () = stop => {}
        }
        farewell.tell().await;
        tracing::info!("stopping: soon refusing new calls, waiting for calls in flight");
        // The server keeps running meanwhile: both are polled in this task.
        let drain = async {
            tokio::time::sleep(self.options.drain_delay).await;
            events.stop();
            streams.stop();
            let _ = close.send(());
            // Connections that carry no call, or only health checks and reflection, are not waited for.
            tokio::time::timeout(self.options.drain_timeout, done(&admission)).await
        };
        tokio::select! {
            ended = &mut serving => ended.map_err(ServerError::Transport),
            drained = drain => {
                if drained.is_err() {
                    let calls = admission.in_flight();
                    tracing::warn!(calls, "some calls did not finish within the drain timeout");
                }
                Ok(())
            }
        }
    }
}

/// Waits until no call is in flight, nor comes while the last bytes are sent.
async fn done(admission: &Admission) {
    loop {
        admission.idle().await;
        tokio::time::sleep(LAST_BYTES).await;
        if admission.in_flight() == 0 {
            return;
        }
    }
}

/// Gives up responses that nobody reads, for as long as it is polled.
async fn sweep(responses: Responses, admission: Admission, limits: LimitOptions) -> Infallible {
    loop {
        tokio::time::sleep(SWEEP).await;
        let calls = responses.give_up_unread(limits.response_idle_timeout);
        if calls > 0 {
            tracing::info!(calls, "gave up responses that were not read");
        }
        admission.forget_idle_callers();
    }
}

type Reflection<V1, V1Alpha> = (V1, V1Alpha);

/// The reflection services, in the current version and in the one that older tools use.
fn reflection() -> Result<
    Reflection<
        tonic_reflection::server::v1::ServerReflectionServer<
            impl tonic_reflection::server::v1::ServerReflection,
        >,
        tonic_reflection::server::v1alpha::ServerReflectionServer<
            impl tonic_reflection::server::v1alpha::ServerReflection,
        >,
    >,
    ServerError,
> {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            // The types of error details, so that tools can display them.
            .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
    };
    let v1 = builder().build_v1().map_err(ServerError::Reflection)?;
    let v1alpha = builder().build_v1alpha().map_err(ServerError::Reflection)?;
    Ok((v1, v1alpha))
}

/// Maximum size of a decoded message: larger than the longest text, so that a text slightly too long gets a specific
/// error instead of a decoding failure, but not much larger, since every call in flight may hold one.
const fn message_limit(max_text_bytes: usize) -> usize {
    max_text_bytes.saturating_mul(2).saturating_add(1 << 20)
}
