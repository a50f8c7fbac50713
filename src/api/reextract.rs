//! Reading a stored article again.

use std::convert::identity;

use tonic::Status;

use super::Reader;
use super::article_service::{find, in_own_task, not_found};
use super::convert::etag;
use super::names::Named;
use super::status::{Reason, error_with};
use crate::domain::ArticleId;
use crate::extract::EngineKind;
use crate::store::{ClaimChanges, Reextracted, Rereading, Store};

/// Reads a stored article with `engine` and stores what it read, provided that the article still has this entity tag;
/// an empty one fits every article.
///
/// A text that changes while it is read is read again: what is stored is always a reading of the article's own text.
pub(super) async fn reextract(
    store: &Store,
    reader: &Reader,
    id: ArticleId,
    engine: EngineKind,
    wanted: &str,
) -> Result<ClaimChanges, Status> {
    let options = reader.usual(engine);
    loop {
        let article = find(store, id, true).await?;
        let tied = !wanted.is_empty();
        if tied && etag(article.row_version) != wanted {
            return Err(etag_mismatch(id));
        }
        let reading = reader.read(article.document, options, identity).await?;
        let rereading = Rereading {
            id,
            revision: article.revision,
            row_version: tied.then_some(article.row_version),
            document: reading.document,
            extraction: reading.extraction,
            run: reading.run,
        };
        let write = |store: Store| async move { store.reextract(&rereading).await };
        match in_own_task(store, write).await? {
            Reextracted::Stored(changes) => return Ok(changes),
            Reextracted::NotFound => return Err(not_found(id)),
            Reextracted::OtherVersion => return Err(etag_mismatch(id)),
            Reextracted::OtherText => {}
        }
    }
}

/// The error that the article has another entity tag.
pub(super) fn etag_mismatch(id: ArticleId) -> Status {
    let name = id.resource_name();
    error_with(
        Reason::EtagMismatch,
        format!("{name} has changed: its etag is another one"),
        [("name", name)],
    )
}
