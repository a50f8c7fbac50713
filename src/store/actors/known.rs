//! Matching the actors of an extraction to stored actors: by the register's keys, by an office held at the time, and
//! through merges.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::search::surname_pattern;
use crate::domain::{LocalActor, Role};
use crate::store::db::{StoreError, name_key};

const BY_KEY: &str = "SELECT key, actor_id FROM actor_keys WHERE key = ANY($1)";

const OFFICES: &str = "SELECT DISTINCT actor_root(t.actor_id), t.title, t.start_date, t.end_date \
     FROM actor_names n JOIN actor_terms t ON t.actor_id = n.actor_id \
     WHERE folded_name(n.name_key) LIKE folded_name($1)";

// Keeps a merge from happening between this lookup and the write of the claims that depend on it.
const LOCK: &str =
    "SELECT id, merged_into FROM actors WHERE id = ANY($1) ORDER BY id FOR KEY SHARE";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::known::BY_KEY", BY_KEY),
    ("actors::known::OFFICES", OFFICES),
    ("actors::known::LOCK", LOCK),
];

/// What is known about an actor before its identity key is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// It is this stored actor.
    Is(Uuid),
    /// It is the actor with this key.
    HasKey(String),
    /// Its name does not identify anybody.
    Nobody,
}

/// Determines what is known about each of an extraction's actors, in an article of that day.
pub(super) async fn known(
    tx: &mut PgConnection,
    actors: &[&LocalActor],
    day: NaiveDate,
) -> Result<Vec<Known>, StoreError> {
    let keys: Vec<&str> = actors.iter().flat_map(|actor| keys(actor)).collect();
    let rows: Vec<(String, Option<Uuid>)> = sqlx::query_as(BY_KEY)
        .bind(keys)
        .fetch_all(&mut *tx)
        .await?;
    let registered: HashMap<String, Option<Uuid>> = rows.into_iter().collect();
    let mut known = Vec::with_capacity(actors.len());
    for actor in actors {
        let mut found = by_keys(actor, &registered);
        if found == Known::Nobody
            && let Some(id) = by_office(tx, actor, day).await?
        {
            found = Known::Is(id);
        }
        known.push(found);
    }
    Ok(known)
}

/// The keys of an actor, most specific first.
fn keys(actor: &LocalActor) -> impl Iterator<Item = &str> {
    actor
        .full_key
        .as_deref()
        .into_iter()
        .chain(actor.identity_key.as_deref())
}

/// A key that several registered people share identifies none of them; the more specific key has to.
fn by_keys(actor: &LocalActor, registered: &HashMap<String, Option<Uuid>>) -> Known {
    if let Some(id) = keys(actor).find_map(|key| registered.get(key).copied().flatten()) {
        return Known::Is(id);
    }
    let shared = |key: &String| registered.contains_key(key.as_str());
    let own = [&actor.identity_key, &actor.full_key]
        .into_iter()
        .flatten()
        .find(|key| !shared(key));
    own.map_or(Known::Nobody, |key| Known::HasKey(key.clone()))
}

/// "President Lee" is the one Lee who was president at the time.
async fn by_office(
    tx: &mut PgConnection,
    actor: &LocalActor,
    day: NaiveDate,
) -> Result<Option<Uuid>, StoreError> {
    let surname = surname_pattern(&name_key(&actor.display_name));
    let Some(surname) = surname.filter(|_| !actor.roles.is_empty()) else {
        return Ok(None);
    };
    let rows: Vec<(Uuid, String, NaiveDate, Option<NaiveDate>)> =
        sqlx::query_as(OFFICES).bind(surname).fetch_all(tx).await?;
    let held = rows.into_iter().filter(|(_, title, start, end)| {
        let term = Role {
            title: title.clone(),
            organization: None,
            start_date: Some(*start),
            end_date: *end,
            evidence: None,
        };
        actor
            .roles
            .iter()
            .any(|role| term.is_meant(&role.title, day))
    });
    let mut holders: Vec<Uuid> = held.map(|(id, ..)| id).collect();
    holders.sort_unstable();
    holders.dedup();
    Ok(match holders[..] {
        [only] => Some(only),
        _ => None,
    })
}

/// Follows merges to the surviving actors, which for unmerged actors are themselves; locks them against merges until
/// the transaction ends.
pub(super) async fn follow_merges(
    tx: &mut PgConnection,
    ids: &mut [Uuid],
) -> Result<(), StoreError> {
    loop {
        let rows: Vec<(Uuid, Option<Uuid>)> =
            sqlx::query_as(LOCK).bind(&*ids).fetch_all(&mut *tx).await?;
        let distinct: HashSet<&Uuid> = ids.iter().collect();
        if rows.len() < distinct.len() {
            // One was deleted in the meantime: the next attempt makes it anew.
            return Err(StoreError::Contention(sqlx::Error::RowNotFound));
        }
        let merged: HashMap<Uuid, Uuid> = rows
            .into_iter()
            .filter_map(|(id, into)| Some((id, into?)))
            .collect();
        if merged.is_empty() {
            return Ok(());
        }
        for id in ids.iter_mut() {
            *id = merged.get(id).copied().unwrap_or(*id);
        }
    }
}
