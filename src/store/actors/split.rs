//! Splitting a new actor off another.

use sqlx::PgConnection;
use uuid::Uuid;

use super::changes::{Changed, NewChange, insert_change, lock_actors, touch};
use super::outcomes::{SplitOff, split_off};
use crate::domain::{ACTOR_BY_PERSON, ActorChangeKind, ActorId, ClaimId};
use crate::store::db::{Store, StoreError, name_key};
use crate::store::write_requests::{Terms, WriteRequest};

/// An actor to split.
#[derive(Debug, Clone)]
pub struct Split {
    /// The actor.
    pub from: ActorId,
    /// The name of the new actor.
    pub display_name: String,
    /// Other names to move to the new actor.
    pub aliases: Vec<String>,
    /// Claims to move to the new actor, without duplicates.
    pub claims: Vec<ClaimId>,
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

const THEIRS: &str =
    "SELECT id FROM claims WHERE id = ANY($1) AND actor_id = $2 ORDER BY id FOR UPDATE";

const INSERT: &str = "INSERT INTO actors (id, display_name, sort_name, kind) \
     SELECT $2, $3, $4, kind FROM actors WHERE id = $1";

const INSERT_NAMES: &str = "INSERT INTO actor_names (actor_id, name, name_key) \
     SELECT $1, u.name, u.name_key FROM unnest($2::text[], $3::text[]) AS u (name, name_key)";

const TAKE_NAMES: &str = "DELETE FROM actor_names n USING actors a \
     WHERE n.actor_id = $1 AND a.id = $1 AND n.name = ANY($2) AND n.name <> a.display_name";

const MOVE: &str = "UPDATE claims SET actor_id = $2, actor_confidence = $3, row_version = row_version + 1 \
     WHERE id = ANY($1)";

const NOTE: &str = "INSERT INTO actor_change_claims (change_id, claim_id, actor_confidence) \
     SELECT $1, c.id, c.actor_confidence FROM claims c WHERE c.id = ANY($2)";

const COUNT: &str = "UPDATE actor_changes SET claim_count = $2 WHERE id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::split::THEIRS", THEIRS),
    ("actors::split::INSERT", INSERT),
    ("actors::split::INSERT_NAMES", INSERT_NAMES),
    ("actors::split::TAKE_NAMES", TAKE_NAMES),
    ("actors::split::MOVE", MOVE),
    ("actors::split::NOTE", NOTE),
    ("actors::split::COUNT", COUNT),
];

impl Store {
    /// Moves some claims and names of an actor to a new one, to which no name in an article refers by itself, once for a
    /// request.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn split_actor(
        &self,
        split: &Split,
        request: Option<&WriteRequest>,
    ) -> Result<Changed<SplitOff>, StoreError> {
        let terms = Terms::once(request).or_trial(split.validate_only);
        self.run_once("split_actor", terms, split, |tx, split, before| {
            Box::pin(async move {
                match before {
                    Some(made) => split_off(tx, split.from, made).await,
                    None => split_one(tx, split).await,
                }
            })
        })
        .await
    }
}

async fn split_one(tx: &mut PgConnection, split: &Split) -> Result<Changed<SplitOff>, StoreError> {
    let locked = lock_actors(tx, &[split.from]).await?;
    let Some(row) = locked.get(&split.from.0) else {
        return Ok(Changed::NotFound(split.from));
    };
    if row.merged_into.is_some() {
        return Ok(Changed::Merged(split.from));
    }
    if split
        .row_version
        .is_some_and(|wanted| wanted != row.row_version)
    {
        return Ok(Changed::OtherVersion(split.from));
    }
    let claims: Vec<Uuid> = split.claims.iter().map(|claim| claim.0).collect();
    let theirs: Vec<Uuid> = sqlx::query_scalar(THEIRS)
        .bind(&claims)
        .bind(split.from.0)
        .fetch_all(&mut *tx)
        .await?;
    if let Some(other) = split.claims.iter().find(|claim| !theirs.contains(&claim.0)) {
        return Ok(Changed::NotTheirs(*other));
    }
    let new = ActorId(Uuid::now_v7());
    insert(tx, split, new).await?;
    let change = NewChange {
        kind: ActorChangeKind::Split,
        actor: split.from,
        other: Some(new),
        requested_by: &split.requested_by,
        caller: &split.caller,
        reason: &split.reason,
    };
    let id = insert_change(tx, &change).await?;
    sqlx::query(NOTE)
        .bind(id)
        .bind(&claims)
        .execute(&mut *tx)
        .await?;
    sqlx::query(MOVE)
        .bind(&claims)
        .bind(new.0)
        .bind(ACTOR_BY_PERSON)
        .execute(&mut *tx)
        .await?;
    sqlx::query(COUNT)
        .bind(id)
        .bind(i64::try_from(claims.len()).unwrap_or(i64::MAX))
        .execute(&mut *tx)
        .await?;
    touch(tx, split.from).await?;
    split_off(tx, split.from, (new, Some(id))).await
}

/// Inserts the new actor with its names, which the old one loses except for its display name.
async fn insert(tx: &mut PgConnection, split: &Split, new: ActorId) -> Result<(), StoreError> {
    sqlx::query(INSERT)
        .bind(split.from.0)
        .bind(new.0)
        .bind(&split.display_name)
        .bind(name_key(&split.display_name))
        .execute(&mut *tx)
        .await?;
    let mut names = split.aliases.clone();
    names.push(split.display_name.clone());
    names.sort_unstable();
    names.dedup();
    let keys: Vec<String> = names.iter().map(|name| name_key(name)).collect();
    sqlx::query(INSERT_NAMES)
        .bind(new.0)
        .bind(&names)
        .bind(keys)
        .execute(&mut *tx)
        .await?;
    sqlx::query(TAKE_NAMES)
        .bind(split.from.0)
        .bind(names)
        .execute(tx)
        .await?;
    Ok(())
}
