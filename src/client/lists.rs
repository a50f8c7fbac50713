//! Lists as streams over all their pages.

use futures_util::stream::{self, Stream, TryStreamExt};
use tonic::Status;

use super::Client;
use crate::proto::longrunning::{ListOperationsRequest, Operation};
use crate::proto::{
    Actor, Article, ArticleRevision, Claim, ClaimReview, FactCheck, ListActorsRequest,
    ListArticleRevisionsRequest, ListArticlesRequest, ListClaimReviewsRequest, ListClaimsRequest,
    ListFactChecksRequest, ListPropositionClaimsRequest, ListPublishersRequest,
    ListRelatedClaimsRequest, ListRevisionClaimsRequest, ListSourcingStatsRequest, Publisher,
    RelatedClaim, SearchClaimsRequest, SearchHit, SourcingStats,
};

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
    /// All publishers, by name.
    all_publishers by list_publishers(ListPublishersRequest) -> publishers: Publisher;
    /// All revisions of an article, newest first.
    all_article_revisions by list_article_revisions(ListArticleRevisionsRequest) -> revisions: ArticleRevision;
    /// All claims of a revision.
    all_revision_claims by list_revision_claims(ListRevisionClaimsRequest) -> claims: Claim;
    /// All actors that match the request.
    all_actors by list_actors(ListActorsRequest) -> actors: Actor;
    /// All operations that match the request, newest first.
    all_operations by list_operations(ListOperationsRequest) -> operations: Operation;
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
    /// All fact checks, or those of some claims, newest first.
    all_fact_checks by list_fact_checks(ListFactChecksRequest) -> fact_checks: FactCheck;
    /// All rows of the sourcing statistics.
    all_sourcing_stats by list_sourcing_stats(ListSourcingStatsRequest) -> rows: SourcingStats;
}
