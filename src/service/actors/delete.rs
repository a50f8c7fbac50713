use super::change::done;
use crate::domain::{ActorId, Deletion};
use crate::service::ServiceError;
use crate::service::own_task::in_own_task;
use crate::store::{Delete, Store, WriteRequest};

/// Deletes an actor for good, or finds out what that would take along. One that is deleted already stays so, whatever its
/// version.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorMerged`], [`ServiceError::EtagMismatch`],
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actor = %delete.id))]
pub async fn delete_actor(
    store: &Store,
    delete: Delete<ActorId>,
    request: Option<WriteRequest>,
) -> Result<Deletion, ServiceError> {
    let id = delete.id;
    let deleted = in_own_task(store, |store| async move {
        store.delete_actor(&delete, request.as_ref()).await
    });
    done(store, deleted.await?, id).await
}
