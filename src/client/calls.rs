//! The calls with one request and one response.

use tonic::Status;

use super::Client;
use crate::proto::longrunning::{
    CancelOperationRequest, DeleteOperationRequest, GetOperationRequest, ListOperationsRequest,
    ListOperationsResponse, Operation, WaitOperationRequest,
};
use crate::proto::{
    BatchGetActorsRequest, BatchGetActorsResponse, BatchGetArticlesRequest,
    BatchGetArticlesResponse, BatchGetClaimsRequest, BatchGetClaimsResponse, CorrectArticleRequest,
    CorrectArticleResponse, DeleteActorRequest, DeleteActorResponse, DeleteArticleRequest,
    DeleteArticleResponse, DeleteFactCheckRequest, DeleteFactCheckResponse, ExtractClaimsRequest,
    ExtractClaimsResponse, GetActorRequest, GetActorResponse, GetArticleRequest,
    GetArticleResponse, GetClaimRequest, GetClaimResponse, GetFactCheckRequest,
    GetFactCheckResponse, GetPropositionRequest, GetPropositionResponse, GetServerInfoRequest,
    GetServerInfoResponse, GetTimelineRequest, GetTimelineResponse, ImportClaimReviewsRequest,
    ImportClaimReviewsResponse, IngestArticleRequest, IngestArticleResponse,
    ListActorChangesRequest, ListActorChangesResponse, ListActorsRequest, ListActorsResponse,
    ListArticleRevisionsRequest, ListArticleRevisionsResponse, ListArticlesRequest,
    ListArticlesResponse, ListClaimReviewsRequest, ListClaimReviewsResponse, ListClaimsRequest,
    ListClaimsResponse, ListFactChecksRequest, ListFactChecksResponse,
    ListPropositionClaimsRequest, ListPropositionClaimsResponse, ListPublishersRequest,
    ListPublishersResponse, ListRelatedClaimsRequest, ListRelatedClaimsResponse,
    ListRevisionClaimsRequest, ListRevisionClaimsResponse, ListSourcingStatsRequest,
    ListSourcingStatsResponse, MatchClaimsRequest, MatchClaimsResponse, MergeActorsRequest,
    MergeActorsResponse, ReextractArticleRequest, ReextractArticleResponse,
    ReextractArticlesRequest, ResolveActorRequest, ResolveActorResponse, RetractArticleRequest,
    RetractArticleResponse, ReviewClaimRequest, ReviewClaimResponse, SearchClaimsRequest,
    SearchClaimsResponse, SplitActorRequest, SplitActorResponse, UpdateActorRequest,
    UpdateActorResponse, UpdateArticleRequest, UpdateArticleResponse,
};

