//! Merging several actors into one, and undoing it.

use sqlx::postgres::PgArguments;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, query::Query};
use uuid::Uuid;

use super::changes::{
    Changed, NewChange, insert_change, lift_statement_timeout, lock_actors, touch,
};
use super::outcomes::{Merged, SplitOff, merged, split_off};
use crate::domain::{ActorChangeKind, ActorId, Role};
use crate::store::db::{Store, StoreError};
use crate::store::write_requests::{Terms, WriteRequest};

/// Actors to merge.
#[derive(Debug, Clone)]
pub struct Merge {
    /// The actor that survives.
    pub into: ActorId,
    /// The actors that are merged into it.
    pub sources: Vec<ActorId>,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that it must still have.
    pub row_version: Option<i64>,
    /// Whether nothing is to be written: only whether it could be, and what would come of it.
    pub validate_only: bool,
}

/// A merge to undo.
#[derive(Debug, Clone)]
pub struct Unmerge {
    /// The actor that survived the merge.
    pub from: ActorId,
    /// The actor that was merged into it.
    pub merged: ActorId,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that it must still have.
    pub row_version: Option<i64>,
    /// Whether nothing is to be written: only whether it could be, and what would come of it.
    pub validate_only: bool,
}

const GIVE_NAMES: &str = "INSERT INTO actor_names (actor_id, name, name_key) \
     SELECT $2, name, name_key FROM actor_names WHERE actor_id = $1 \
     ON CONFLICT (actor_id, name) DO NOTHING RETURNING name";

const GIVE_ROLES: &str = "INSERT INTO actor_roles (actor_id, title, organization, start_date, end_date, evidence) \
     SELECT $2, title, organization, start_date, end_date, evidence FROM actor_roles WHERE actor_id = $1 \
     ON CONFLICT (actor_id, title, organization) DO NOTHING RETURNING title, organization";

const MOVE_ON_RECORD: &str = "WITH moved AS ( \
       UPDATE claims SET actor_id = $2, row_version = row_version + 1 WHERE actor_id = $1 RETURNING id) \
     INSERT INTO actor_change_claims (change_id, claim_id) SELECT $3, id FROM moved";

const REDIRECT: &str = "UPDATE actors SET merged_into = $2, update_time = now(), row_version = row_version + 1 WHERE id = $1";

const NOTE: &str =
    "UPDATE actor_changes SET names = $2, roles = $3, claim_count = $4 WHERE id = $1";

const FIND: &str = "SELECT id, names, roles FROM actor_changes \
     WHERE kind = 'MERGE' AND actor_id = $1 AND other_actor_id = $2 AND undone_by IS NULL ORDER BY id DESC LIMIT 1";

const RETURN_ON_RECORD: &str = "UPDATE claims c SET actor_id = $2, row_version = c.row_version + 1 \
     FROM actor_change_claims m \
     WHERE m.change_id = $3 AND c.id = m.claim_id AND c.actor_id = $1";

const TAKE_NAMES: &str = "DELETE FROM actor_names n USING actors a \
     WHERE n.actor_id = $1 AND a.id = $1 AND n.name = ANY($2) AND n.name <> a.display_name";

const TAKE_ROLES: &str = "DELETE FROM actor_roles r USING jsonb_to_recordset($2) AS t (title text, organization text) \
     WHERE r.actor_id = $1 AND r.title = t.title AND r.organization = coalesce(t.organization, '')";

const RESTORE: &str = "UPDATE actors SET merged_into = NULL, update_time = now(), row_version = row_version + 1 WHERE id = $1";

const UNDONE: &str = "UPDATE actor_changes SET undone_by = $2 WHERE id = $1";

