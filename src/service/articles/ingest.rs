use std::convert::identity;

use super::get::article;
use crate::domain::{Article, Document};
use crate::extract::EngineKind;
use crate::service::ServiceError;
use crate::service::extraction::ExtractionPool;
use crate::service::own_task::in_own_task;
use crate::store::{Ingested, NewArticle, Store};

/// A document to extract claims from and store.
#[derive(Debug, Clone)]
pub struct IngestArticle {
    /// The document.
    pub document: Document,
    /// The engine that reads it.
    pub engine: EngineKind,
    /// The caller's idempotency key.
    pub request_id: Option<String>,
    /// Whether to store it although an article with this content was deleted.
    pub allow_deleted: bool,
}

/// The outcome of ingesting a document.
#[derive(Debug, Clone)]
pub struct IngestedArticle {
    /// The stored article, without its text.
    pub article: Article,
    /// False if the article was already stored.
    pub created: bool,
}

/// Reads a document and stores it with its claims. A document that is already stored is not read again.
///
/// # Errors
/// [`ServiceError::ExternalIdTaken`], [`ServiceError::ContentDeleted`], [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn ingest_article(
    store: &Store,
    pool: &ExtractionPool,
    command: IngestArticle,
) -> Result<IngestedArticle, ServiceError> {
    let IngestArticle {
        document,
        engine,
        request_id,
        allow_deleted,
    } = command;
    let known = store
        .find_ingested(&document, request_id.as_deref())
        .await?;
    if let Some(id) = known {
        let remembered = in_own_task(store, move |store| async move {
            store.remember_request(request_id.as_deref(), id).await
        });
        return Ok(IngestedArticle {
            article: article(store, remembered.await?, false).await?,
            created: false,
        });
    }
    let options = pool.default_options(engine);
    let reading = pool.read(document, options, identity).await?;
    let new = NewArticle {
        document: reading.document,
        extraction: reading.extraction,
        run: reading.run,
        request_id,
        allow_deleted,
    };
    let stored = in_own_task(store, |store| async move { store.ingest(&new).await });
    match stored.await? {
        Ingested::Created(article) => Ok(IngestedArticle {
            article: *article,
            created: true,
        }),
        Ingested::Known(id) => Ok(IngestedArticle {
            article: article(store, id, false).await?,
            created: false,
        }),
        Ingested::Deleted(id) => Err(ServiceError::ContentDeleted(id)),
        Ingested::ExternalIdTaken(id) => Err(ServiceError::ExternalIdTaken(id)),
    }
}
