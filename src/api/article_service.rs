use std::convert::identity;

use prost::Message;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tonic_types::pb;

use super::bulk::{Bulk, Item};
use super::check::Check;
use super::convert::article::stored;
use super::convert::engine;
use super::convert::enums::ToDomain;
use super::convert::time::read_range;
use super::document::{MAX_LANGUAGE_CODE, MAX_PUBLISHER};
use super::names::Named;
use super::page_token::ListId;
use super::paging::next_page_token;
use super::reextract::reextract;
use super::server::article_service_server::ArticleService;
use super::status::{Reason, error, error_with};
use super::{Archive, Reader};
use super::{correct, retract, revisions};
use crate::domain::{Article, ArticleId, ClaimId, Document};
use crate::extract::EngineKind;
use crate::proto::stream_ingest_articles_response::Outcome;
use crate::proto::{
    ArticleState, ArticleView, CorrectArticleRequest, CorrectArticleResponse, GetArticleRequest,
    GetArticleResponse, IngestArticleRequest, IngestArticleResponse, ListArticleRevisionsRequest,
    ListArticleRevisionsResponse, ListArticlesRequest, ListArticlesResponse,
    ListRevisionClaimsRequest, ListRevisionClaimsResponse, ReextractArticleRequest,
    ReextractArticleResponse, RetractArticleRequest, RetractArticleResponse,
    StreamIngestArticlesRequest, StreamIngestArticlesResponse,
};
use crate::store::{ArticleFilter, ClaimChanges, Ingested, NewArticle, Store, StoreError};
use crate::text::TextEncoding;

const MAX_REQUEST_ID: usize = 128;
/// Whole texts are large: fewer fit a page.
const MAX_FULL_PAGE: usize = 50;

/// The `ArticleService`.
#[derive(Debug, Clone)]
pub struct Articles {
    archive: Archive,
    reader: Reader,
    bulk: Bulk,
}

impl Articles {
    /// The service, reading with `reader` and storing in `archive`, also the documents of streams, as `bulk` allows.
    #[must_use]
    pub const fn new(archive: Archive, reader: Reader, bulk: Bulk) -> Self {
        Self {
            archive,
            reader,
            bulk,
        }
    }

    async fn ingest(&self, request: IngestArticleRequest) -> Result<IngestArticleResponse, Status> {
        let mut check = Check::default();
        let document = check.document(request.document, self.reader.max_text_bytes());
        let request_id = check.optional_text("request_id", request.request_id, MAX_REQUEST_ID);
        let engine = check.engine(request.engine);
        check.finish()?;
        let store = self.archive.store()?;
        let Ingested { id, created } = self.keep(store, document, request_id, engine).await?;
        let article = find(store, id, false).await?;
        let article = Some(stored(article, false, TextEncoding::Utf8));
        Ok(IngestArticleResponse { article, created })
    }

    async fn keep(
        &self,
        store: &Store,
        document: Document,
        request_id: Option<String>,
        engine: EngineKind,
    ) -> Result<Ingested, Status> {
        let known = store
            .find_ingested(&document, request_id.as_deref())
            .await?;
        if let Some(id) = known {
            let id = in_own_task(store, move |store| async move {
                store.remember_request(request_id.as_deref(), id).await
            });
            return Ok(Ingested {
                id: id.await?,
                created: false,
            });
        }
        let options = self.reader.usual(engine);
        let reading = self.reader.read(document, options, identity).await?;
        let article = NewArticle {
            document: reading.document,
            extraction: reading.extraction,
            run: reading.run,
            request_id,
        };
        in_own_task(store, |store| async move { store.ingest(&article).await }).await
    }
}

#[tonic::async_trait]
impl ArticleService for Articles {
    async fn ingest_article(
        &self,
        request: Request<IngestArticleRequest>,
    ) -> Result<Response<IngestArticleResponse>, Status> {
        self.ingest(request.into_inner()).await.map(Response::new)
    }

