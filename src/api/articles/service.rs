use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tonic_types::pb;

use super::correct::{self, corrected};
use super::reextract::{self, reextracted};
use super::{delete, get, list, publishers, reextract_many, retract, revisions, update};
use crate::api::convert::article::stored;
use crate::api::request::Check;
use crate::api::server::article_service_server::ArticleService;
use crate::api::wire::stream_processing::{Item, StreamProcessing};
use crate::api::wire::{call_context, caller};
use crate::proto::longrunning::Operation;
use crate::proto::stream_ingest_articles_response::Outcome;
use crate::proto::{
    BatchGetArticlesRequest, BatchGetArticlesResponse, CorrectArticleRequest,
    CorrectArticleResponse, DeleteArticleRequest, DeleteArticleResponse, GetArticleRequest,
    GetArticleResponse, IngestArticleRequest, IngestArticleResponse, ListArticleRevisionsRequest,
    ListArticleRevisionsResponse, ListArticlesRequest, ListArticlesResponse, ListPublishersRequest,
    ListPublishersResponse, ListRevisionClaimsRequest, ListRevisionClaimsResponse,
    ReextractArticleRequest, ReextractArticleResponse, ReextractArticlesRequest,
    RetractArticleRequest, RetractArticleResponse, StreamIngestArticlesRequest,
    StreamIngestArticlesResponse, UpdateArticleRequest, UpdateArticleResponse,
};
use crate::service::articles::{
    IngestArticle, correct_article, delete_article, ingest_article, reextract_article,
    retract_article, update_article,
};
use crate::service::extraction::ExtractionPool;
use crate::service::operations::OperationSignals;
use crate::service::{CallContext, Database};
use crate::text::TextEncoding;

/// The `ArticleService`.
#[derive(Debug, Clone)]
pub struct Articles {
    database: Database,
    pool: ExtractionPool,
    streams: StreamProcessing,
    operations: OperationSignals,
}

impl Articles {
    /// Creates the service, which extracts in `pool` and stores in `database`; `streams` handles its document
    /// streams, and whoever works on `operations` is told of those started here.
    #[must_use]
    pub const fn new(
        database: Database,
        pool: ExtractionPool,
        streams: StreamProcessing,
        operations: OperationSignals,
    ) -> Self {
        Self {
            database,
            pool,
            streams,
            operations,
        }
    }

    async fn ingest(
        &self,
        call: CallContext,
        request: IngestArticleRequest,
    ) -> Result<IngestArticleResponse, Status> {
        let mut check = Check::default();
        let document = check.document(request.document, self.pool.max_text_bytes());
        let request_id = check.request_id(request.request_id);
        let engine = check.engine(request.engine);
        check.finish()?;
        let command = IngestArticle {
            document,
            engine,
            request_id,
            allow_deleted: request.allow_deleted,
        };
        let pool = self.pool.for_call(call);
        let ingested = ingest_article(self.database.primary()?, &pool, command).await?;
        Ok(IngestArticleResponse {
            article: Some(stored(ingested.article, false, TextEncoding::Utf8)),
            created: ingested.created,
        })
    }
}

#[tonic::async_trait]
impl ArticleService for Articles {
    async fn ingest_article(
        &self,
        request: Request<IngestArticleRequest>,
    ) -> Result<Response<IngestArticleResponse>, Status> {
        let call = call_context(request.extensions());
        let ingested = self.ingest(call, request.into_inner()).await?;
        Ok(Response::new(ingested))
    }

    type StreamIngestArticlesStream = BoxStream<StreamIngestArticlesResponse>;

    async fn stream_ingest_articles(
        &self,
        requests: Request<Streaming<StreamIngestArticlesRequest>>,
    ) -> Result<Response<Self::StreamIngestArticlesStream>, Status> {
        let service = self.clone();
        let call = call_context(requests.extensions());
        let ingest = move |request| {
            let service = service.clone();
            let call = service.streams.call_of_item(&call);
            async move { service.ingest(call, request).await }
        };
        let at_once = self.pool.in_flight_per_stream();
        let answers = self.streams.process(requests.into_inner(), at_once, ingest);
        Ok(Response::new(answers))
    }

    async fn reextract_article(
        &self,
        request: Request<ReextractArticleRequest>,
    ) -> Result<Response<ReextractArticleResponse>, Status> {
        let pool = self.pool.for_call(call_context(request.extensions()));
        let caller = caller(&request);
        let (command, sent) = reextract::parse(request.into_inner(), &caller)?;
        let done = reextract_article(self.database.primary()?, &pool, command, sent).await?;
        Ok(Response::new(reextracted(done, command.engine)))
    }

