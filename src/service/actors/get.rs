use std::collections::HashMap;

use crate::domain::{Actor, ActorChange, ActorId};
use crate::service::ServiceError;
use crate::store::{Page, Store};

/// Returns the actor.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store))]
pub async fn actor(store: &Store, id: ActorId) -> Result<Actor, ServiceError> {
    let found = store.actor(id).await?;
    found.ok_or(ServiceError::ActorNotFound(id))
}

/// Returns the actors in the order of `ids`, repeating duplicates.
///
/// # Errors
/// [`ServiceError::ActorNotFound`] where one does not exist; [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actors = ids.len()))]
pub async fn actors(store: &Store, ids: &[ActorId]) -> Result<Vec<Actor>, ServiceError> {
    let found = store.actors(ids).await?;
    let found: HashMap<ActorId, Actor> = found.into_iter().map(|one| (one.id, one)).collect();
    let actors = ids.iter().map(|id| found.get(id).cloned());
    let actors = actors
        .zip(ids)
        .map(|(one, id)| one.ok_or(ServiceError::ActorNotFound(*id)));
    actors.collect()
}

/// Lists the changes made to an actor, newest first.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::Store`].
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
