//! Re-extracting claims from a stored article.

use std::convert::identity;

use super::get::article;
use crate::domain::{Article, ArticleId, OperationId};
use crate::extract::EngineKind;
use crate::service::extraction::ExtractionPool;
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{ClaimChanges, Reextracted, Rereading, Store, WriteRequest};

/// A request to re-extract an article's claims.
#[derive(Debug, Clone, Copy)]
pub struct ReextractArticle {
    /// The article.
    pub id: ArticleId,
    /// The engine that reads it.
    pub engine: EngineKind,
    /// If set, the version that the article must still have.
    pub row_version: Option<i64>,
    /// The operation that has the article at hand, and counts it as read.
    pub operation: Option<OperationId>,
}

/// The outcome of re-extraction.
#[derive(Debug, Clone)]
pub struct Reextraction {
    /// The article as it is now, without its text.
    pub article: Article,
    /// How its claims changed.
    pub changes: ClaimChanges,
}

/// Extracts the claims of a stored article again and stores the result.
///
/// For a request that was carried out before, the changes are those of then.
///
/// If the article changes during extraction, it is read again: the stored claims always come from its current text and
/// metadata.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::EtagMismatch`], [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all, fields(article = %command.id))]
pub async fn reextract_article(
    store: &Store,
    pool: &ExtractionPool,
    command: ReextractArticle,
    request: Option<WriteRequest>,
) -> Result<Reextraction, ServiceError> {
    let ReextractArticle {
        id,
        engine,
        row_version,
        operation,
    } = command;
    let mismatch = || ServiceError::EtagMismatch(Versioned::Article(id));
    let options = pool.default_options(engine);
    loop {
        let now = article(store, id, true).await?;
        // Asked after that, so that whoever made it in the meantime is found.
        if let Some(changes) = store.made_before(request.as_ref()).await? {
            let article = article(store, id, false).await?;
            return Ok(Reextraction { article, changes });
        }
        if row_version.is_some_and(|version| version != now.row_version) {
            return Err(mismatch());
        }
        let metadata = now.document.without_text();
        let reading = pool.read(now.document, options, identity).await?;
        let rereading = Rereading {
            id,
            revision: now.revision,
            row_version,
            metadata,
            document: reading.document,
            extraction: reading.extraction,
            run: reading.run,
        };
        let request = request.clone();
        let write = |store: Store| async move {
            match operation {
                None => store.reextract(&rereading, request.as_ref()).await,
                Some(operation) => store.reextract_for(operation, &rereading).await,
            }
        };
        match in_own_task(store, write).await? {
            Reextracted::Stored(changes) => {
                let article = article(store, id, false).await?;
                return Ok(Reextraction { article, changes });
            }
            Reextracted::NotFound => return Err(ServiceError::ArticleNotFound(id)),
            Reextracted::OtherVersion => return Err(mismatch()),
            // It was changed concurrently: retry on top of that.
            Reextracted::OtherText => {}
        }
    }
}