// Merging an actor that was split off earlier undoes the split: the actor confidence of its claims is restored.
const UNDO_SPLIT: &str = "WITH undone AS ( \
       UPDATE actor_changes SET undone_by = $3 \
       WHERE kind = 'SPLIT' AND actor_id = $2 AND other_actor_id = $1 AND undone_by IS NULL RETURNING id) \
     UPDATE claims c SET actor_confidence = m.actor_confidence \
     FROM undone u JOIN actor_change_claims m ON m.change_id = u.id WHERE c.id = m.claim_id AND c.actor_id = $2";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::merge::GIVE_NAMES", GIVE_NAMES),
    ("actors::merge::GIVE_ROLES", GIVE_ROLES),
    ("actors::merge::MOVE_ON_RECORD", MOVE_ON_RECORD),
    ("actors::merge::REDIRECT", REDIRECT),
    ("actors::merge::NOTE", NOTE),
    ("actors::merge::FIND", FIND),
    ("actors::merge::RETURN_ON_RECORD", RETURN_ON_RECORD),
    ("actors::merge::TAKE_NAMES", TAKE_NAMES),
    ("actors::merge::TAKE_ROLES", TAKE_ROLES),
    ("actors::merge::RESTORE", RESTORE),
    ("actors::merge::UNDONE", UNDONE),
    ("actors::merge::UNDO_SPLIT", UNDO_SPLIT),
];

impl Store {
    /// Merges actors into one, all or none, once for a request.
    ///
    /// Waits for articles that are being ingested with one of them; articles ingested later find the surviving actor.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn merge_actors(
        &self,
        merge: &Merge,
        request: Option<&WriteRequest>,
    ) -> Result<Changed<Merged>, StoreError> {
        let terms = Terms::once(request).or_trial(merge.validate_only);
        self.run_once("merge_actors", terms, merge, |tx, merge, before| {
            Box::pin(async move {
                match before {
                    Some(changes) => merged(tx, merge.into, changes).await,
                    None => merge_all(tx, merge).await,
                }
            })
        })
        .await
    }

    /// Undoes the last merge of one actor into another, once for a request. The claims that the merge moved are moved
    /// back; claims read since then stay.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn unmerge_actor(
        &self,
        unmerge: &Unmerge,
        request: Option<&WriteRequest>,
    ) -> Result<Changed<SplitOff>, StoreError> {
        let terms = Terms::once(request).or_trial(unmerge.validate_only);
        self.run_once("unmerge_actor", terms, unmerge, |tx, unmerge, before| {
            Box::pin(async move {
                match before {
                    Some(made) => split_off(tx, unmerge.from, made).await,
                    None => unmerge_one(tx, unmerge).await,
                }
            })
        })
        .await
    }
}

async fn merge_all(tx: &mut PgConnection, merge: &Merge) -> Result<Changed<Merged>, StoreError> {
    let mut all = merge.sources.clone();
    all.push(merge.into);
    lift_statement_timeout(tx).await?;
    let locked = lock_actors(tx, &all).await?;
    for actor in &all {
        match locked.get(&actor.0) {
            None => return Ok(Changed::NotFound(*actor)),
            Some(row) if row.merged_into.is_some() => return Ok(Changed::Merged(*actor)),
            Some(row)
                if *actor == merge.into
                    && merge
                        .row_version
                        .is_some_and(|wanted| wanted != row.row_version) =>
            {
                return Ok(Changed::OtherVersion(merge.into));
            }
            Some(_) => {}
        }
    }
    let mut changes = Vec::with_capacity(merge.sources.len());
    for source in &merge.sources {
        changes.push(merge_one(tx, merge, *source).await?);
    }
    touch(tx, merge.into).await?;
    merged(tx, merge.into, changes).await
}

