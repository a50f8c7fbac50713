//! Queries for checking the stored actors: who they are, and whom their names refer to today.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::known::{Known, known};
use super::resolve::actors_by_key;
use crate::domain::{ActorId, ActorKind, LocalActor};
use crate::store::db::{Store, StoreError, all, parse};

/// A stored actor to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredActor {
    /// Its id.
    pub id: ActorId,
    /// Its display name.
    pub display_name: String,
    /// Its kind.
    pub kind: ActorKind,
    /// The key by which articles find it.
    pub identity_key: Option<String>,
    /// Its id in Wikidata.
    pub wikidata: Option<String>,
    /// Whether a register lists it.
    pub is_registered: bool,
    /// Whether somebody renamed it or split it off another actor.
    pub by_hand: bool,
}

/// What a name in a new article would refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referent {
    /// This stored actor.
    Stored(ActorId),
    /// An actor that does not exist yet, with this key.
    New(String),
    /// Nobody identifiable.
    Nobody,
}

const PAGE: &str = "SELECT a.id, a.display_name, a.kind, a.identity_key, a.external_ids ->> 'wikidata' AS wikidata, \
            a.external_ids <> '{}' OR EXISTS (SELECT FROM actor_terms t WHERE t.actor_id = a.id) AS is_registered, \
            EXISTS (SELECT FROM actor_changes h WHERE h.actor_id = a.id AND h.kind = 'UPDATE') \
              OR EXISTS (SELECT FROM actor_changes h WHERE h.other_actor_id = a.id AND h.kind = 'SPLIT') AS by_hand \
     FROM actors a WHERE a.merged_into IS NULL AND ($1::uuid IS NULL OR a.id > $1) ORDER BY a.id LIMIT $2";

const ROOTS: &str = "SELECT u.id, actor_root(u.id) FROM unnest($1::uuid[]) AS u (id)";

const WERE_SPLIT: &str = "SELECT EXISTS (SELECT FROM actor_changes h WHERE h.kind = 'SPLIT' \
       AND ((h.actor_id = $1 AND h.other_actor_id = $2) OR (h.actor_id = $2 AND h.other_actor_id = $1)))";

const REKEY: &str = "UPDATE actors SET identity_key = $3 \
     WHERE id = $1 AND identity_key = $2 AND merged_into IS NULL \
       AND NOT EXISTS (SELECT FROM actors o WHERE o.identity_key = $3)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::mending::PAGE", PAGE),
    ("actors::mending::ROOTS", ROOTS),
    ("actors::mending::WERE_SPLIT", WERE_SPLIT),
    ("actors::mending::REKEY", REKEY),
];

impl Store {
    /// Returns at most `size` actors after `after`, by id, excluding those that were merged into others.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn actors_to_check(
        &self,
        after: Option<ActorId>,
        size: usize,
    ) -> Result<Vec<StoredActor>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(PAGE)
            .bind(after.map(|id| id.0))
            .bind(i64::try_from(size).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        all(rows)
    }

    /// Determines which actor each of these actors of an article of that day would be, without storing anything.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn referents(
        &self,
        actors: &[&LocalActor],
        day: NaiveDate,
    ) -> Result<Vec<Referent>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let known = known(&mut connection, actors, day).await?;
        let by_key = actors_by_key(&mut connection, &known).await?;
        let id = |known: &Known| match known {
            Known::Is(id) => Some(*id),
            Known::HasKey(key) => by_key.get(key).copied(),
            Known::Nobody => None,
        };
        let ids: Vec<Uuid> = known.iter().filter_map(id).collect();
        let roots: Vec<(Uuid, Uuid)> = sqlx::query_as(ROOTS)
            .bind(ids)
            .fetch_all(&mut *connection)
            .await?;
        connection.release();
        let roots: HashMap<Uuid, Uuid> = roots.into_iter().collect();
        let meant = known.iter().map(|known| {
            let root = id(known).and_then(|id| roots.get(&id));
            match (root, known) {
                (Some(root), _) => Referent::Stored(ActorId(*root)),
                (None, Known::HasKey(key)) => Referent::New(key.clone()),
                (None, _) => Referent::Nobody,
            }
        });
        Ok(meant.collect())
    }

    /// Returns whether somebody ever split one of the two off the other, even if that was undone since.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn were_split(&self, one: ActorId, other: ActorId) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(WERE_SPLIT)
            .bind(one.0)
            .bind(other.0)
            .fetch_one(&self.pool)
            .await?)
    }

    /// Changes or removes the key under which an actor is found, provided it is still `from` and nobody else has the
    /// new one. Returns false if nothing was changed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn rekey_actor(
        &self,
        actor: ActorId,
        from: &str,
        to: Option<&str>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(REKEY)
            .bind(actor.0)
            .bind(from)
            .bind(to)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    display_name: String,
    kind: String,
    identity_key: Option<String>,
    wikidata: Option<String>,
    is_registered: bool,
    by_hand: bool,
}

impl TryFrom<Row> for StoredActor {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ActorId(row.id),
            display_name: row.display_name,
            kind: parse("kind", &row.kind)?,
            identity_key: row.identity_key,
            wikidata: row.wikidata,
            is_registered: row.is_registered,
            by_hand: row.by_hand,
        })
    }
}
