//! Marking an article as withdrawn.

use tonic::Status;

use super::article_service::{find, in_own_task, not_found};
use super::check::Check;
use super::reextract::etag_mismatch;
use crate::domain::{Article, ArticleId};
use crate::proto::RetractArticleRequest;
use crate::store::{Retract, Retracted, Store};

/// What a request asks for.
pub(super) fn wanted(request: RetractArticleRequest) -> Result<Retract, Status> {
    let mut check = Check::default();
    let id = check.resource::<ArticleId>("name", &request.name);
    check.request_of(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    Ok(Retract {
        id: check.finish_with(id)?,
        requested_by: request.requested_by,
        reason: request.reason,
        row_version,
    })
}

/// Marks an article, and answers it without its text.
pub(super) async fn retract(store: &Store, retract: Retract) -> Result<Article, Status> {
    let id = retract.id;
    let write = |store: Store| async move { store.retract_article(&retract).await };
    match in_own_task(store, write).await? {
        Retracted::Done => find(store, id, false).await,
        Retracted::NotFound => Err(not_found(id)),
        Retracted::OtherVersion => Err(etag_mismatch(id)),
    }
}