    async fn reextract_articles(
        &self,
        request: Request<ReextractArticlesRequest>,
    ) -> Result<Response<Operation>, Status> {
        let caller = caller(&request);
        let request = request.into_inner();
        let started = reextract_many::start(&self.database, &self.operations, request, caller);
        Ok(Response::new(started.await?))
    }

    async fn get_article(
        &self,
        request: Request<GetArticleRequest>,
    ) -> Result<Response<GetArticleResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let article = get::one(&self.database, &metadata, &request).await?;
        let article = Some(article);
        Ok(Response::new(GetArticleResponse { article }))
    }

    async fn batch_get_articles(
        &self,
        request: Request<BatchGetArticlesRequest>,
    ) -> Result<Response<BatchGetArticlesResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let articles = get::batch(&self.database, &metadata, &request).await?;
        Ok(Response::new(BatchGetArticlesResponse { articles }))
    }

    async fn list_articles(
        &self,
        request: Request<ListArticlesRequest>,
    ) -> Result<Response<ListArticlesResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = list::list(&self.database, &metadata, request).await?;
        Ok(Response::new(page))
    }

    async fn list_publishers(
        &self,
        request: Request<ListPublishersRequest>,
    ) -> Result<Response<ListPublishersResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = publishers::list(&self.database, &metadata, &request).await?;
        Ok(Response::new(page))
    }

    async fn retract_article(
        &self,
        request: Request<RetractArticleRequest>,
    ) -> Result<Response<RetractArticleResponse>, Status> {
        let caller = caller(&request);
        let (command, sent) = retract::parse(request.into_inner(), caller)?;
        let article = retract_article(self.database.primary()?, command, sent).await?;
        let article = Some(stored(article, false, TextEncoding::Utf8));
        Ok(Response::new(RetractArticleResponse { article }))
    }

    async fn update_article(
        &self,
        request: Request<UpdateArticleRequest>,
    ) -> Result<Response<UpdateArticleResponse>, Status> {
        let pool = self.pool.for_call(call_context(request.extensions()));
        let caller = caller(&request);
        let (command, sent) = update::parse(request.into_inner(), caller)?;
        let done = update_article(self.database.primary()?, &pool, &command, sent).await?;
        Ok(Response::new(update::updated(done)))
    }

    async fn delete_article(
        &self,
        request: Request<DeleteArticleRequest>,
    ) -> Result<Response<DeleteArticleResponse>, Status> {
        let caller = caller(&request);
        let (command, sent) = delete::parse(request.into_inner(), caller)?;
        let id = command.id;
        let deletion = delete_article(self.database.primary()?, command, sent).await?;
        Ok(Response::new(delete::deleted(id, deletion)))
    }

    async fn correct_article(
        &self,
        request: Request<CorrectArticleRequest>,
    ) -> Result<Response<CorrectArticleResponse>, Status> {
        let pool = self.pool.for_call(call_context(request.extensions()));
        let caller = caller(&request);
        let (command, sent) = correct::parse(request.into_inner(), caller, pool.max_text_bytes())?;
        let done = correct_article(self.database.primary()?, &pool, &command, sent).await?;
        Ok(Response::new(corrected(done, command.engine)))
    }

    async fn list_article_revisions(
        &self,
        request: Request<ListArticleRevisionsRequest>,
    ) -> Result<Response<ListArticleRevisionsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = revisions::list(&self.database, &metadata, &request).await?;
        Ok(Response::new(page))
    }

    async fn list_revision_claims(
        &self,
        request: Request<ListRevisionClaimsRequest>,
    ) -> Result<Response<ListRevisionClaimsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let page = revisions::list_claims(&self.database, &metadata, &request).await?;
        Ok(Response::new(page))
    }
}

impl Item for StreamIngestArticlesRequest {
    type Request = IngestArticleRequest;
    type Response = IngestArticleResponse;
    type Answer = StreamIngestArticlesResponse;

    fn open(self) -> (String, IngestArticleRequest) {
        (self.id, self.request.unwrap_or_default())
    }

    fn answer(id: String, outcome: Result<IngestArticleResponse, pb::Status>) -> Self::Answer {
        let outcome = outcome.map_or_else(Outcome::Error, Outcome::Result);
        StreamIngestArticlesResponse {
            id,
            outcome: Some(outcome),
        }
    }
}
