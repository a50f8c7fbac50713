//! A server that answers as it was told to.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use onrecord::api::server::claim_service_server::{ClaimService, ClaimServiceServer};
use onrecord::proto::{
    BatchGetClaimsRequest, BatchGetClaimsResponse, Claim, DeleteFactCheckRequest,
    DeleteFactCheckResponse, ExportClaimsRequest, ExportClaimsResponse, GetClaimRequest,
    GetClaimResponse, GetFactCheckRequest, GetFactCheckResponse, GetPropositionRequest,
    GetPropositionResponse, GetTimelineRequest, GetTimelineResponse, ImportClaimReviewsRequest,
    ImportClaimReviewsResponse, ListClaimReviewsRequest, ListClaimReviewsResponse,
    ListClaimsRequest, ListClaimsResponse, ListFactChecksRequest, ListFactChecksResponse,
    ListPropositionClaimsRequest, ListPropositionClaimsResponse, ListRelatedClaimsRequest,
    ListRelatedClaimsResponse, ListSourcingStatsRequest, ListSourcingStatsResponse,
    MatchClaimsRequest, MatchClaimsResponse, ReviewClaimRequest, ReviewClaimResponse,
    SearchClaimsRequest, SearchClaimsResponse, WatchClaimsRequest, WatchClaimsResponse,
};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tonic::codegen::BoxStream;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};

/// A running fake, which ends with its test.
pub struct Fake {
    pub address: SocketAddr,
    service: Arc<Answers>,
    /// Its own, so that its connections can end with it.
    runtime: Option<Runtime>,
}

struct Answers {
    /// `None`: never answers.
    codes: Option<Vec<Code>>,
    calls: AtomicUsize,
}

impl Fake {
    /// Answers these codes in turn, then OK. Its list has three pages of two claims.
    pub async fn start(codes: &[Code]) -> Self {
        Self::serve(Some(codes.to_vec())).await
    }

    /// Never answers.
    pub async fn silent() -> Self {
        Self::serve(None).await
    }

    async fn serve(codes: Option<Vec<Code>>) -> Self {
        let service = Arc::new(Answers {
            codes,
            calls: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = ClaimServiceServer::from_arc(Arc::clone(&service));
        let serving = Server::builder()
            .add_service(server)
            .serve_with_incoming(TcpIncoming::from(listener));
        let runtime = Runtime::new().expect("a runtime");
        runtime.spawn(serving);
        Self {
            address,
            service,
            runtime: Some(runtime),
        }
    }

    /// How many calls have come.
    pub fn calls(&self) -> usize {
        self.service.calls.load(Ordering::SeqCst)
    }

    /// Waits for a call.
    pub async fn called(&self) {
        while self.calls() == 0 {
            tokio::task::yield_now().await;
        }
    }

    /// Dies with all its connections.
    pub fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Answers {
    async fn next(&self) -> Result<(), Status> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let Some(codes) = &self.codes else {
            return std::future::pending().await;
        };
        match codes.get(call) {
            None | Some(Code::Ok) => Ok(()),
            Some(code) => Err(Status::new(*code, "as told")),
        }
    }
}

#[tonic::async_trait]
impl ClaimService for Answers {
    async fn get_claim(
        &self,
        _: Request<GetClaimRequest>,
    ) -> Result<Response<GetClaimResponse>, Status> {
        self.next().await?;
        Ok(Response::new(GetClaimResponse::default()))
    }

    async fn batch_get_claims(
        &self,
        _: Request<BatchGetClaimsRequest>,
    ) -> Result<Response<BatchGetClaimsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(BatchGetClaimsResponse::default()))
    }

    async fn list_claims(
        &self,
        request: Request<ListClaimsRequest>,
    ) -> Result<Response<ListClaimsResponse>, Status> {
        self.next().await?;
        let before: usize = request.get_ref().page_token.parse().unwrap_or(0);
        let page = before + 1;
        let claim = |letter| Claim {
            name: format!("claims/{page}{letter}"),
            ..Claim::default()
        };
        Ok(Response::new(ListClaimsResponse {
            claims: ["a", "b"].map(claim).to_vec(),
            next_page_token: if page < 3 {
                page.to_string()
            } else {
                String::new()
            },
            ..Default::default()
        }))
    }

