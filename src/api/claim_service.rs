use std::collections::{BTreeSet, HashMap};

use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::check::Check;
use super::claim_filter::list_bytes;
use super::convert::claim::{basic, stored};
use super::convert::span::SpanWriter;
use super::export::{self, Exports};
use super::feed::Feed;
use super::match_claims::match_claims;
use super::matcher::Matcher;
use super::names::Named;
use super::page_token::ListId;
use super::paging::next_page_token;
use super::related_claims::related_claims;
use super::search::search;
use super::server::claim_service_server::ClaimService;
use super::sourcing::sourcing_stats;
use super::status::{Reason, error_with};
use super::timeline::timeline;
use super::{Archive, Reader, propositions, review, watch};
use crate::domain::{ArticleId, Claim, ClaimId};
use crate::proto;
use crate::store::{MAX_ANSWER_BYTES, Store, StoreError};
use crate::text::TextEncoding;

const MAX_BATCH: usize = 1_000;
/// How many articles' texts are held in memory to convert offsets.
pub(super) const TEXTS_AT_ONCE: usize = 32;

/// The `ClaimService`.
#[derive(Debug)]
pub struct Claims {
    archive: Archive,
    feed: Feed,
    exports: Exports,
    matcher: Matcher,
}

impl Claims {
    /// The service over `archive`, whose watchers `feed` tells what happens; texts are compared where `reader` reads them.
    #[must_use]
    pub fn new(archive: Archive, feed: Feed, reader: Reader) -> Self {
        Self {
            archive,
            feed,
            exports: Exports::default(),
            matcher: Matcher::new(reader),
        }
    }
}

#[tonic::async_trait]
impl ClaimService for Claims {
    async fn get_claim(
        &self,
        request: Request<proto::GetClaimRequest>,
    ) -> Result<Response<proto::GetClaimResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let mut check = Check::default();
        let id = check.resource::<ClaimId>("name", &request.name);
        let encoding = check.encoding(request.encoding_type);
        let id = check.finish_with(id)?;
        let claims = find_all(archive.store()?, &[id], encoding).await?;
        Ok(Response::new(proto::GetClaimResponse {
            claim: claims.into_iter().next(),
        }))
    }

    async fn batch_get_claims(
        &self,
        request: Request<proto::BatchGetClaimsRequest>,
    ) -> Result<Response<proto::BatchGetClaimsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let mut check = Check::default();
        let ids = check.batch(&request.names);
        let encoding = check.encoding(request.encoding_type);
        check.finish()?;
        let claims = find_all(archive.store()?, &ids, encoding).await?;
        Ok(Response::new(proto::BatchGetClaimsResponse { claims }))
    }

    async fn list_claims(
        &self,
        request: Request<proto::ListClaimsRequest>,
    ) -> Result<Response<proto::ListClaimsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let filter = request.filter.unwrap_or_default();
        let list_bytes = list_bytes(&filter, request.order_by);
        let list = ListId {
            rpc: "ListClaims",
            filter: &list_bytes,
        };
        let mut check = Check::default();
        let size = check.page_size(request.page_size);
        let order = check.claim_order(request.order_by);
        let after = check.claim_place(list, &request.page_token, order);
        let encoding = check.encoding(request.encoding_type);
        let filter = check.claim_filter(filter);
        let full = check.claim_view(request.view);
        check.finish()?;
        let store = archive.store()?;
        let page = store.list_claims(&filter, order, after, size).await?;
        let mut written = write(store, &page.items, encoding).await?;
        let claims = page.items.iter().map(|claim| claim.id);
        let claims = claims.filter_map(|id| written.remove(&id));
        Ok(Response::new(proto::ListClaimsResponse {
            claims: claims
                .map(|claim| if full { claim } else { basic(claim) })
                .collect(),
            next_page_token: next_page_token(list, page.next.as_ref()),
        }))
    }

    type WatchClaimsStream = BoxStream<proto::WatchClaimsResponse>;

    async fn watch_claims(
        &self,
        request: Request<proto::WatchClaimsRequest>,
    ) -> Result<Response<Self::WatchClaimsStream>, Status> {
        let wanted = watch::wanted(request.into_inner())?;
        let watch = watch::watch(self.archive.store()?, &self.feed, wanted);
        Ok(Response::new(watch.await?))
    }

    type ExportClaimsStream = BoxStream<proto::ExportClaimsResponse>;

    async fn export_claims(
        &self,
        request: Request<proto::ExportClaimsRequest>,
    ) -> Result<Response<Self::ExportClaimsStream>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let wanted = export::wanted(request.into_inner())?;
        let export = self.exports.export(archive.store()?, wanted);
        Ok(Response::new(export.await?))
    }

    async fn search_claims(
        &self,
        request: Request<proto::SearchClaimsRequest>,
    ) -> Result<Response<proto::SearchClaimsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let found = search(&archive, request.into_inner()).await?;
        Ok(Response::new(found))
    }

    async fn match_claims(
        &self,
        request: Request<proto::MatchClaimsRequest>,
    ) -> Result<Response<proto::MatchClaimsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let found = match_claims(&archive, &self.matcher, request.into_inner()).await?;
        Ok(Response::new(found))
    }

    async fn list_related_claims(
        &self,
        request: Request<proto::ListRelatedClaimsRequest>,
    ) -> Result<Response<proto::ListRelatedClaimsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let found = related_claims(&archive, &self.matcher, request.into_inner()).await?;
        Ok(Response::new(found))
    }

    async fn review_claim(
        &self,
        request: Request<proto::ReviewClaimRequest>,
    ) -> Result<Response<proto::ReviewClaimResponse>, Status> {
        let wanted = review::wanted(request.into_inner())?;
        let noted = review::review(self.archive.store()?, wanted).await?;
        Ok(Response::new(noted))
    }

    async fn list_claim_reviews(
        &self,
        request: Request<proto::ListClaimReviewsRequest>,
    ) -> Result<Response<proto::ListClaimReviewsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let page = review::list(&archive, request.get_ref()).await?;
        Ok(Response::new(page))
    }

    async fn get_timeline(
        &self,
        request: Request<proto::GetTimelineRequest>,
    ) -> Result<Response<proto::GetTimelineResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let found = timeline(&archive, request.into_inner()).await?;
        Ok(Response::new(found))
    }

    async fn list_sourcing_stats(
        &self,
        request: Request<proto::ListSourcingStatsRequest>,
    ) -> Result<Response<proto::ListSourcingStatsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let found = sourcing_stats(&archive, request.into_inner()).await?;
        Ok(Response::new(found))
    }

    async fn get_proposition(
        &self,
        request: Request<proto::GetPropositionRequest>,
    ) -> Result<Response<proto::GetPropositionResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let found = propositions::get(&archive, request.get_ref()).await?;
        Ok(Response::new(found))
    }

    async fn list_proposition_claims(
        &self,
        request: Request<proto::ListPropositionClaimsRequest>,
    ) -> Result<Response<proto::ListPropositionClaimsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let page = propositions::list_claims(&archive, request.get_ref()).await?;
        Ok(Response::new(page))
    }
}

