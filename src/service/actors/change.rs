use super::get::missing;
use crate::domain::{Actor, ActorId};
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{
    ActorUpdate, Changed, Merge, Merged, Split, SplitOff, Store, Unmerge, WriteRequest,
};

/// What to split off.
#[derive(Debug, Clone)]
pub enum SplitActor {
    /// A new actor with some of the names and claims.
    New(Split),
    /// An actor that was merged into this one.
    Merged(Unmerge),
}

/// Updates an actor's fields, or finds out what would come of it.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::ActorMerged`],
/// [`ServiceError::EtagMismatch`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actor = %update.id))]
pub async fn update_actor(
    store: &Store,
    update: ActorUpdate,
    request: Option<WriteRequest>,
) -> Result<Actor, ServiceError> {
    let id = update.id;
    let changed = in_own_task(store, |store| async move {
        store.update_actor(&update, request.as_ref()).await
    });
    done(store, changed.await?, id).await
}

/// Merges actors into one, or finds out what would come of it.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::ActorMerged`],
/// [`ServiceError::EtagMismatch`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actor = %merge.into))]
pub async fn merge_actors(
    store: &Store,
    merge: Merge,
    request: Option<WriteRequest>,
) -> Result<Merged, ServiceError> {
    let id = merge.into;
    let changed = in_own_task(store, |store| async move {
        store.merge_actors(&merge, request.as_ref()).await
    });
    done(store, changed.await?, id).await
}

/// Splits an actor in two, or finds out what would come of it.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::ActorMerged`],
/// [`ServiceError::ActorNotMerged`], [`ServiceError::NotClaimOfActor`], [`ServiceError::EtagMismatch`],
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn split_actor(
    store: &Store,
    split: SplitActor,
    request: Option<WriteRequest>,
) -> Result<SplitOff, ServiceError> {
    match split {
        SplitActor::New(split) => {
            let from = split.from;
            let changed = in_own_task(store, |store| async move {
                store.split_actor(&split, request.as_ref()).await
            });
            done(store, changed.await?, from).await
        }
        SplitActor::Merged(unmerge) => {
            let merged = unmerge.merged;
            let changed = in_own_task(store, |store| async move {
                store.unmerge_actor(&unmerge, request.as_ref()).await
            });
            done(store, changed.await?, merged).await
        }
    }
}

/// Unwraps the result of a change, or returns why it was not made; `id` is the actor that was not merged.
pub(super) async fn done<T>(
    store: &Store,
    changed: Changed<T>,
    id: ActorId,
) -> Result<T, ServiceError> {
    match changed {
        Changed::Done(value) => Ok(value),
        Changed::NotFound(id) => Err(missing(store, id).await),
        Changed::Merged(id) => Err(ServiceError::ActorMerged(id)),
        Changed::NotMerged => Err(ServiceError::ActorNotMerged(id)),
        Changed::NotTheirs(claim) => Err(ServiceError::NotClaimOfActor(claim)),
        Changed::OtherVersion(id) => Err(ServiceError::EtagMismatch(Versioned::Actor(id))),
    }
}
