use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tonic::codec::CompressionEncoding;

use super::admission::Admission;
use super::auth::{AuthLayer, Authenticator, ReflectionMode};
use super::calls::CallsLayer;
use super::connections::incoming;
use super::error::ServerError;
use super::guard::{CallLimits, GuardLayer};
use super::health::Health;
use super::info::about;
use super::management::ManagementPort;
use super::observability;
use super::options::ServerOptions;
use super::reflection::reflection;
use super::response_body::Responses;
use super::tls::Tls;
use super::winding_down::{done, forget_idle_callers, sweep};
use crate::api::server::actor_service_server::ActorServiceServer;
use crate::api::server::article_service_server::ArticleServiceServer;
use crate::api::server::claim_service_server::ClaimServiceServer;
use crate::api::server::extraction_service_server::ExtractionServiceServer;
use crate::api::server::operations_server::OperationsServer;
use crate::api::server::server_service_server::ServerServiceServer;
use crate::api::wire::StreamProcessing;
use crate::api::{Actors, Articles, Claims, Extractions, Operations};
use crate::service::Database;
use crate::service::claims::{EventStream, PropositionWorker, prune};
use crate::service::extraction::ExtractionPool;
use crate::service::operations::{OperationSignals, OperationWorker};
use crate::store::Store;
use crate::telemetry::Metrics;

/// How often an idle peer is pinged, and how long it may take to respond.
const KEEPALIVE: Duration = Duration::from_secs(20);
/// Maximum number of concurrent calls on one connection, as HTTP/2 announces it.
const STREAMS_PER_CONNECTION: u32 = 256;
/// Maximum size of a call's headers: enough for a token and a trace.
const HEADER_BYTES: u32 = 32 << 10;
/// Calls that a client may open and reset before they are served, until its connection is closed (rapid reset,
/// CVE-2023-44487).
const PENDING_RESETS: usize = 32;
/// The age at which clients are asked to reconnect, so that they resolve the service's addresses again.
const MAX_CONNECTION_AGE: Duration = Duration::from_mins(30);

/// A gRPC server that is bound to its port.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    management: Option<ManagementPort>,
    options: ServerOptions,
    tls: Option<Tls>,
    authenticator: Authenticator,
    /// Tasks that end with the server.
    background: JoinSet<Infallible>,
}

impl Server {
    /// Reads certificates and keys, and binds the port, and the management port if there is to be one.
    ///
    /// # Errors
    /// [`ServerError::Tls`] or [`ServerError::Auth`] if a file or a setting cannot be used, [`ServerError::Listen`] if
    /// a port cannot be bound, [`ServerError::Metrics`].
    pub async fn bind(options: ServerOptions) -> Result<Self, ServerError> {
        let mut background = JoinSet::new();
        let mut tls = None;
        if let Some(options) = &options.tls {
            let (loaded, follow) = Tls::load(options).map_err(ServerError::Tls)?;
            tls = Some(loaded);
            background.spawn(follow);
        }
        let authenticator = Authenticator::new(&options.auth).map_err(ServerError::Auth)?;
        let (authenticator, follow) = authenticator;
        for follow in follow {
            background.spawn(follow);
        }
        let failed = |source| ServerError::Listen {
            address: options.listen,
            source,
        };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let management = match options.observability.management_listen {
            Some(address) => {
                let metrics = Metrics::install().map_err(ServerError::Metrics)?;
                let port = ManagementPort::bind(address, metrics).await;
                Some(port.map_err(|source| ServerError::Listen { address, source })?)
            }
            None => None,
        };
        Ok(Self {
            listener,
            address,
            management,
            options,
            tls,
            authenticator,
            background,
        })
    }

    /// The address it listens on, with the actual port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the management port, with the actual port, if there is one.
    #[must_use]
    pub fn management_address(&self) -> Option<SocketAddr> {
        self.management.as_ref().and_then(ManagementPort::address)
    }

