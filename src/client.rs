//! A convenient wrapper around the generated client: one handle for all services, deadlines, retries on
//! `UNAVAILABLE`, and lists as streams over all their pages.
//!
//! ```no_run
#![doc = include_str!("client/example.rs")]
//! ```

mod credentials;
mod retry;
mod streams;
mod trace;

use std::future::Future;
use std::time::Duration;

use futures_util::stream::{self, Stream, TryStreamExt};
use tokio::time::Instant;
use tonic::metadata::MetadataValue;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

use crate::proto::actor_service_client::ActorServiceClient;
use crate::proto::article_service_client::ArticleServiceClient;
use crate::proto::claim_service_client::ClaimServiceClient;
use crate::proto::extraction_service_client::ExtractionServiceClient;
use crate::proto::{
    Actor, Article, ArticleRevision, BatchGetClaimsRequest, BatchGetClaimsResponse, Claim,
    ClaimReview, CorrectArticleRequest, CorrectArticleResponse, ExtractClaimsRequest,
    ExtractClaimsResponse, GetActorRequest, GetActorResponse, GetArticleRequest,
    GetArticleResponse, GetClaimRequest, GetClaimResponse, GetPropositionRequest,
    GetPropositionResponse, GetTimelineRequest, GetTimelineResponse, IngestArticleRequest,
    IngestArticleResponse, ListActorChangesRequest, ListActorChangesResponse, ListActorsRequest,
    ListActorsResponse, ListArticleRevisionsRequest, ListArticleRevisionsResponse,
    ListArticlesRequest, ListArticlesResponse, ListClaimReviewsRequest, ListClaimReviewsResponse,
    ListClaimsRequest, ListClaimsResponse, ListPropositionClaimsRequest,
    ListPropositionClaimsResponse, ListRelatedClaimsRequest, ListRelatedClaimsResponse,
    ListRevisionClaimsRequest, ListRevisionClaimsResponse, ListSourcingStatsRequest,
    ListSourcingStatsResponse, MatchClaimsRequest, MatchClaimsResponse, MergeActorsRequest,
    MergeActorsResponse, PRIMARY, READ_FROM, ReextractArticleRequest, ReextractArticleResponse,
    RelatedClaim, ResolveActorRequest, ResolveActorResponse, RetractArticleRequest,
    RetractArticleResponse, ReviewClaimRequest, ReviewClaimResponse, SearchClaimsRequest,
    SearchClaimsResponse, SearchHit, SourcingStats, SplitActorRequest, SplitActorResponse,
    UpdateActorRequest, UpdateActorResponse,
};

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
    options: ClientOptions,
}

