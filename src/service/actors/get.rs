use crate::domain::{Actor, ActorChange, ActorId};
use crate::service::ServiceError;
use crate::store::{Page, Store};

/// Returns the actor.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::Store`].
#[tracing::instrument(skip(store))]
pub async fn actor(store: &Store, id: ActorId) -> Result<Actor, ServiceError> {
    let found = store.actor(id).await?;
    found.ok_or(ServiceError::ActorNotFound(id))
}

/// Lists the changes made to an actor, newest first.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::Store`].
#[tracing::instrument(skip(store))]
pub async fn list_actor_changes(
    store: &Store,
    id: ActorId,
    before: Option<uuid::Uuid>,
    size: usize,
) -> Result<Page<ActorChange, uuid::Uuid>, ServiceError> {
    actor(store, id).await?;
    Ok(store.list_actor_changes(id, before, size).await?)
}