impl Check {
    fn batch(&mut self, names: &[String]) -> Vec<ClaimId> {
        if names.is_empty() {
            self.fail(
                "names",
                Reason::RequiredFieldMissing,
                "needs at least one name",
            );
        } else if names.len() > MAX_BATCH {
            let description = format!(
                "holds {} names, at most {MAX_BATCH} are allowed",
                names.len()
            );
            self.fail("names", Reason::InvalidField, description);
            return Vec::new();
        }
        let ids = names.iter().enumerate();
        ids.filter_map(|(n, name)| self.resource(&format!("names[{n}]"), name))
            .collect()
    }
}

/// The claims of `ids`, in that order and as often, or NOT_FOUND.
pub(super) async fn find_all(
    store: &Store,
    ids: &[ClaimId],
    encoding: TextEncoding,
) -> Result<Vec<proto::Claim>, Status> {
    let mut found = write(store, &store.claims(ids).await?, encoding).await?;
    if encoding != TextEncoding::Utf8 && ids.iter().any(|id| !found.contains_key(id)) {
        // Their article may have been corrected between the looks at claims and text.
        found = write(store, &store.claims(ids).await?, encoding).await?;
    }
    let missing: Vec<&ClaimId> = ids.iter().filter(|id| !found.contains_key(id)).collect();
    if let Some(first) = missing.first() {
        return Err(claim_not_found(**first, missing.len()));
    }
    let claims = || ids.iter().filter_map(|id| found.get(id));
    let contents = claims().filter_map(|claim| claim.content.as_ref());
    if contents.map(|content| content.text.len()).sum::<usize>() > MAX_ANSWER_BYTES {
        let max_bytes = MAX_ANSWER_BYTES;
        return Err(StoreError::TooLarge { max_bytes }.into());
    }
    Ok(claims().cloned().collect())
}

/// That `missing` of the claims asked for are not there, of which this is the first.
pub(super) fn claim_not_found(first: ClaimId, missing: usize) -> Status {
    let name = first.resource_name();
    let metadata = [
        ("name", name.clone()),
        ("missing_count", missing.to_string()),
    ];
    error_with(
        Reason::ClaimNotFound,
        format!("there is no {name}"),
        metadata,
    )
}

/// Claims as messages.
pub(super) async fn write(
    store: &Store,
    claims: &[Claim],
    encoding: TextEncoding,
) -> Result<HashMap<ClaimId, proto::Claim>, Status> {
    write_with(store, claims, encoding, stored).await
}

/// What `message` makes of each claim. Only offsets other than bytes need the articles' texts; a claim whose article
/// was deleted or corrected meanwhile is left out, since its offsets can no longer be told.
pub(super) async fn write_with<T>(
    store: &Store,
    claims: &[Claim],
    encoding: TextEncoding,
    message: impl Fn(&Claim, &SpanWriter<'_>) -> T,
) -> Result<HashMap<ClaimId, T>, Status> {
    if encoding == TextEncoding::Utf8 {
        let writer = SpanWriter::bytes();
        let claims = claims.iter();
        return Ok(claims
            .map(|claim| (claim.id, message(claim, &writer)))
            .collect());
    }
    let articles: BTreeSet<ArticleId> = claims.iter().map(|claim| claim.article).collect();
    let articles = Vec::from_iter(articles);
    let mut written = HashMap::with_capacity(claims.len());
    for some in articles.chunks(TEXTS_AT_ONCE) {
        for (article, text) in store.article_texts(some).await? {
            let writer = SpanWriter::new(&text, encoding);
            let here = claims.iter().filter(|claim| claim.article == article);
            let here = here.filter(|claim| claim.stands_in(&text));
            written.extend(here.map(|claim| (claim.id, message(claim, &writer))));
        }
    }
    Ok(written)
}

/// Those claims that are the article's as messages.
pub(super) fn write_of_article(
    claims: &[Claim],
    article: ArticleId,
    writer: &SpanWriter<'_>,
) -> impl Iterator<Item = (ClaimId, proto::Claim)> {
    let here = claims.iter().filter(move |claim| claim.article == article);
    here.map(|claim| (claim.id, stored(claim, writer)))
}
