//! The generated client, made comfortable: one handle for all services, deadlines, retries of `UNAVAILABLE`, and lists
//! as streams over all their pages.
//!
//! ```no_run
#![doc = include_str!("client/example.rs")]
//! ```

mod streams;

use std::error::Error as _;
use std::future::Future;
use std::time::Duration;

use futures_util::stream::{self, Stream, TryStreamExt};
use tokio::time::Instant;
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};
use tonic_types::StatusExt;

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

/// The largest answer that is taken.
const MAX_ANSWER_BYTES: usize = 256 << 20;
/// The pause before the first retry; it doubles with each further one, up to [`MAX_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_secs(2);

/// More than anybody waits, and little enough to be added to any time.
const LONGEST_DEADLINE: Duration = Duration::from_hours(24);

/// How a [`Client`] behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientOptions {
    /// How long a connection may take to come up.
    pub connect_timeout: Duration,
    /// How long one call may take, all its retries included.
    pub deadline: Duration,
    /// How often a call is tried while the answer is `UNAVAILABLE`, which a lost connection is too, or a conflict of
    /// writes; at least once.
    pub attempts: u32,
    /// Whether what was written before a call has to be in its answer. Otherwise a replica of the database may answer,
    /// which is behind by some moments.
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

/// A handle on a server. Cheap to clone; clones share one connection, which is made again whenever it breaks.
#[derive(Debug, Clone)]
pub struct Client {
    extraction: ExtractionServiceClient<Channel>,
    articles: ArticleServiceClient<Channel>,
    actors: ActorServiceClient<Channel>,
    claims: ClaimServiceClient<Channel>,
    options: ClientOptions,
}