async fn merge_one(
    tx: &mut PgConnection,
    merge: &Merge,
    source: ActorId,
) -> Result<Uuid, StoreError> {
    let change = NewChange {
        kind: ActorChangeKind::Merge,
        actor: merge.into,
        other: Some(source),
        requested_by: &merge.requested_by,
        caller: &merge.caller,
        reason: &merge.reason,
    };
    let id = insert_change(tx, &change).await?;
    let names: Vec<String> = sqlx::query_scalar(GIVE_NAMES)
        .bind(source.0)
        .bind(merge.into.0)
        .fetch_all(&mut *tx)
        .await?;
    let roles: Vec<(String, String)> = sqlx::query_as(GIVE_ROLES)
        .bind(source.0)
        .bind(merge.into.0)
        .fetch_all(&mut *tx)
        .await?;
    let into = merge.into;
    let moved = over(sqlx::query(MOVE_ON_RECORD), source, into, id)
        .execute(&mut *tx)
        .await?;
    over(sqlx::query(UNDO_SPLIT), source, into, id)
        .execute(&mut *tx)
        .await?;
    sqlx::query(REDIRECT)
        .bind(source.0)
        .bind(merge.into.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query(NOTE)
        .bind(id)
        .bind(names)
        .bind(Json(roles.into_iter().map(role).collect::<Vec<_>>()))
        .bind(i64::try_from(moved.rows_affected()).unwrap_or(i64::MAX))
        .execute(tx)
        .await?;
    Ok(id)
}

/// A statement that moves claims from one actor to another as recorded by a change.
fn over(
    statement: Query<'_, Postgres, PgArguments>,
    from: ActorId,
    to: ActorId,
    change: Uuid,
) -> Query<'_, Postgres, PgArguments> {
    statement.bind(from.0).bind(to.0).bind(change)
}

fn role((title, organization): (String, String)) -> Role {
    Role {
        title,
        organization: Some(organization),
        start_date: None,
        end_date: None,
        evidence: None,
    }
}

async fn unmerge_one(
    tx: &mut PgConnection,
    unmerge: &Unmerge,
) -> Result<Changed<SplitOff>, StoreError> {
    let (from, merged) = (unmerge.from, unmerge.merged);
    lift_statement_timeout(tx).await?;
    let locked = lock_actors(tx, &[from, merged]).await?;
    let Some(stayed) = locked.get(&from.0) else {
        return Ok(Changed::NotFound(from));
    };
    let Some(redirect) = locked.get(&merged.0) else {
        return Ok(Changed::NotFound(merged));
    };
    if stayed.merged_into.is_some() {
        return Ok(Changed::Merged(from));
    }
    if unmerge
        .row_version
        .is_some_and(|wanted| wanted != stayed.row_version)
    {
        return Ok(Changed::OtherVersion(from));
    }
    let found: Option<(Uuid, Vec<String>, Json<Vec<Role>>)> = sqlx::query_as(FIND)
        .bind(from.0)
        .bind(merged.0)
        .fetch_optional(&mut *tx)
        .await?;
    let Some((merge, names, roles)) = found.filter(|_| redirect.merged_into == Some(from.0)) else {
        return Ok(Changed::NotMerged);
    };
    let change = NewChange {
        kind: ActorChangeKind::Split,
        actor: from,
        other: Some(merged),
        requested_by: &unmerge.requested_by,
        caller: &unmerge.caller,
        reason: &unmerge.reason,
    };
    let id = insert_change(tx, &change).await?;
    let returned = over(sqlx::query(RETURN_ON_RECORD), from, merged, merge)
        .execute(&mut *tx)
        .await?;
    sqlx::query(TAKE_NAMES)
        .bind(from.0)
        .bind(names)
        .execute(&mut *tx)
        .await?;
    sqlx::query(TAKE_ROLES)
        .bind(from.0)
        .bind(roles)
        .execute(&mut *tx)
        .await?;
    sqlx::query(RESTORE)
        .bind(merged.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query(UNDONE)
        .bind(merge)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    let count = i64::try_from(returned.rows_affected()).unwrap_or(i64::MAX);
    sqlx::query(NOTE)
        .bind(id)
        .bind(Vec::<String>::new())
        .bind(Json(Vec::<Role>::new()))
        .bind(count)
        .execute(&mut *tx)
        .await?;
    touch(tx, from).await?;
    split_off(tx, from, (merged, Some(id))).await
}