    type StreamIngestArticlesStream = BoxStream<StreamIngestArticlesResponse>;

    async fn stream_ingest_articles(
        &self,
        requests: Request<Streaming<StreamIngestArticlesRequest>>,
    ) -> Result<Response<Self::StreamIngestArticlesStream>, Status> {
        let service = self.clone();
        let ingest = move |request| {
            let service = service.clone();
            async move { service.ingest(request).await }
        };
        let at_once = self.reader.worth_having();
        let answers = self.bulk.answers(requests.into_inner(), at_once, ingest);
        Ok(Response::new(answers))
    }

    async fn reextract_article(
        &self,
        request: Request<ReextractArticleRequest>,
    ) -> Result<Response<ReextractArticleResponse>, Status> {
        let request = request.into_inner();
        let mut check = Check::default();
        let id = check.resource::<ArticleId>("name", &request.name);
        let kind = check.engine(request.engine);
        let id = check.finish_with(id)?;
        let store = self.archive.store()?;
        let changes = reextract(store, &self.reader, id, kind, &request.etag).await?;
        let article = find(store, id, false).await?;
        Ok(Response::new(ReextractArticleResponse {
            article: Some(stored(article, false, TextEncoding::Utf8)),
            engine: Some(engine(&kind.id())),
            ..changed(&changes)
        }))
    }

    async fn get_article(
        &self,
        request: Request<GetArticleRequest>,
    ) -> Result<Response<GetArticleResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let mut check = Check::default();
        let id = check.resource::<ArticleId>("name", &request.name);
        let view = check.enumeration::<ArticleView>("view", request.view);
        let encoding = check.encoding(request.encoding_type);
        check.revision(request.revision);
        let id = check.finish_with(id)?;
        let full = view != Some(ArticleView::Basic);
        let store = archive.store()?;
        let article = revisions::find_revision(store, id, request.revision, full).await?;
        let article = Some(stored(article, full, encoding));
        Ok(Response::new(GetArticleResponse { article }))
    }

    async fn list_articles(
        &self,
        request: Request<ListArticlesRequest>,
    ) -> Result<Response<ListArticlesResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let filter_bytes = filter_bytes(&request);
        let list = ListId {
            rpc: "ListArticles",
            filter: &filter_bytes,
        };
        let mut check = Check::default();
        let size = check.page_size(request.page_size);
        let after = check.page_token(list, &request.page_token);
        let publisher = check.optional_text("publisher", request.publisher, MAX_PUBLISHER);
        let (start_time, end_time) = read_range(
            &mut check,
            ("start_publish_time", request.start_publish_time),
            ("end_publish_time", request.end_publish_time),
        );
        let view = check.enumeration::<ArticleView>("view", request.view);
        let encoding = check.encoding(request.encoding_type);
        let language = request.language_code;
        let language_code = check.optional_text("language_code", language, MAX_LANGUAGE_CODE);
        let state = check.enumeration::<ArticleState>("state", request.state);
        check.finish()?;
        let full = view == Some(ArticleView::Full);
        let size = if full { size.min(MAX_FULL_PAGE) } else { size };
        let filter = ArticleFilter {
            publisher,
            start_time,
            end_time,
            language_code,
            state: state.and_then(ToDomain::to_domain),
        };
        let page = archive
            .store()?
            .list_articles(&filter, after, size, full)
            .await?;
        Ok(Response::new(ListArticlesResponse {
            next_page_token: next_page_token(list, page.next.as_ref()),
            articles: page
                .items
                .into_iter()
                .map(|item| stored(item, full, encoding))
                .collect(),
        }))
    }

    async fn retract_article(
        &self,
        request: Request<RetractArticleRequest>,
    ) -> Result<Response<RetractArticleResponse>, Status> {
        let wanted = retract::wanted(request.into_inner())?;
        let article = retract::retract(self.archive.store()?, wanted).await?;
        let article = Some(stored(article, false, TextEncoding::Utf8));
        Ok(Response::new(RetractArticleResponse { article }))
    }

    async fn correct_article(
        &self,
        request: Request<CorrectArticleRequest>,
    ) -> Result<Response<CorrectArticleResponse>, Status> {
        let wanted = correct::wanted(request.into_inner(), self.reader.max_text_bytes())?;
        let store = self.archive.store()?;
        let changes = correct::correct(store, &self.reader, &wanted).await?;
        let article = find(store, wanted.id, false).await?;
        Ok(Response::new(corrected(
            article,
            wanted.engine,
            changes.as_ref(),
        )))
    }

    async fn list_article_revisions(
        &self,
        request: Request<ListArticleRevisionsRequest>,
    ) -> Result<Response<ListArticleRevisionsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let page = revisions::list(&archive, request.get_ref()).await?;
        Ok(Response::new(page))
    }

    async fn list_revision_claims(
        &self,
        request: Request<ListRevisionClaimsRequest>,
    ) -> Result<Response<ListRevisionClaimsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let page = revisions::list_claims(&archive, request.get_ref()).await?;
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

