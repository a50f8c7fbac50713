//! The record of how actors were changed, by whom and when.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{ActorChange, ActorChangeKind, ActorId, ClaimId};
use crate::store::db::{Page, Store, StoreError, all, one_more, parse, take_page};

/// The outcome of a requested change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed<T> {
    /// It was made.
    Done(T),
    /// The actor does not exist. As with all variants below, nothing was changed.
    NotFound(ActorId),
    /// The actor is merged into another.
    Merged(ActorId),
    /// The one actor is not merged into the other.
    NotMerged,
    /// The claim is not the actor's, or does not exist.
    NotTheirs(ClaimId),
    /// The actor does not have the expected version.
    OtherVersion(ActorId),
}

/// A change to record.
pub(super) struct NewChange<'a> {
    pub kind: ActorChangeKind,
    pub actor: ActorId,
    pub other: Option<ActorId>,
    pub requested_by: &'a str,
    pub caller: &'a str,
    pub reason: &'a str,
}

/// A locked actor.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct LockedActor {
    id: Uuid,
    pub merged_into: Option<Uuid>,
    pub row_version: i64,
}

// Waits for transactions that share-lock these actors' keys because they are about to write claims of them.
const LOCK: &str =
    "SELECT id, merged_into, row_version FROM actors WHERE id = ANY($1) ORDER BY id FOR UPDATE";

// Moving the claims of an actor with very many of them takes long.
const NO_TIMEOUT: &str = "SET LOCAL statement_timeout = 0";

const INSERT: &str = "INSERT INTO actor_changes (id, kind, actor_id, other_actor_id, requested_by, reason, caller) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const TOUCH: &str =
    "UPDATE actors SET update_time = now(), row_version = row_version + 1 WHERE id = $1";

macro_rules! select {
    () => {
        "SELECT id, kind, actor_id, other_actor_id, requested_by, caller, reason, claim_count, \
                undone_by IS NOT NULL AS undone, create_time FROM actor_changes "
    };
}

const GET: &str = concat!(select!(), "WHERE id = ANY($1)");

const LIST: &str = concat!(
    select!(),
    "WHERE (actor_id = $1 OR other_actor_id = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::changes::LOCK", LOCK),
    ("actors::changes::NO_TIMEOUT", NO_TIMEOUT),
    ("actors::changes::INSERT", INSERT),
    ("actors::changes::TOUCH", TOUCH),
    ("actors::changes::GET", GET),
    ("actors::changes::LIST", LIST),
];

/// Removes the statement timeout for the rest of this transaction.
pub(super) async fn lift_statement_timeout(tx: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query(NO_TIMEOUT).execute(tx).await?;
    Ok(())
}

/// Locks actors against changes and new claims, in a fixed order; returns those that exist, by id.
pub(in crate::store) async fn lock_actors(
    tx: &mut PgConnection,
    actors: &[ActorId],
) -> Result<HashMap<Uuid, LockedActor>, StoreError> {
    let ids: Vec<Uuid> = actors.iter().map(|actor| actor.0).collect();
    let rows: Vec<LockedActor> = sqlx::query_as(LOCK).bind(ids).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Records a change and returns its id.
pub(super) async fn insert_change(
    tx: &mut PgConnection,
    change: &NewChange<'_>,
) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    sqlx::query(INSERT)
        .bind(id)
        .bind(change.kind.to_string())
        .bind(change.actor.0)
        .bind(change.other.map(|actor| actor.0))
        .bind(change.requested_by)
        .bind(change.reason)
        .bind(change.caller)
        .execute(tx)
        .await?;
    Ok(id)
}

/// Increments an actor's version.
pub(super) async fn touch(tx: &mut PgConnection, actor: ActorId) -> Result<(), StoreError> {
    sqlx::query(TOUCH).bind(actor.0).execute(tx).await?;
    Ok(())
}

/// Returns the changes with these ids, in no particular order.
pub(super) async fn actor_changes(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<ActorChange>, StoreError> {
    let rows: Vec<ChangeRow> = sqlx::query_as(GET).bind(ids).fetch_all(connection).await?;
    all(rows)
}

impl Store {
    /// Returns a page of at most `size` changes of an actor before the change `before`, newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_actor_changes(
        &self,
        actor: ActorId,
        before: Option<Uuid>,
        size: usize,
    ) -> Result<Page<ActorChange, Uuid>, StoreError> {
        let rows = sqlx::query_as(LIST)
            .bind(actor.0)
            .bind(before)
            .bind(one_more(size))
            .fetch(&self.pool);
        let page = take_page(rows, size, |row: &ChangeRow| row.reason.len(), |row| row.id).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    id: Uuid,
    kind: String,
    actor_id: Uuid,
    other_actor_id: Option<Uuid>,
    requested_by: String,
    caller: String,
    reason: String,
    claim_count: i64,
    undone: bool,
    create_time: DateTime<Utc>,
}

impl TryFrom<ChangeRow> for ActorChange {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            kind: parse("kind", &row.kind)?,
            actor: ActorId(row.actor_id),
            other: row.other_actor_id.map(ActorId),
            requested_by: row.requested_by,
            caller: row.caller,
            reason: row.reason,
            moved_claims: row.claim_count,
            undone: row.undone,
            create_time: row.create_time,
        })
    }
}