/// Defines the methods that make one call each.
macro_rules! calls {
    ($($(#[$doc:meta])* $service:ident.$method:ident($request:ty) -> $response:ty;)*) => {
        impl Client {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// The server's error, `DEADLINE_EXCEEDED` after [`ClientOptions::deadline`], or `UNAVAILABLE` when the
            /// attempts are used up.
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
    /// Reads one document without storing it.
    extraction.extract_claims(ExtractClaimsRequest) -> ExtractClaimsResponse;
    /// Reads and stores one document; safe to repeat.
    articles.ingest_article(IngestArticleRequest) -> IngestArticleResponse;
    /// Reads a stored article again; safe to repeat.
    articles.reextract_article(ReextractArticleRequest) -> ReextractArticleResponse;
    /// Gets one article.
    articles.get_article(GetArticleRequest) -> GetArticleResponse;
    /// Gets one page of articles; see [`Client::all_articles`] for all of them.
    articles.list_articles(ListArticlesRequest) -> ListArticlesResponse;
    /// Marks an article as withdrawn; safe to repeat.
    articles.retract_article(RetractArticleRequest) -> RetractArticleResponse;
    /// Gives an article the text that its publisher changed it to; safe to repeat.
    articles.correct_article(CorrectArticleRequest) -> CorrectArticleResponse;
    /// Gets one page of the texts that an article had; see [`Client::all_article_revisions`] for all of them.
    articles.list_article_revisions(ListArticleRevisionsRequest) -> ListArticleRevisionsResponse;
    /// Gets one page of the claims of one of an article's texts; see [`Client::all_revision_claims`] for all of them.
    articles.list_revision_claims(ListRevisionClaimsRequest) -> ListRevisionClaimsResponse;
    /// Gets one actor.
    actors.get_actor(GetActorRequest) -> GetActorResponse;
    /// Gets one page of actors; see [`Client::all_actors`] for all of them.
    actors.list_actors(ListActorsRequest) -> ListActorsResponse;
    /// Gets the actors that words may mean, best first.
    actors.resolve_actor(ResolveActorRequest) -> ResolveActorResponse;
    /// Gets one page of an actor's changes.
    actors.list_actor_changes(ListActorChangesRequest) -> ListActorChangesResponse;
    /// Gets one claim.
    claims.get_claim(GetClaimRequest) -> GetClaimResponse;
    /// Gets several claims, all or an error.
    claims.batch_get_claims(BatchGetClaimsRequest) -> BatchGetClaimsResponse;
    /// Gets one page of claims; see [`Client::all_claims`] for all of them.
    claims.list_claims(ListClaimsRequest) -> ListClaimsResponse;
    /// Gets one page of the claims that hold certain words; see [`Client::all_hits`] for all of them.
    claims.search_claims(SearchClaimsRequest) -> SearchClaimsResponse;
    /// Gets the claims that are like a text, and who said the same first.
    claims.match_claims(MatchClaimsRequest) -> MatchClaimsResponse;
    /// Gets one page of the claims that a claim stands in a relation to; see [`Client::all_related_claims`] for all.
    claims.list_related_claims(ListRelatedClaimsRequest) -> ListRelatedClaimsResponse;
    /// Gets one page of what people thought of a claim; see [`Client::all_claim_reviews`] for all of them.
    claims.list_claim_reviews(ListClaimReviewsRequest) -> ListClaimReviewsResponse;
    /// Counts the claims by an actor and about it over time.
    claims.get_timeline(GetTimelineRequest) -> GetTimelineResponse;
    /// Gets what several claims say.
    claims.get_proposition(GetPropositionRequest) -> GetPropositionResponse;
    /// Gets one page of the claims that say a proposition; see [`Client::all_proposition_claims`] for all of them.
    claims.list_proposition_claims(ListPropositionClaimsRequest) -> ListPropositionClaimsResponse;
    /// Gets one page of counts of who is on record; see [`Client::all_sourcing_stats`] for all of them.
    claims.list_sourcing_stats(ListSourcingStatsRequest) -> ListSourcingStatsResponse;
}

/// What changes actors and claims is asked for once: after `UNAVAILABLE` look whether the change was made.
impl Client {
    /// Changes fields of an actor.
    ///
    /// # Errors
    /// As the other calls, without further attempts.
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

    /// Makes several actors one.
    ///
    /// # Errors
    /// As the other calls, without further attempts.
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

    /// Makes one actor two.
    ///
    /// # Errors
    /// As the other calls, without further attempts.
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

    /// Notes what a person thinks of a claim.
    ///
    /// # Errors
    /// As the other calls, without further attempts.
    pub async fn review_claim(
        &self,
        request: ReviewClaimRequest,
    ) -> Result<ReviewClaimResponse, Status> {
        let call = |request| {
            let mut service = self.claims.clone();
            async move { service.review_claim(request).await }
        };
        // The request holds a whole claim, and the call holds it several times.
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
            /// The next page is asked for when the stream is polled past the last one's end. An error ends the stream.
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
    /// All articles that fit the request.
    all_articles by list_articles(ListArticlesRequest) -> articles: Article;
    /// All texts that an article had, newest first.
    all_article_revisions by list_article_revisions(ListArticleRevisionsRequest) -> revisions: ArticleRevision;
    /// All claims of one of an article's texts.
    all_revision_claims by list_revision_claims(ListRevisionClaimsRequest) -> claims: Claim;
    /// All actors that fit the request.
    all_actors by list_actors(ListActorsRequest) -> actors: Actor;
    /// All claims that fit the request.
    all_claims by list_claims(ListClaimsRequest) -> claims: Claim;
    /// All claims that hold certain words, as far as they are ranked.
    all_hits by search_claims(SearchClaimsRequest) -> hits: SearchHit;
    /// All claims that a claim stands in a relation to.
    all_related_claims by list_related_claims(ListRelatedClaimsRequest) -> related_claims: RelatedClaim;
    /// All reviews of a claim.
    all_claim_reviews by list_claim_reviews(ListClaimReviewsRequest) -> reviews: ClaimReview;
    /// All claims that say a proposition, the earliest first.
    all_proposition_claims by list_proposition_claims(ListPropositionClaimsRequest) -> claims: Claim;
    /// All counts of who is on record.
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

    /// Connects to a server.
    ///
    /// # Errors
    /// Where `url` is none, or the connection does not come up in time.
    pub async fn connect_with(
        url: impl Into<String>,
        options: ClientOptions,
    ) -> Result<Self, tonic::transport::Error> {
        let endpoint = Endpoint::from_shared(url.into())?
            .connect_timeout(options.connect_timeout)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10));
        let channel = endpoint.connect().await?;
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

    /// A request that says where it is to be read.
    fn request<Q>(&self, message: Q) -> Request<Q> {
        let mut request = Request::new(message);
        if self.options.read_own_writes {
            let primary = MetadataValue::from_static(PRIMARY);
            request.metadata_mut().insert(READ_FROM, primary);
        }
        request
    }

    /// Makes a call, and again while it is worth a retry, until the attempts or the time run out.
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
                // The transport, here or there, keeps the same time and may be first; tonic then answers CANCELLED.
                Ok(Err(status)) if status.code() != Code::Cancelled || !is_near(end) => status,
                Ok(Err(_)) | Err(_) => {
                    return Err(Status::deadline_exceeded("the client's deadline passed"));
                }
            };
            let again = is_worth_a_retry(&status) && attempt < self.options.attempts;
            if !again || Instant::now() + pause >= end {
                return Err(status);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
            attempt += 1;
        }
    }
}

/// True where the same call may succeed later.
fn is_worth_a_retry(status: &Status) -> bool {
    let reason = status.get_details_error_info().map(|info| info.reason);
    status.code() == Code::Unavailable || reason.as_deref() == Some("WRITE_CONFLICT")
}

/// True where no server answered: its connection was lost, as when it restarts. What a server answers has no source.
fn is_lost(status: &Status) -> bool {
    let is_vague = matches!(
        status.code(),
        Code::Unknown | Code::Internal | Code::Cancelled
    );
    is_vague && status.source().is_some()
}

/// True if `end` has come, or all but: timers tick in milliseconds.
fn is_near(end: Instant) -> bool {
    Instant::now() + Duration::from_millis(50) >= end
}
