use uuid::Uuid;

use super::get::{actor, missing};
use crate::domain::{Actor, ActorChange, ActorId};
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{ActorUpdate, Changed, Merge, Split, Store, Unmerge};

/// What to split off.
#[derive(Debug, Clone)]
pub enum SplitActor {
    /// A new actor with some of the names and claims.
    New(Split),
    /// An actor that was merged into this one.
    Merged(Unmerge),
}

/// The two actors after a split.
#[derive(Debug, Clone)]
pub struct ActorSplit {
    /// The actor that was split.
    pub actor: Actor,
    /// The actor that was split off.
    pub split_off: Actor,
    /// The recorded change.
    pub change: Option<ActorChange>,
}

/// An actor after others have been merged into it.
#[derive(Debug, Clone)]
pub struct MergedActor {
    /// The surviving actor.
    pub actor: Actor,
    /// The recorded changes, one for each merged actor.
    pub changes: Vec<ActorChange>,
}

/// Updates an actor's fields.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::ActorMerged`],
/// [`ServiceError::EtagMismatch`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actor = %update.id))]
pub async fn update_actor(store: &Store, update: ActorUpdate) -> Result<Actor, ServiceError> {
    let id = update.id;
    let changed = in_own_task(
        store,
        |store| async move { store.update_actor(&update).await },
    );
    done(store, changed.await?, id).await?;
    actor(store, id).await
}

/// Merges actors into one.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::ActorMerged`],
/// [`ServiceError::EtagMismatch`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actor = %merge.into))]
pub async fn merge_actors(store: &Store, merge: Merge) -> Result<MergedActor, ServiceError> {
    let id = merge.into;
    let outcome = in_own_task(
        store,
        |store| async move { store.merge_actors(&merge).await },
    );
    let ids = done(store, outcome.await?, id).await?;
    let mut changes = store.actor_changes(&ids).await?;
    changes.sort_by_key(|change| ids.iter().position(|id| *id == change.id));
    Ok(MergedActor {
        actor: actor(store, id).await?,
        changes,
    })
}

/// Splits an actor in two.
///
/// # Errors
/// [`ServiceError::ActorNotFound`], [`ServiceError::ActorDeleted`], [`ServiceError::ActorMerged`],
/// [`ServiceError::ActorNotMerged`], [`ServiceError::NotClaimOfActor`], [`ServiceError::EtagMismatch`],
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn split_actor(store: &Store, split: SplitActor) -> Result<ActorSplit, ServiceError> {
    let (from, split_off, change) = match split {
        SplitActor::New(split) => {
            let from = split.from;
            let (split_off, change) = split_new(store, split).await?;
            (from, split_off, change)
        }
        SplitActor::Merged(unmerge) => {
            let (from, merged) = (unmerge.from, unmerge.merged);
            (from, merged, split_merged(store, unmerge).await?)
        }
    };
    Ok(ActorSplit {
        actor: actor(store, from).await?,
        split_off: actor(store, split_off).await?,
        change: store.actor_changes(&[change]).await?.pop(),
    })
}

async fn split_new(store: &Store, split: Split) -> Result<(ActorId, Uuid), ServiceError> {
    let from = split.from;
    let changed = in_own_task(
        store,
        |store| async move { store.split_actor(&split).await },
    );
    done(store, changed.await?, from).await
}

async fn split_merged(store: &Store, unmerge: Unmerge) -> Result<Uuid, ServiceError> {
    let merged = unmerge.merged;
    let changed = in_own_task(
        store,
        |store| async move { store.unmerge_actor(&unmerge).await },
    );
    done(store, changed.await?, merged).await
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
