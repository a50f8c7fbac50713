//! Replacing an article's text after its publisher changed it.

use std::convert::identity;

use super::get::{article, missing};
use crate::domain::{Article, ArticleId, Document};
use crate::extract::EngineKind;
use crate::service::extraction::ExtractionPool;
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{ClaimChanges, Corrected, Correction, Rereading, Store, WriteRequest};

/// A request to correct an article.
#[derive(Debug, Clone)]
pub struct CorrectArticle {
    /// The article.
    pub id: ArticleId,
    /// Its new text.
    pub text: String,
    /// Its new title; `None` keeps the old one.
    pub title: Option<String>,
    /// Its new authors; empty keeps the old ones.
    pub authors: Vec<String>,
    /// The engine that reads the text.
    pub engine: EngineKind,
    /// Who requested the correction.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that the article must still have.
    pub row_version: Option<i64>,
    /// Whether nothing is to be written: only whether it could be, and what would come of it.
    pub validate_only: bool,
}

impl CorrectArticle {
    /// The document that the article becomes.
    fn document(&self, article: &Article) -> Document {
        let now = &article.document;
        Document {
            text: self.text.clone(),
            title: self.title.clone().or_else(|| now.title.clone()),
            authors: if self.authors.is_empty() {
                now.authors.clone()
            } else {
                self.authors.clone()
            },
            ..now.clone()
        }
    }
}

/// Corrects an article, or finds out what would come of it, and returns it, without its text, along with how its claims
/// changed. The changes are `None` where the article already has that content, and those of then for a request that was
/// carried out before.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::ArticleExists`], [`ServiceError::EtagMismatch`],
/// [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all, fields(article = %command.id))]
pub async fn correct_article(
    store: &Store,
    pool: &ExtractionPool,
    command: &CorrectArticle,
    request: Option<WriteRequest>,
) -> Result<(Article, Option<ClaimChanges>), ServiceError> {
    let (id, row_version) = (command.id, command.row_version);
    // A trial uses up no id.
    let request = request.filter(|_| !command.validate_only);
    let mismatch = || ServiceError::EtagMismatch(Versioned::Article(id));
    let options = pool.default_options(command.engine);
    loop {
        let now = article(store, id, true).await?;
        // Asked after that, so that whoever made it in the meantime is found.
        if let Some(changes) = store.made_before(request.as_ref()).await? {
            return Ok((article(store, id, false).await?, changes));
        }
        let document = command.document(&now);
        if document == now.document {
            let changes = store.remember_nothing(request.as_ref(), None).await?;
            return Ok((now, changes));
        }
        if row_version.is_some_and(|version| version != now.row_version) {
            return Err(mismatch());
        }
        let metadata = now.document.without_text();
        let reading = pool.read(document, options, identity).await?;
        let correction = Correction {
            rereading: Rereading {
                id,
                revision: now.revision,
                row_version,
                metadata,
                document: reading.document,
                extraction: reading.extraction,
                run: reading.run,
            },
            requested_by: command.requested_by.clone(),
            caller: command.caller.clone(),
            reason: command.reason.clone(),
            validate_only: command.validate_only,
        };
        let request = request.clone();
        let write =
            |store: Store| async move { store.correct(&correction, request.as_ref()).await };
        match in_own_task(store, write).await? {
            Corrected::Stored(article, changes) => return Ok((*article, changes)),
            Corrected::NotFound => return Err(missing(store, id).await),
            Corrected::IsOther(other) => return Err(ServiceError::ArticleExists(other)),
            Corrected::OtherVersion => return Err(mismatch()),
            // The article was changed concurrently: retry on top of that.
            Corrected::OtherText => {}
        }
    }
}
