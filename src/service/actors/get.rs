use std::collections::HashMap;

use crate::domain::{Actor, ActorChange, ActorId, Deletion};
use crate::service::ServiceError;
use crate::store::{Page, Store};

/// Returns the actor.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store))]
pub async fn actor(store: &Store, id: ActorId) -> Result<Actor, ServiceError> {
    if let Some(actor) = store.actor(id).await? {
        return Ok(actor);
    }
    Err(missing(store, id).await)
}

/// Why there is no such actor: it was deleted, or never there.
pub(in crate::service) async fn missing(store: &Store, id: ActorId) -> ServiceError {
    match store.actor_deletion(id).await {
        Ok(Some(Deletion { time, .. })) => ServiceError::ActorDeleted { id, time },
        Ok(None) => ServiceError::ActorNotFound(id),
        Err(error) => error.into(),
    }
}

/// Returns the actors in the order of `ids`, repeating duplicates.
///
/// # Errors
/// [`ServiceError::ActorNotFound`] or [`ServiceError::ActorDeleted`] where one does not exist; [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actors = ids.len()))]
pub async fn actors(store: &Store, ids: &[ActorId]) -> Result<Vec<Actor>, ServiceError> {
    let found = store.actors(ids).await?;
    let found: HashMap<ActorId, Actor> = found.into_iter().map(|one| (one.id, one)).collect();
    if let Some(absent) = ids.iter().find(|id| !found.contains_key(id)) {
        return Err(missing(store, *absent).await);
    }
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// Lists the changes made to an actor, newest first.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store))]
pub async fn list_actor_changes(
    store: &Store,
    id: ActorId,
    before: Option<uuid::Uuid>,
    size: usize,
) -> Result<Page<ActorChange, uuid::Uuid>, ServiceError> {
    actor(store, id).await?;
    Ok(store.list_actor_changes(id, before, size).await?)
}