/// Defines the unary methods.
macro_rules! calls {
    ($($(#[$doc:meta])* $service:ident.$method:ident($request:ty) -> $response:ty;)*) => {
        impl Client {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// The server's error, `DEADLINE_EXCEEDED` after [`ClientOptions::deadline`], or `UNAVAILABLE` once all
            /// attempts have failed.
            pub async fn $method(&self, request: $request) -> Result<$response, Status> {
                self.call(request, |request| {
                    let mut service = self.$service.clone();
                    async move { service.$method(request).await }
                })
                .await
            }
        )*}
    };
}

calls! {
    /// Extracts claims from a document without storing it.
    extraction.extract_claims(ExtractClaimsRequest) -> ExtractClaimsResponse;
    /// Ingests a document: extracts its claims and stores it; safe to repeat.
    articles.ingest_article(IngestArticleRequest) -> IngestArticleResponse;
    /// Re-extracts the claims of a stored article; safe to repeat.
    articles.reextract_article(ReextractArticleRequest) -> ReextractArticleResponse;
    /// Gets one article.
    articles.get_article(GetArticleRequest) -> GetArticleResponse;
    /// Gets one page of articles; see [`Client::all_articles`] for all of them.
    articles.list_articles(ListArticlesRequest) -> ListArticlesResponse;
    /// Marks an article as retracted; safe to repeat.
    articles.retract_article(RetractArticleRequest) -> RetractArticleResponse;
    /// Replaces an article's text after its publisher changed it; safe to repeat.
    articles.correct_article(CorrectArticleRequest) -> CorrectArticleResponse;
    /// Gets one page of an article's revisions; see [`Client::all_article_revisions`] for all of them.
    articles.list_article_revisions(ListArticleRevisionsRequest) -> ListArticleRevisionsResponse;
    /// Gets one page of the claims of a revision; see [`Client::all_revision_claims`] for all of them.
    articles.list_revision_claims(ListRevisionClaimsRequest) -> ListRevisionClaimsResponse;
    /// Gets one actor.
    actors.get_actor(GetActorRequest) -> GetActorResponse;
    /// Gets one page of actors; see [`Client::all_actors`] for all of them.
    actors.list_actors(ListActorsRequest) -> ListActorsResponse;
    /// Gets the actors that a mention may refer to, best first.
    actors.resolve_actor(ResolveActorRequest) -> ResolveActorResponse;
    /// Gets one page of an actor's changes.
    actors.list_actor_changes(ListActorChangesRequest) -> ListActorChangesResponse;
    /// Gets one claim.
    claims.get_claim(GetClaimRequest) -> GetClaimResponse;
    /// Gets several claims; fails unless all exist.
    claims.batch_get_claims(BatchGetClaimsRequest) -> BatchGetClaimsResponse;
    /// Gets one page of claims; see [`Client::all_claims`] for all of them.
    claims.list_claims(ListClaimsRequest) -> ListClaimsResponse;
    /// Gets one page of a full-text search; see [`Client::all_hits`] for all of it.
    claims.search_claims(SearchClaimsRequest) -> SearchClaimsResponse;
    /// Gets the claims most similar to a text, and who first said the same.
    claims.match_claims(MatchClaimsRequest) -> MatchClaimsResponse;
    /// Gets one page of the claims related to a claim; see [`Client::all_related_claims`] for all of them.
    claims.list_related_claims(ListRelatedClaimsRequest) -> ListRelatedClaimsResponse;
    /// Gets one page of a claim's reviews; see [`Client::all_claim_reviews`] for all of them.
    claims.list_claim_reviews(ListClaimReviewsRequest) -> ListClaimReviewsResponse;
    /// Counts the claims by and about an actor over time.
    claims.get_timeline(GetTimelineRequest) -> GetTimelineResponse;
    /// Gets a proposition: what several claims say.
    claims.get_proposition(GetPropositionRequest) -> GetPropositionResponse;
    /// Gets one page of the claims assigned to a proposition; see [`Client::all_proposition_claims`] for all of them.
    claims.list_proposition_claims(ListPropositionClaimsRequest) -> ListPropositionClaimsResponse;
    /// Gets one page of sourcing statistics; see [`Client::all_sourcing_stats`] for all of them.
    claims.list_sourcing_stats(ListSourcingStatsRequest) -> ListSourcingStatsResponse;
}

/// Calls that change actors and claims are not retried: after `UNAVAILABLE`, check whether the change was made.
impl Client {
    /// Changes fields of an actor.
    ///
    /// # Errors
    /// As for the other calls, but without retries.
    pub async fn update_actor(
        &self,
        request: UpdateActorRequest,
    ) -> Result<UpdateActorResponse, Status> {
        let call = |request| {
            let mut service = self.actors.clone();
            async move { service.update_actor(request).await }
        };
        self.once().call(request, call).await
    }

    /// Merges several actors into one.
    ///
    /// # Errors
    /// As for the other calls, but without retries.
    pub async fn merge_actors(
        &self,
        request: MergeActorsRequest,
    ) -> Result<MergeActorsResponse, Status> {
        let call = |request| {
            let mut service = self.actors.clone();
            async move { service.merge_actors(request).await }
        };
        self.once().call(request, call).await
    }

    /// Splits an actor in two.
    ///
    /// # Errors
    /// As for the other calls, but without retries.
    pub async fn split_actor(
        &self,
        request: SplitActorRequest,
    ) -> Result<SplitActorResponse, Status> {
        let call = |request| {
            let mut service = self.actors.clone();
            async move { service.split_actor(request).await }
        };
        self.once().call(request, call).await
    }

    /// Records a person's review of a claim.
    ///
    /// # Errors
    /// As for the other calls, but without retries.
    pub async fn review_claim(
        &self,
        request: ReviewClaimRequest,
    ) -> Result<ReviewClaimResponse, Status> {
        let call = |request| {
            let mut service = self.claims.clone();
            async move { service.review_claim(request).await }
        };
        // The request contains a whole claim, and the future holds several copies of it.
        Box::pin(self.once().call(request, call)).await
    }

    fn once(&self) -> Self {
        let mut once = self.clone();
        once.options.attempts = 1;
        once
    }
}

/// Defines the methods that stream over the pages of a list.
macro_rules! lists {
    ($($(#[$doc:meta])* $method:ident by $page:ident($request:ident) -> $items:ident: $item:ty;)*) => {
        impl Client {$(
            $(#[$doc])*
            /// The next page is requested when the stream is polled past the end of the last one. An error ends the
            /// stream.
            pub fn $method(
                &self,
                request: $request,
            ) -> impl Stream<Item = Result<$item, Status>> + Send + Unpin + use<> {
                let client = self.clone();
                let pages = stream::try_unfold(Some(request), move |request| {
                    let client = client.clone();
                    async move {
                        let Some(request) = request else { return Ok::<_, Status>(None) };
                        let page = client.$page(request.clone()).await?;
                        let token = page.next_page_token;
                        let next = (!token.is_empty())
                            .then(|| $request { page_token: token, ..request });
                        Ok(Some((stream::iter(page.$items.into_iter().map(Ok)), next)))
                    }
                });
                Box::pin(pages.try_flatten())
            }
        )*}
    };
}

lists! {
    /// All articles that match the request.
    all_articles by list_articles(ListArticlesRequest) -> articles: Article;
    /// All revisions of an article, newest first.
    all_article_revisions by list_article_revisions(ListArticleRevisionsRequest) -> revisions: ArticleRevision;
    /// All claims of a revision.
    all_revision_claims by list_revision_claims(ListRevisionClaimsRequest) -> claims: Claim;
    /// All actors that match the request.
    all_actors by list_actors(ListActorsRequest) -> actors: Actor;
    /// All claims that match the request.
    all_claims by list_claims(ListClaimsRequest) -> claims: Claim;
    /// All hits of a full-text search, as far as they are ranked.
    all_hits by search_claims(SearchClaimsRequest) -> hits: SearchHit;
    /// All claims related to a claim.
    all_related_claims by list_related_claims(ListRelatedClaimsRequest) -> related_claims: RelatedClaim;
    /// All reviews of a claim.
    all_claim_reviews by list_claim_reviews(ListClaimReviewsRequest) -> reviews: ClaimReview;
    /// All claims assigned to a proposition, earliest first.
    all_proposition_claims by list_proposition_claims(ListPropositionClaimsRequest) -> claims: Claim;
    /// All rows of the sourcing statistics.
    all_sourcing_stats by list_sourcing_stats(ListSourcingStatsRequest) -> rows: SourcingStats;
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
            claims: ClaimServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES),
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
