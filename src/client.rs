//! A convenient wrapper around the generated client: one handle for all services, deadlines, retries on
//! `UNAVAILABLE`, and lists as streams over all their pages.
//!
//! ```no_run
#![doc = include_str!("client/example.rs")]
//! ```

mod calls;
mod credentials;
mod lists;
mod retry;
mod streams;
mod trace;

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;
use tonic::metadata::MetadataValue;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

use crate::proto::actor_service_client::ActorServiceClient;
use crate::proto::article_service_client::ArticleServiceClient;
use crate::proto::claim_service_client::ClaimServiceClient;
use crate::proto::extraction_service_client::ExtractionServiceClient;
use crate::proto::longrunning::operations_client::OperationsClient;
use crate::proto::server_service_client::ServerServiceClient;
use crate::proto::{PRIMARY, READ_FROM};

pub use credentials::Credentials;

use credentials::Authorize;
use retry::{is_lost, is_near, is_worth_a_retry, retry_delay};

/// The connection, which adds the token to every call.
type Authorized = InterceptedService<Channel, Authorize>;

/// Maximum size of a response.
const MAX_ANSWER_BYTES: usize = 256 << 20;
/// The pause before the first retry; it doubles with each further one, up to [`MAX_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_secs(2);

/// Longer than anybody waits, and short enough to be added to any time.
const LONGEST_DEADLINE: Duration = Duration::from_hours(24);

/// How a [`Client`] behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientOptions {
    /// The timeout for connecting.
    pub connect_timeout: Duration,
    /// The deadline of a call, including all retries.
    pub deadline: Duration,
    /// Maximum number of attempts, at least 1. A call is retried on `UNAVAILABLE`, which includes a lost connection,
    /// on a write conflict, and when an overloaded server asks for it, after the time that the server names.
    pub attempts: u32,
    /// Whether a response must reflect everything written before the call. Otherwise, it may come from a replica of
    /// the database, which lags slightly behind.
    pub read_own_writes: bool,
}

impl Default for ClientOptions {
    /// 5 s to connect, 60 s for a call, 5 attempts.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            deadline: Duration::from_mins(1),
            attempts: 5,
            read_own_writes: false,
        }
    }
}

/// A handle to a server. Cheap to clone; clones share one connection, which is re-established whenever it breaks.
#[derive(Debug, Clone)]
pub struct Client {
    extraction: ExtractionServiceClient<Authorized>,
    articles: ArticleServiceClient<Authorized>,
    actors: ActorServiceClient<Authorized>,
    claims: ClaimServiceClient<Authorized>,
    server: ServerServiceClient<Authorized>,
    operations: OperationsClient<Authorized>,
    options: ClientOptions,
}

impl Client {
    /// Connects to a server, such as `http://127.0.0.1:50051`, with the default options.
    ///
    /// # Errors
    /// As [`Client::connect_with`].
    pub async fn connect(url: impl Into<String>) -> Result<Self, tonic::transport::Error> {
        Self::connect_with(url, ClientOptions::default()).await
    }

    /// Connects to a server that does not ask who calls.
    ///
    /// # Errors
    /// As [`Client::connect_as`].
    pub async fn connect_with(
        url: impl Into<String>,
        options: ClientOptions,
    ) -> Result<Self, tonic::transport::Error> {
        Self::connect_as(url, options, Credentials::default()).await
    }

    /// Connects to a server, with `https://` over TLS.
    ///
    /// # Errors
    /// If `url` is invalid, a certificate cannot be used, or the connection is not established in time. Whether the
    /// server knows the caller shows with the first call.
    pub async fn connect_as(
        url: impl Into<String>,
        options: ClientOptions,
        credentials: Credentials,
    ) -> Result<Self, tonic::transport::Error> {
        let endpoint = credentials
            .endpoint(url)?
            .connect_timeout(options.connect_timeout)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10));
        let channel = endpoint.connect().await?;
        let channel = Authorized::new(channel, Authorize(credentials));
        Ok(Self {
            extraction: ExtractionServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_ANSWER_BYTES),
            articles: ArticleServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_ANSWER_BYTES),
            actors: ActorServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_ANSWER_BYTES),
            claims: ClaimServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_ANSWER_BYTES),
            server: ServerServiceClient::new(channel.clone()),
            operations: OperationsClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES),
            options,
        })
    }

    /// Wraps a message in a request that says whether to read from the primary.
    fn request<Q>(&self, message: Q) -> Request<Q> {
        let mut request = Request::new(message);
        if self.options.read_own_writes {
            let primary = MetadataValue::from_static(PRIMARY);
            request.metadata_mut().insert(READ_FROM, primary);
        }
        trace::continue_in(request.metadata_mut());
        request
    }

    /// Makes a call and retries it as long as that may help, until attempts or time run out.
    async fn call<Q, A, F>(&self, message: Q, rpc: impl Fn(Request<Q>) -> F) -> Result<A, Status>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let end = Instant::now() + self.options.deadline.min(LONGEST_DEADLINE);
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        loop {
            let mut request = self.request(message.clone());
            request.set_timeout(end.saturating_duration_since(Instant::now()));
            let answer = tokio::time::timeout_at(end, rpc(request)).await;
            let status = match answer {
                Ok(Ok(response)) => return Ok(response.into_inner()),
                Ok(Err(status)) if is_lost(&status) && !is_near(end) => {
                    Status::unavailable(status.message())
                }
                // The transport, on either side, enforces the same deadline and may be first; tonic then returns
                // CANCELLED.
                Ok(Err(status)) if status.code() != Code::Cancelled || !is_near(end) => status,
                Ok(Err(_)) | Err(_) => {
                    return Err(Status::deadline_exceeded("the client's deadline passed"));
                }
            };
            let asked = retry_delay(&status);
            let wait = asked.unwrap_or(pause);
            let again = is_worth_a_retry(&status) || asked.is_some();
            let again = again && attempt < self.options.attempts;
            if !again || Instant::now() + wait >= end {
                return Err(status);
            }
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(MAX_PAUSE);
            attempt += 1;
        }
    }
}