/// Writes in a task of its own: a caller that goes away must not leave a connection in the middle of a transaction.
pub(super) async fn in_own_task<T, F>(
    store: &Store,
    write: impl FnOnce(Store) -> F,
) -> Result<T, Status>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send + 'static,
{
    let written = tokio::spawn(write(store.clone())).await;
    Ok(written.map_err(|failure| {
        tracing::error!(%failure, "storing an article failed");
        error(
            Reason::Internal,
            "an internal error; the server's log tells more",
        )
    })??)
}

/// The article, or the error that there is none.
pub(super) async fn find(store: &Store, id: ArticleId, with_text: bool) -> Result<Article, Status> {
    let found = store.article(id, with_text).await?;
    found.ok_or_else(|| not_found(id))
}

/// The error that there is no such article.
pub(super) fn not_found(id: ArticleId) -> Status {
    let name = id.resource_name();
    error_with(
        Reason::ArticleNotFound,
        format!("there is no {name}"),
        [("name", name)],
    )
}

/// The part of an answer that tells how an article's claims changed.
fn changed(changes: &ClaimChanges) -> ReextractArticleResponse {
    let names = |ids: &[ClaimId]| ids.iter().map(Named::resource_name).collect();
    let count = |claims: usize| i64::try_from(claims).unwrap_or(i64::MAX);
    ReextractArticleResponse {
        created_claims: names(&changes.created),
        updated_claims: names(&changes.updated),
        deleted_claims: names(&changes.deleted),
        unchanged_claim_count: count(changes.unchanged),
        kept_claim_count: count(changes.kept),
        ..ReextractArticleResponse::default()
    }
}

/// What a correction did; `None`: nothing.
fn corrected(
    article: Article,
    kind: EngineKind,
    changes: Option<&ClaimChanges>,
) -> CorrectArticleResponse {
    let is_changed = changes.is_some();
    let unchanged = || ReextractArticleResponse {
        unchanged_claim_count: article.claim_count,
        ..ReextractArticleResponse::default()
    };
    let told = changes.map_or_else(unchanged, changed);
    CorrectArticleResponse {
        article: Some(stored(article, false, TextEncoding::Utf8)),
        engine: is_changed.then(|| engine(&kind.id())),
        created_claims: told.created_claims,
        updated_claims: told.updated_claims,
        deleted_claims: told.deleted_claims,
        unchanged_claim_count: told.unchanged_claim_count,
        kept_claim_count: told.kept_claim_count,
        corrected: is_changed,
    }
}

/// The part of the request that a page token belongs to.
fn filter_bytes(request: &ListArticlesRequest) -> Vec<u8> {
    let filter = ListArticlesRequest {
        publisher: request.publisher.clone(),
        start_publish_time: request.start_publish_time,
        end_publish_time: request.end_publish_time,
        language_code: request.language_code.clone(),
        state: request.state,
        ..ListArticlesRequest::default()
    };
    filter.encode_to_vec()
}