    type WatchClaimsStream = BoxStream<WatchClaimsResponse>;

    async fn watch_claims(
        &self,
        _: Request<WatchClaimsRequest>,
    ) -> Result<Response<Self::WatchClaimsStream>, Status> {
        self.next().await?;
        Ok(Response::new(Box::pin(futures_util::stream::empty())))
    }

    type ExportClaimsStream = BoxStream<ExportClaimsResponse>;

    async fn export_claims(
        &self,
        _: Request<ExportClaimsRequest>,
    ) -> Result<Response<Self::ExportClaimsStream>, Status> {
        self.next().await?;
        Ok(Response::new(Box::pin(futures_util::stream::empty())))
    }

    async fn search_claims(
        &self,
        _: Request<SearchClaimsRequest>,
    ) -> Result<Response<SearchClaimsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(SearchClaimsResponse::default()))
    }

    async fn match_claims(
        &self,
        _: Request<MatchClaimsRequest>,
    ) -> Result<Response<MatchClaimsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(MatchClaimsResponse::default()))
    }

    async fn list_related_claims(
        &self,
        _: Request<ListRelatedClaimsRequest>,
    ) -> Result<Response<ListRelatedClaimsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(ListRelatedClaimsResponse::default()))
    }

    async fn review_claim(
        &self,
        _: Request<ReviewClaimRequest>,
    ) -> Result<Response<ReviewClaimResponse>, Status> {
        self.next().await?;
        Ok(Response::new(ReviewClaimResponse::default()))
    }

    async fn list_claim_reviews(
        &self,
        _: Request<ListClaimReviewsRequest>,
    ) -> Result<Response<ListClaimReviewsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(ListClaimReviewsResponse::default()))
    }

    async fn get_proposition(
        &self,
        _: Request<GetPropositionRequest>,
    ) -> Result<Response<GetPropositionResponse>, Status> {
        self.next().await?;
        Ok(Response::new(GetPropositionResponse::default()))
    }

    async fn list_proposition_claims(
        &self,
        _: Request<ListPropositionClaimsRequest>,
    ) -> Result<Response<ListPropositionClaimsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(ListPropositionClaimsResponse::default()))
    }

    async fn import_claim_reviews(
        &self,
        _: Request<ImportClaimReviewsRequest>,
    ) -> Result<Response<ImportClaimReviewsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(ImportClaimReviewsResponse::default()))
    }

    async fn get_fact_check(
        &self,
        _: Request<GetFactCheckRequest>,
    ) -> Result<Response<GetFactCheckResponse>, Status> {
        self.next().await?;
        Ok(Response::new(GetFactCheckResponse::default()))
    }

    async fn list_fact_checks(
        &self,
        _: Request<ListFactChecksRequest>,
    ) -> Result<Response<ListFactChecksResponse>, Status> {
        self.next().await?;
        Ok(Response::new(ListFactChecksResponse::default()))
    }

    async fn delete_fact_check(
        &self,
        _: Request<DeleteFactCheckRequest>,
    ) -> Result<Response<DeleteFactCheckResponse>, Status> {
        self.next().await?;
        Ok(Response::new(DeleteFactCheckResponse {}))
    }

    async fn get_timeline(
        &self,
        _: Request<GetTimelineRequest>,
    ) -> Result<Response<GetTimelineResponse>, Status> {
        self.next().await?;
        Ok(Response::new(GetTimelineResponse::default()))
    }

    async fn list_sourcing_stats(
        &self,
        _: Request<ListSourcingStatsRequest>,
    ) -> Result<Response<ListSourcingStatsResponse>, Status> {
        self.next().await?;
        Ok(Response::new(ListSourcingStatsResponse::default()))
    }
}
