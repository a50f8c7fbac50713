use crate::domain::{ArticleId, Deletion};
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{Delete, Deleted, Store, WriteRequest};

/// Deletes an article for good, or finds out what that would take along. One that is deleted already stays so, whatever
/// its version.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::EtagMismatch`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(article = %delete.id))]
pub async fn delete_article(
    store: &Store,
    delete: Delete<ArticleId>,
    request: Option<WriteRequest>,
) -> Result<Deletion, ServiceError> {
    let id = delete.id;
    let write = |store: Store| async move { store.delete_article(&delete, request.as_ref()).await };
    match in_own_task(store, write).await? {
        Deleted::Done(deletion) | Deleted::Before(deletion) => Ok(deletion),
        Deleted::NotFound => Err(ServiceError::ArticleNotFound(id)),
        Deleted::OtherVersion => Err(ServiceError::EtagMismatch(Versioned::Article(id))),
    }
}