    /// Serves until `stop` resolves, then drains: reports NOT_SERVING, accepts calls for the drain delay, ends
    /// streams that would not end by themselves, waits up to the drain timeout for calls in flight, and closes.
    /// Without a store, only extraction is served and lookups return `UNAVAILABLE`.
    ///
    /// # Errors
    /// [`ServerError`] if reflection or the transport fails.
    pub async fn serve(
        mut self,
        store: Option<Store>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServerError> {
        let pool = ExtractionPool::new(self.options.max_text_bytes, self.options.min_confidence);
        let (health, health_service) = Health::new(store.clone()).await;
        let reflected = self.options.auth.reflection != ReflectionMode::Off;
        let (v1, v1alpha) = reflected.then(reflection).transpose()?.unzip();
        let events = EventStream::default();
        let operations = OperationSignals::default();
        self.start_background(store.as_ref(), (&events, &operations), &pool, &health);
        let limits = self.options.limits;
        metrics::gauge!("onrecord_rpc_in_flight_max")
            .set(u32::try_from(self.options.max_in_flight).unwrap_or(u32::MAX));
        let admission = Admission::new(self.options.max_in_flight, &limits);
        let responses = Responses::new(limits.max_unread_bytes);
        self.background
            .spawn(sweep(responses.clone(), limits.response_idle_timeout));
        self.background
            .spawn(forget_idle_callers(admission.clone()));
        let call_limits = call_limits(&self.options);
        let about = about(&self.options, &call_limits, store.as_ref());
        let database = Database::new(store);
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
            // Outside all that may refuse a call.
            .layer(CallsLayer::new(&self.options.observability))
            .layer(AuthLayer::new(self.authenticator))
            .layer(guard)
            .add_service(health_service)
            .add_optional_service(v1)
            .add_optional_service(v1alpha)
            .add_service(configured!(ExtractionServiceServer::new(Extractions::new(
                pool.clone(),
                streams.clone()
            ))))
            .add_service(configured!(ServerServiceServer::new(about)))
            .add_service(configured!(ArticleServiceServer::new(Articles::new(
                database.clone(),
                pool.clone(),
                streams.clone(),
                operations.clone()
            ))))
            .add_service(configured!(OperationsServer::new(Operations::new(
                database.clone()
            ))))
            .add_service(configured!(ActorServiceServer::new(Actors::new(
                database.clone()
            ))))
            .add_service(configured!(ClaimServiceServer::new(Claims::new(
                database,
                events.clone(),
                pool
            ))))
            .serve_with_incoming_shutdown(incoming(self.listener, self.tls, &limits), async {
                closing.await.unwrap_or_default();
            });
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
            operations.stop();
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

    /// Starts what runs beside the calls, for as long as the server does.
    fn start_background(
        &mut self,
        store: Option<&Store>,
        (events, operations): (&EventStream, &OperationSignals),
        pool: &ExtractionPool,
        health: &Health,
    ) {
        if let Some(port) = self.management.take() {
            let log = self.options.observability.log.clone();
            let readiness = health.readiness();
            observability::start(&mut self.background, port, readiness, log, store.cloned());
        }
        let Some(store) = store else {
            return;
        };
        self.background.spawn(events.clone().follow(store.clone()));
        self.background.spawn(store.clone().watch_replica());
        self.background
            .spawn(store.clone().close_idle_connections());
        self.background.spawn(store.clone().keep_credentials());
        self.background
            .spawn(store.clone().keep_replica_credentials());
        let unhurried = store.for_background();
        self.background
            .spawn(prune(unhurried.clone(), self.options.watch_retention));
        let worker = OperationWorker::new(pool.clone(), operations.clone());
        self.background.spawn(worker.run(unhurried.clone()));
        if let Some(depth) = self.options.propositions {
            let worker = PropositionWorker::new(pool.clone(), depth);
            self.background.spawn(worker.run(unhurried));
        }
    }
}

fn call_limits(options: &ServerOptions) -> CallLimits {
    let limits = &options.limits;
    CallLimits {
        reading_timeout: options.request_timeout,
        lookup_timeout: limits.lookup_timeout.min(options.request_timeout),
        max_stream_age: limits.max_stream_age,
        message_bytes: message_limit(options.max_text_bytes),
    }
}

/// Maximum size of a decoded message: larger than the longest text, so that a text slightly too long gets a specific
/// error instead of a decoding failure, but not much larger, since every call in flight may hold one.
const fn message_limit(max_text_bytes: usize) -> usize {
    max_text_bytes.saturating_mul(2).saturating_add(1 << 20)
}
