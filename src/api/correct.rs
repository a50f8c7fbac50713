//! Giving an article the text that its publisher changed it to.

use std::convert::identity;

use tonic::Status;

use super::Reader;
use super::article_service::{find, in_own_task, not_found};
use super::check::Check;
use super::convert::etag;
use super::document::MAX_TITLE;
use super::names::Named;
use super::reextract::etag_mismatch;
use super::status::{Reason, error_with};
use crate::domain::{Article, ArticleId, Document};
use crate::extract::EngineKind;
use crate::proto::CorrectArticleRequest;
use crate::store::{ClaimChanges, Corrected, Correction, Rereading, Store};

/// A correction as it was asked for.
pub(super) struct Wanted {
    /// The article.
    pub id: ArticleId,
    /// What is to read the text.
    pub engine: EngineKind,
    text: String,
    title: Option<String>,
    authors: Vec<String>,
    requested_by: String,
    reason: String,
    etag: String,
}

/// What a request asks for.
pub(super) fn wanted(request: CorrectArticleRequest, max_text: usize) -> Result<Wanted, Status> {
    let mut check = Check::default();
    let id = check.resource::<ArticleId>("name", &request.name);
    check.article_text("text", &request.text, max_text);
    let title = check.optional_text("title", request.title, MAX_TITLE);
    check.authors("authors", &request.authors);
    let engine = check.engine(request.engine);
    check.request_of(&request.requested_by, &request.reason);
    Ok(Wanted {
        id: check.finish_with(id)?,
        engine,
        text: request.text,
        title,
        authors: request.authors,
        requested_by: request.requested_by,
        reason: request.reason,
        etag: request.etag,
    })
}

/// Corrects an article, and tells how its claims changed; `None` where it says just that already.
pub(super) async fn correct(
    store: &Store,
    reader: &Reader,
    wanted: &Wanted,
) -> Result<Option<ClaimChanges>, Status> {
    let id = wanted.id;
    let options = reader.usual(wanted.engine);
    loop {
        let article = find(store, id, true).await?;
        let document = wanted.document(&article);
        if document == article.document {
            return Ok(None);
        }
        let tied = !wanted.etag.is_empty();
        if tied && etag(article.row_version) != wanted.etag {
            return Err(etag_mismatch(id));
        }
        let reading = reader.read(document, options, identity).await?;
        let correction = Correction {
            rereading: Rereading {
                id,
                revision: article.revision,
                row_version: tied.then_some(article.row_version),
                document: reading.document,
                extraction: reading.extraction,
                run: reading.run,
            },
            requested_by: wanted.requested_by.clone(),
            reason: wanted.reason.clone(),
        };
        let write = |store: Store| async move { store.correct(&correction).await };
        match in_own_task(store, write).await? {
            Corrected::Stored(changes) => return Ok(Some(changes)),
            Corrected::NotFound => return Err(not_found(id)),
            Corrected::OtherVersion => return Err(etag_mismatch(id)),
            Corrected::IsOther(other) => return Err(exists(other)),
            // Somebody corrected it meanwhile: this is a correction of that.
            Corrected::OtherText => {}
        }
    }
}

impl Wanted {
    /// The document that the article is to be.
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

fn exists(other: ArticleId) -> Status {
    let name = other.resource_name();
    error_with(
        Reason::ArticleExists,
        format!("{name} has that text already"),
        [("name", name)],
    )
}
