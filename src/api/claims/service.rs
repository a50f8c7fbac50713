use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::context::WithContext;
use super::encode::encode_by_id;
use super::{
    export, fact_checks, list, match_claims, propositions, related, review, search, sourcing,
    timeline, watch,
};
use crate::api::request::{Check, MAX_BATCH};
use crate::api::server::claim_service_server::ClaimService;
use crate::api::wire::{call_context, caller, read_from};
use crate::domain::ClaimId;
use crate::proto;
use crate::service::Database;
use crate::service::claims::{
    self as service, EventStream, Exports, Matcher, get_timeline, related_claims, review_claim,
    search_claims,
};
use crate::service::extraction::ExtractionPool;

/// The `ClaimService`.
#[derive(Debug)]
pub struct Claims {
    database: Database,
    events: EventStream,
    exports: Exports,
    matcher: Matcher,
}

impl Claims {
    /// Creates the service on top of `database`; watchers follow `events`, and texts are compared in `pool`.
    #[must_use]
    pub fn new(database: Database, events: EventStream, pool: ExtractionPool) -> Self {
        Self {
            database,
            events,
            exports: Exports::default(),
            matcher: Matcher::new(pool),
        }
    }
}

#[tonic::async_trait]
impl ClaimService for Claims {
    async fn get_claim(
        &self,
        request: Request<proto::GetClaimRequest>,
    ) -> Result<Response<proto::GetClaimResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let mut check = Check::default();
        let id = check.resource::<ClaimId>("name", &request.name);
        let encoding = check.encoding(request.encoding_type);
        let id = check.finish_with(id)?;
        let store = read_from(&self.database, &metadata)?;
        let context = WithContext(request.include_context);
        let claims = encode_by_id(store, &[id], encoding, context).await?;
        Ok(Response::new(proto::GetClaimResponse {
            claim: claims.into_iter().next(),
        }))
    }

    async fn batch_get_claims(
        &self,
        request: Request<proto::BatchGetClaimsRequest>,
    ) -> Result<Response<proto::BatchGetClaimsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let mut check = Check::default();
        let ids = check.batch(&request.names, MAX_BATCH);
        let encoding = check.encoding(request.encoding_type);
        check.finish()?;
        let store = read_from(&self.database, &metadata)?;
        let context = WithContext(request.include_context);
        let claims = encode_by_id(store, &ids, encoding, context).await?;
        Ok(Response::new(proto::BatchGetClaimsResponse { claims }))
    }

    async fn list_claims(
        &self,
        request: Request<proto::ListClaimsRequest>,
    ) -> Result<Response<proto::ListClaimsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let request = list::parse(request)?;
        let store = read_from(&self.database, &metadata)?;
        Ok(Response::new(list::list(store, &request).await?))
    }

    type WatchClaimsStream = BoxStream<proto::WatchClaimsResponse>;

    async fn watch_claims(
        &self,
        request: Request<proto::WatchClaimsRequest>,
    ) -> Result<Response<Self::WatchClaimsStream>, Status> {
        let watch = watch::parse(request.into_inner())?;
        let messages = watch::watch(self.database.primary()?, &self.events, watch);
        Ok(Response::new(messages.await?))
    }

    type ExportClaimsStream = BoxStream<proto::ExportClaimsResponse>;

    async fn export_claims(
        &self,
        request: Request<proto::ExportClaimsRequest>,
    ) -> Result<Response<Self::ExportClaimsStream>, Status> {
        let (metadata, _, request) = request.into_parts();
        let file = export::parse(request)?;
        let export = self.exports.begin(read_from(&self.database, &metadata)?);
        Ok(Response::new(export::stream(export.await?, file)))
    }

    async fn search_claims(
        &self,
        request: Request<proto::SearchClaimsRequest>,
    ) -> Result<Response<proto::SearchClaimsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let list_bytes = search::list_bytes(&request);
        let (search, view) = search::parse(request, search::list(&list_bytes))?;
        let store = read_from(&self.database, &metadata)?;
        let hits = search_claims(store, &search).await?;
        let found = search::encode(store, hits, view, search::list(&list_bytes)).await?;
        Ok(Response::new(found))
    }

    async fn match_claims(
        &self,
        request: Request<proto::MatchClaimsRequest>,
    ) -> Result<Response<proto::MatchClaimsResponse>, Status> {
        let (metadata, extensions, request) = request.into_parts();
        let (request, encoding) = match_claims::parse(request)?;
        let store = read_from(&self.database, &metadata)?;
        let matcher = self.matcher.for_call(call_context(&extensions));
        let found = service::match_claims(store, &matcher, request).await?;
        let found = match_claims::encode(store, &found, encoding).await?;
        Ok(Response::new(found))
    }

    async fn list_related_claims(
        &self,
        request: Request<proto::ListRelatedClaimsRequest>,
    ) -> Result<Response<proto::ListRelatedClaimsResponse>, Status> {
        let (metadata, extensions, request) = request.into_parts();
        let list_bytes = related::list_bytes(&request);
        let (list, encoding) = related::parse(&request, related::list(&list_bytes))?;
        let store = read_from(&self.database, &metadata)?;
        let matcher = self.matcher.for_call(call_context(&extensions));
        let page = related_claims(store, &matcher, &list).await?;
        let found = related::encode(store, &page, encoding, related::list(&list_bytes)).await?;
        Ok(Response::new(found))
    }

    async fn review_claim(
        &self,
        request: Request<proto::ReviewClaimRequest>,
    ) -> Result<Response<proto::ReviewClaimResponse>, Status> {
        let caller = caller(&request);
        let (review, sent) = review::parse(request.into_inner(), caller)?;
        let (claim, noted) = review_claim(self.database.primary()?, review, sent).await?;
        Ok(Response::new(review::reviewed(&claim, &noted)))
    }

    async fn list_claim_reviews(
        &self,
        request: Request<proto::ListClaimReviewsRequest>,
    ) -> Result<Response<proto::ListClaimReviewsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = review::list(&self.database, &metadata, &request).await?;
        Ok(Response::new(page))
    }

    async fn get_timeline(
        &self,
        request: Request<proto::GetTimelineRequest>,
    ) -> Result<Response<proto::GetTimelineResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let timeline = timeline::parse(&request)?;
        let store = read_from(&self.database, &metadata)?;
        let found = get_timeline(store, &timeline).await?;
        Ok(Response::new(timeline::counted(&found)))
    }

    async fn list_sourcing_stats(
        &self,
        request: Request<proto::ListSourcingStatsRequest>,
    ) -> Result<Response<proto::ListSourcingStatsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = sourcing::list(&self.database, &metadata, request).await?;
        Ok(Response::new(page))
    }

    async fn get_proposition(
        &self,
        request: Request<proto::GetPropositionRequest>,
    ) -> Result<Response<proto::GetPropositionResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let found = propositions::get(&self.database, &metadata, &request).await?;
        Ok(Response::new(found))
    }

    async fn list_proposition_claims(
        &self,
        request: Request<proto::ListPropositionClaimsRequest>,
    ) -> Result<Response<proto::ListPropositionClaimsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = propositions::list_claims(&self.database, &metadata, &request).await?;
        Ok(Response::new(page))
    }

    async fn import_claim_reviews(
        &self,
        request: Request<proto::ImportClaimReviewsRequest>,
    ) -> Result<Response<proto::ImportClaimReviewsResponse>, Status> {
        let caller = caller(&request);
        let matcher = self.matcher.for_call(call_context(request.extensions()));
        let request = request.into_inner();
        let imported = fact_checks::import(&self.database, &matcher, request, &caller);
        Ok(Response::new(imported.await?))
    }

    async fn get_fact_check(
        &self,
        request: Request<proto::GetFactCheckRequest>,
    ) -> Result<Response<proto::GetFactCheckResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let found = fact_checks::get(&self.database, &metadata, &request).await?;
        Ok(Response::new(found))
    }

    async fn list_fact_checks(
        &self,
        request: Request<proto::ListFactChecksRequest>,
    ) -> Result<Response<proto::ListFactChecksResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = fact_checks::list(&self.database, &metadata, request).await?;
        Ok(Response::new(page))
    }

    async fn delete_fact_check(
        &self,
        request: Request<proto::DeleteFactCheckRequest>,
    ) -> Result<Response<proto::DeleteFactCheckResponse>, Status> {
        let caller = caller(&request);
        let request = request.into_inner();
        let deleted = fact_checks::delete(&self.database, request, &caller).await?;
        Ok(Response::new(deleted))
    }
}
