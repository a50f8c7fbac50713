//! What is answered to changes of actors, now or when the same request comes again.

use sqlx::PgConnection;
use uuid::Uuid;

use super::changes::{Changed, actor_changes};
use super::get::actor;
use crate::domain::{Actor, ActorChange, ActorId, Deletion};
use crate::store::db::StoreError;
use crate::store::write_requests::Outcome;

/// An actor after others were merged into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The actor that survives.
    pub actor: Actor,
    /// The recorded changes, one for each merged actor, in their order.
    pub changes: Vec<ActorChange>,
}

/// The two actors after a split.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitOff {
    /// The actor that was split.
    pub actor: Actor,
    /// The actor that was split off.
    pub split_off: Actor,
    /// The recorded change.
    pub change: Option<ActorChange>,
}

impl Outcome for Changed<Actor> {
    type Made = ();

    fn made(&self) -> Option<()> {
        matches!(self, Self::Done(_)).then_some(())
    }
}

impl Outcome for Changed<Deletion> {
    type Made = ();

    fn made(&self) -> Option<()> {
        matches!(self, Self::Done(_)).then_some(())
    }
}

impl Outcome for Changed<Merged> {
    /// The changes.
    type Made = Vec<Uuid>;

    fn made(&self) -> Option<Vec<Uuid>> {
        let Self::Done(merged) = self else {
            return None;
        };
        Some(merged.changes.iter().map(|change| change.id).collect())
    }
}

impl Outcome for Changed<SplitOff> {
    /// The actor that was split off, and the change.
    type Made = (ActorId, Option<Uuid>);

    fn made(&self) -> Option<Self::Made> {
        let Self::Done(split) = self else {
            return None;
        };
        let change = split.change.as_ref().map(|change| change.id);
        Some((split.split_off.id, change))
    }
}

/// Reads an actor that was updated.
pub(super) async fn updated(
    tx: &mut PgConnection,
    id: ActorId,
) -> Result<Changed<Actor>, StoreError> {
    let found = actor(tx, id).await?;
    Ok(found.map_or(Changed::NotFound(id), Changed::Done))
}

/// Reads an actor that others were merged into.
pub(super) async fn merged(
    tx: &mut PgConnection,
    id: ActorId,
    changes: Vec<Uuid>,
) -> Result<Changed<Merged>, StoreError> {
    let Some(actor) = actor(&mut *tx, id).await? else {
        return Ok(Changed::NotFound(id));
    };
    let mut found = actor_changes(tx, &changes).await?;
    found.sort_by_key(|change| changes.iter().position(|id| *id == change.id));
    Ok(Changed::Done(Merged {
        actor,
        changes: found,
    }))
}

/// Reads an actor that was split, and the one that was split off.
pub(super) async fn split_off(
    tx: &mut PgConnection,
    id: ActorId,
    (other, change): (ActorId, Option<Uuid>),
) -> Result<Changed<SplitOff>, StoreError> {
    let Some(split) = actor(&mut *tx, id).await? else {
        return Ok(Changed::NotFound(id));
    };
    let Some(split_off) = actor(&mut *tx, other).await? else {
        return Ok(Changed::NotFound(other));
    };
    let mut changes = actor_changes(tx, change.as_slice()).await?;
    Ok(Changed::Done(SplitOff {
        actor: split,
        split_off,
        change: changes.pop(),
    }))
}