/// Defines the unary methods.
macro_rules! calls {
    ($($(#[$doc:meta])* $service:ident.$method:ident($request:ty) -> $response:ty;)*) => {
        impl Client {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// The server's error, `DEADLINE_EXCEEDED` after [`ClientOptions::deadline`](super::ClientOptions::deadline), or `UNAVAILABLE` once all
            /// attempts have failed.
            pub async fn $method(&self, request: $request) -> Result<$response, Status> {
                let call = |request| {
                    let mut service = self.$service.clone();
                    async move { service.$method(request).await }
                };
                // The future holds several copies of the request, and filters are large.
                Box::pin(self.call(request, call)).await
            }
        )*}
    };
}

calls! {
    /// Gets what the server is: version, engines, limits.
    server.get_server_info(GetServerInfoRequest) -> GetServerInfoResponse;
    /// Extracts claims from a document without storing it.
    extraction.extract_claims(ExtractClaimsRequest) -> ExtractClaimsResponse;
    /// Ingests a document: extracts its claims and stores it; safe to repeat.
    articles.ingest_article(IngestArticleRequest) -> IngestArticleResponse;
    /// Re-extracts the claims of a stored article; safe to repeat.
    articles.reextract_article(ReextractArticleRequest) -> ReextractArticleResponse;
    /// Gets an operation.
    operations.get_operation(GetOperationRequest) -> Operation;
    /// Waits for an operation as long as the server allows, and gets it as it is then.
    operations.wait_operation(WaitOperationRequest) -> Operation;
    /// Gets one page of operations; see [`Client::all_operations`] for all of them.
    operations.list_operations(ListOperationsRequest) -> ListOperationsResponse;
    /// Cancels an operation; safe to repeat.
    operations.cancel_operation(CancelOperationRequest) -> ();
    /// Gets one article.
    articles.get_article(GetArticleRequest) -> GetArticleResponse;
    /// Gets several articles; fails unless all exist.
    articles.batch_get_articles(BatchGetArticlesRequest) -> BatchGetArticlesResponse;
    /// Gets one page of articles; see [`Client::all_articles`] for all of them.
    articles.list_articles(ListArticlesRequest) -> ListArticlesResponse;
    /// Gets one page of publishers; see [`Client::all_publishers`] for all of them.
    articles.list_publishers(ListPublishersRequest) -> ListPublishersResponse;
    /// Marks an article as retracted; safe to repeat.
    articles.retract_article(RetractArticleRequest) -> RetractArticleResponse;
    /// Replaces an article's text after its publisher changed it; safe to repeat.
    articles.correct_article(CorrectArticleRequest) -> CorrectArticleResponse;
    /// Updates what is known about an article; safe to repeat.
    articles.update_article(UpdateArticleRequest) -> UpdateArticleResponse;
    /// Deletes an article for good; safe to repeat.
    articles.delete_article(DeleteArticleRequest) -> DeleteArticleResponse;
    /// Gets one page of an article's revisions; see [`Client::all_article_revisions`] for all of them.
    articles.list_article_revisions(ListArticleRevisionsRequest) -> ListArticleRevisionsResponse;
    /// Gets one page of the claims of a revision; see [`Client::all_revision_claims`] for all of them.
    articles.list_revision_claims(ListRevisionClaimsRequest) -> ListRevisionClaimsResponse;
    /// Gets one actor.
    actors.get_actor(GetActorRequest) -> GetActorResponse;
    /// Gets several actors; fails unless all exist.
    actors.batch_get_actors(BatchGetActorsRequest) -> BatchGetActorsResponse;
    /// Gets one page of actors; see [`Client::all_actors`] for all of them.
    actors.list_actors(ListActorsRequest) -> ListActorsResponse;
    /// Gets the actors that a mention may refer to, best first.
    actors.resolve_actor(ResolveActorRequest) -> ResolveActorResponse;
    /// Deletes an actor for good; safe to repeat.
    actors.delete_actor(DeleteActorRequest) -> DeleteActorResponse;
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
    /// Imports published fact checks; safe to repeat.
    claims.import_claim_reviews(ImportClaimReviewsRequest) -> ImportClaimReviewsResponse;
    /// Gets one fact check.
    claims.get_fact_check(GetFactCheckRequest) -> GetFactCheckResponse;
    /// Gets one page of fact checks; see [`Client::all_fact_checks`] for all of them.
    claims.list_fact_checks(ListFactChecksRequest) -> ListFactChecksResponse;
    /// Gets one page of sourcing statistics; see [`Client::all_sourcing_stats`] for all of them.
    claims.list_sourcing_stats(ListSourcingStatsRequest) -> ListSourcingStatsResponse;
}

/// Calls that change actors, claims and fact checks, or start operations, are retried only with a `request_id`. Without one, check after
/// `UNAVAILABLE` whether the change was made.
impl Client {
    /// Changes fields of an actor.
    ///
    /// # Errors
    /// As for the other calls, but without retries if it has no `request_id`.
    pub async fn update_actor(
        &self,
        request: UpdateActorRequest,
    ) -> Result<UpdateActorResponse, Status> {
        let call = |request| {
            let mut service = self.actors.clone();
            async move { service.update_actor(request).await }
        };
        let client = self.for_write(&request.request_id);
        client.call(request, call).await
    }

    /// Merges several actors into one.
    ///
    /// # Errors
    /// As for the other calls, but without retries if it has no `request_id`.
    pub async fn merge_actors(
        &self,
        request: MergeActorsRequest,
    ) -> Result<MergeActorsResponse, Status> {
        let call = |request| {
            let mut service = self.actors.clone();
            async move { service.merge_actors(request).await }
        };
        let client = self.for_write(&request.request_id);
        client.call(request, call).await
    }

    /// Splits an actor in two.
    ///
    /// # Errors
    /// As for the other calls, but without retries if it has no `request_id`.
    pub async fn split_actor(
        &self,
        request: SplitActorRequest,
    ) -> Result<SplitActorResponse, Status> {
        let call = |request| {
            let mut service = self.actors.clone();
            async move { service.split_actor(request).await }
        };
        let client = self.for_write(&request.request_id);
        client.call(request, call).await
    }

    /// Records a person's review of a claim.
    ///
    /// # Errors
    /// As for the other calls, but without retries if it has no `request_id`.
    pub async fn review_claim(
        &self,
        request: ReviewClaimRequest,
    ) -> Result<ReviewClaimResponse, Status> {
        let call = |request| {
            let mut service = self.claims.clone();
            async move { service.review_claim(request).await }
        };
        // The request contains a whole claim, and the future holds several copies of it.
        let client = self.for_write(&request.request_id);
        Box::pin(client.call(request, call)).await
    }

    /// Deletes a fact check for good.
    ///
    /// # Errors
    /// As for the other calls, but without retries if it has no `request_id`.
    pub async fn delete_fact_check(
        &self,
        request: DeleteFactCheckRequest,
    ) -> Result<DeleteFactCheckResponse, Status> {
        let call = |request| {
            let mut service = self.claims.clone();
            async move { service.delete_fact_check(request).await }
        };
        let client = self.for_write(&request.request_id);
        client.call(request, call).await
    }

    /// Starts an operation that re-extracts the claims of many articles.
    ///
    /// # Errors
    /// As for the other calls, but without retries if it has no `request_id`.
    pub async fn reextract_articles(
        &self,
        request: ReextractArticlesRequest,
    ) -> Result<Operation, Status> {
        let call = |request| {
            let mut service = self.articles.clone();
            async move { service.reextract_articles(request).await }
        };
        let client = self.for_write(&request.request_id);
        client.call(request, call).await
    }

    /// Deletes an operation that is done.
    ///
    /// # Errors
    /// As for the other calls, but without retries: a second attempt would find nothing.
    pub async fn delete_operation(&self, request: DeleteOperationRequest) -> Result<(), Status> {
        let call = |request| {
            let mut service = self.operations.clone();
            async move { service.delete_operation(request).await }
        };
        self.for_write("").call(request, call).await
    }

    /// A client that makes one attempt unless the call has an id by which the server knows it again.
    fn for_write(&self, request_id: &str) -> Self {
        let mut client = self.clone();
        if request_id.is_empty() {
            client.options.attempts = 1;
        }
        client
    }
}
