//! Editing an actor's own fields.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use sqlx::types::Json;

use super::changes::{Changed, NewChange, insert_change, lock_actors};
use super::outcomes::updated;
use crate::domain::{Actor, ActorChangeKind, ActorId, ActorKind};
use crate::store::db::{Store, StoreError, name_key};
use crate::store::write_requests::{Terms, WriteRequest};

/// The fields of an actor to change; `None` leaves a field as it is.
#[derive(Debug, Clone)]
pub struct ActorUpdate {
    /// The actor.
    pub id: ActorId,
    /// The display name.
    pub display_name: Option<String>,
    /// The kind.
    pub kind: Option<ActorKind>,
    /// The other names.
    pub aliases: Option<Vec<String>>,
    /// Ids in other registers.
    pub external_ids: Option<BTreeMap<String, String>>,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that the actor must still have.
    pub row_version: Option<i64>,
    /// Whether nothing is to be written: only whether it could be, and what would come of it.
    pub validate_only: bool,
}

// Unless aliases are given, the old display name is kept as an alias if it is no longer displayed.
const UPDATE: &str = "UPDATE actors \
     SET display_name = coalesce($2, display_name), sort_name = coalesce($3, sort_name), kind = coalesce($4, kind), \
         external_ids = coalesce($5, external_ids), update_time = now(), row_version = row_version + 1 \
     WHERE id = $1";

const DROP_NAMES: &str = "DELETE FROM actor_names n USING actors a \
     WHERE a.id = $1 AND n.actor_id = $1 AND n.name <> a.display_name AND n.name <> ALL($2)";

const ADD_NAMES: &str = "INSERT INTO actor_names (actor_id, name, name_key) \
     SELECT $1, u.name, u.name_key FROM unnest($2::text[], $3::text[]) AS u (name, name_key) \
     ON CONFLICT (actor_id, name) DO NOTHING";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::update::UPDATE", UPDATE),
    ("actors::update::DROP_NAMES", DROP_NAMES),
    ("actors::update::ADD_NAMES", ADD_NAMES),
];

impl Store {
    /// Updates an actor, once for a request.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn update_actor(
        &self,
        update: &ActorUpdate,
        request: Option<&WriteRequest>,
    ) -> Result<Changed<Actor>, StoreError> {
        let terms = Terms::once(request).or_trial(update.validate_only);
        self.run_once("update_actor", terms, update, |tx, update, before| {
            Box::pin(async move {
                match before {
                    Some(()) => updated(tx, update.id).await,
                    None => update_one(tx, update).await,
                }
            })
        })
        .await
    }
}

async fn update_one(
    tx: &mut PgConnection,
    update: &ActorUpdate,
) -> Result<Changed<Actor>, StoreError> {
    let id = update.id;
    let locked = lock_actors(tx, &[id]).await?;
    let Some(row) = locked.get(&id.0) else {
        return Ok(Changed::NotFound(id));
    };
    if row.merged_into.is_some() {
        return Ok(Changed::Merged(id));
    }
    if update
        .row_version
        .is_some_and(|wanted| wanted != row.row_version)
    {
        return Ok(Changed::OtherVersion(id));
    }
    // Recorded first, because the record holds the actor as it was.
    let change = NewChange {
        kind: ActorChangeKind::Update,
        actor: id,
        other: None,
        requested_by: &update.requested_by,
        caller: &update.caller,
        reason: &update.reason,
    };
    insert_change(tx, &change).await?;
    sqlx::query(UPDATE)
        .bind(id.0)
        .bind(update.display_name.as_deref())
        .bind(update.display_name.as_deref().map(name_key))
        .bind(update.kind.map(|kind| kind.to_string()))
        .bind(update.external_ids.clone().map(Json))
        .execute(&mut *tx)
        .await?;
    let mut names: Vec<String> = update.display_name.iter().cloned().collect();
    if let Some(aliases) = &update.aliases {
        sqlx::query(DROP_NAMES)
            .bind(id.0)
            .bind(aliases)
            .execute(&mut *tx)
            .await?;
        names.extend(aliases.iter().cloned());
    }
    names.sort_unstable();
    names.dedup();
    let keys: Vec<String> = names.iter().map(|name| name_key(name)).collect();
    sqlx::query(ADD_NAMES)
        .bind(id.0)
        .bind(names)
        .bind(keys)
        .execute(&mut *tx)
        .await?;
    updated(tx, id).await
}
