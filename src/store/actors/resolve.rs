use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::known::{Known, follow_merges, known};
use crate::domain::{ArticleId, Extraction, LocalActor};
use crate::store::db::{StoreError, name_key};

// Among several actors of one name, this is the one that this article itself may have created: without a key, and
// displayed under that name.
const OWN_ACTORS: &str = "SELECT DISTINCT ON (n.name) n.name, a.id \
     FROM claims c JOIN actors a ON a.id = c.actor_id OR a.id = ANY(c.about_ids) OR a.id = ANY(c.addressee_ids) \
       JOIN actor_names n ON n.actor_id = a.id \
     WHERE c.article_id = $1 \
     ORDER BY n.name, (a.identity_key IS NOT NULL), (a.display_name <> n.name), a.id";

// An actor already exists if its key does or, without a key, its id. Rows are inserted in key order, so that two
// transactions that create the same actors lock in the same order.
const INSERT_ACTORS: &str = "INSERT INTO actors \
     (id, display_name, sort_name, kind, identity_key, gender, gender_basis) \
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) \
       AS u (id, display_name, sort_name, kind, identity_key, gender, gender_basis) \
     ORDER BY identity_key, id \
     ON CONFLICT DO NOTHING";

const ACTORS_BY_KEY: &str = "SELECT identity_key, id FROM actors WHERE identity_key = ANY($1)";

// What a gender was inferred from, ordered by strength of evidence; no evidence is weakest.
macro_rules! weight {
    ($basis:literal) => {
        concat!(
            "coalesce(array_position(ARRAY['FORENAME', 'PRONOUN', 'TITLE', 'REGISTER'], ",
            $basis,
            "), 0)"
        )
    };
}

// Stronger evidence of the gender replaces the stored value; with equal evidence, the first stays. Most articles
// about a known actor add nothing; the condition keeps them from locking its row. Rows are locked in a fixed order,
// which avoids deadlocks. Actors created by this transaction are already up to date.
const LEARN: &str = concat!(
    "UPDATE actors a \
     SET kind = u.kind, gender = u.gender, gender_basis = u.gender_basis, \
         update_time = now(), row_version = a.row_version + 1 \
     FROM (SELECT k.id, CASE WHEN k.kind = 'UNKNOWN' THEN n.kind ELSE k.kind END AS kind, \
                  CASE WHEN n.weight > ",
    weight!("k.gender_basis"),
    " THEN n.gender ELSE k.gender END AS gender, \
                  CASE WHEN n.weight > ",
    weight!("k.gender_basis"),
    " THEN n.gender_basis ELSE k.gender_basis END AS gender_basis \
           FROM actors k JOIN ( \
             SELECT DISTINCT ON (id) id, kind, gender, gender_basis, ",
    weight!("gender_basis"),
    " AS weight \
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS r (id, kind, gender, gender_basis) \
             ORDER BY id, weight DESC, kind = 'UNKNOWN') n ON n.id = k.id \
           WHERE k.create_time < now() \
             AND (k.id = ANY($5) OR (k.kind = 'UNKNOWN' AND n.kind <> 'UNKNOWN') \
                  OR n.weight > ",
    weight!("k.gender_basis"),
    ") \
           ORDER BY k.id FOR NO KEY UPDATE OF k) u \
     WHERE a.id = u.id"
);

const INSERT_NAMES: &str = "INSERT INTO actor_names (actor_id, name, name_key) \
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS u (actor_id, name, name_key) \
     ORDER BY actor_id, name \
     ON CONFLICT (actor_id, name) DO NOTHING RETURNING actor_id";

const INSERT_ROLES: &str = "INSERT INTO actor_roles (actor_id, title, organization, start_date, end_date, evidence) \
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::date[], $6::text[]) \
       AS u (actor_id, title, organization, start_date, end_date, evidence) \
     ORDER BY actor_id, title, organization \
     ON CONFLICT (actor_id, title, organization) DO NOTHING RETURNING actor_id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::resolve::OWN_ACTORS", OWN_ACTORS),
    ("actors::resolve::INSERT_ACTORS", INSERT_ACTORS),
    ("actors::resolve::ACTORS_BY_KEY", ACTORS_BY_KEY),
    ("actors::resolve::LEARN", LEARN),
    ("actors::resolve::INSERT_NAMES", INSERT_NAMES),
    ("actors::resolve::INSERT_ROLES", INSERT_ROLES),
];

/// Returns the article's actors by each of their names.
pub(in crate::store) async fn own_actors(
    tx: &mut PgConnection,
    article_id: ArticleId,
) -> Result<HashMap<String, Uuid>, StoreError> {
    let rows: Vec<(String, Uuid)> = sqlx::query_as(OWN_ACTORS)
        .bind(article_id.0)
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Finds or creates the stored actor for each of an extraction's actors, in the same order; `None` for those that are
/// not stored: actors without a name, and actors unrelated to any claim.
///
/// A name that the register lists, or that is a stored actor's identity key, refers to that actor, whichever article
/// is stored first; so does a surname with a title if exactly one person of that name held the office on `day`. Any
/// other bare name refers to the actor of that name in `own`, which holds the article's existing actors, or else to a
/// new actor. Merged actors resolve to the survivor.
pub(in crate::store) async fn resolve_actors(
    tx: &mut PgConnection,
    read: &Extraction,
    day: NaiveDate,
    own: &HashMap<String, Uuid>,
) -> Result<Vec<Option<Uuid>>, StoreError> {
    let stored = stored(read);
    let actors: Vec<&LocalActor> = read
        .actors
        .iter()
        .zip(&stored)
        .filter(|(_, stored)| **stored)
        .map(|(actor, _)| actor)
        .collect();
    let mut ids = resolve(tx, &actors, day, own).await?.into_iter();
    Ok(stored
        .into_iter()
        .map(|stored| stored.then(|| ids.next()).flatten())
        .collect())
}

/// Which actors of an extraction are stored: named actors who are on record or were addressed, and mentioned actors
/// whose name identifies them.
fn stored(read: &Extraction) -> Vec<bool> {
    let mut stored = vec![false; read.actors.len()];
    for claim in &read.claims {
        let addressed = claim
            .addressees
            .iter()
            .filter_map(|addressed| addressed.actor);
        for actor in claim.actor.into_iter().chain(addressed) {
            stored[actor] = read.actors[actor].is_named;
        }
        for actor in &claim.about {
            stored[*actor] |= read.actors[*actor].identity_key.is_some();
        }
    }
    stored
}

async fn resolve(
    tx: &mut PgConnection,
    actors: &[&LocalActor],
    day: NaiveDate,
    own: &HashMap<String, Uuid>,
) -> Result<Vec<Uuid>, StoreError> {
    if actors.is_empty() {
        return Ok(Vec::new());
    }
    let known = known(tx, actors, day).await?;
    let ids: Vec<Uuid> = actors
        .iter()
        .zip(&known)
        .map(|(actor, known)| match known {
            Known::Is(id) => *id,
            Known::HasKey(_) => Uuid::now_v7(),
            Known::Nobody => own
                .get(&actor.display_name)
                .copied()
                .unwrap_or_else(Uuid::now_v7),
        })
        .collect();
    insert_actors(tx, actors, &known, &ids).await?;
    let by_key = actors_by_key(tx, &known).await?;
    let mut ids: Vec<Uuid> = known
        .iter()
        .zip(ids)
        .map(|(known, id)| match known {
            Known::HasKey(key) => by_key.get(key).copied().unwrap_or(id),
            Known::Is(_) | Known::Nobody => id,
        })
        .collect();
    follow_merges(tx, &mut ids).await?;
    let mut changed = insert_names(tx, actors, &ids).await?;
    changed.extend(insert_roles(tx, actors, &ids).await?);
    learn(tx, actors, &ids, changed).await?;
    Ok(ids)
}

/// Inserts the actors that do not exist yet.
async fn insert_actors(
    tx: &mut PgConnection,
    actors: &[&LocalActor],
    known: &[Known],
    ids: &[Uuid],
) -> Result<(), StoreError> {
    let new: Vec<usize> = (0..actors.len())
        .filter(|at| !matches!(known[*at], Known::Is(_)))
        .collect();
    let rows: Vec<&LocalActor> = new.iter().map(|at| actors[*at]).collect();
    sqlx::query(INSERT_ACTORS)
        .bind(new.iter().map(|at| ids[*at]).collect::<Vec<_>>())
        .bind(column(&rows, |a| a.display_name.clone()))
        .bind(column(&rows, |a| name_key(&a.display_name)))
        .bind(column(&rows, |a| a.kind.to_string()))
        .bind(new.iter().map(|at| key_of(&known[*at])).collect::<Vec<_>>())
        .bind(column(&rows, |a| {
            a.gender.map(|(gender, _)| gender.to_string())
        }))
        .bind(column(&rows, |a| {
            a.gender.map(|(_, basis)| basis.to_string())
        }))
        .execute(tx)
        .await?;
    Ok(())
}

fn key_of(known: &Known) -> Option<&str> {
    match known {
        Known::HasKey(key) => Some(key),
        Known::Is(_) | Known::Nobody => None,
    }
}

/// Returns the actors that have these identity keys.
pub(super) async fn actors_by_key(
    tx: &mut PgConnection,
    known: &[Known],
) -> Result<HashMap<String, Uuid>, StoreError> {
    let keys: Vec<&str> = known.iter().filter_map(key_of).collect();
    let rows: Vec<(String, Uuid)> = sqlx::query_as(ACTORS_BY_KEY)
        .bind(keys)
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Updates known actors: the kind if it was unknown, the gender if the new evidence is stronger, and the version of
/// those that get names or roles from this article (`changed`).
async fn learn(
    tx: &mut PgConnection,
    actors: &[&LocalActor],
    ids: &[Uuid],
    changed: Vec<Uuid>,
) -> Result<(), StoreError> {
    sqlx::query(LEARN)
        .bind(ids)
        .bind(column(actors, |a| a.kind.to_string()))
        .bind(column(actors, |a| {
            a.gender.map(|(gender, _)| gender.to_string())
        }))
        .bind(column(actors, |a| {
            a.gender.map(|(_, basis)| basis.to_string())
        }))
        .bind(changed)
        .execute(tx)
        .await?;
    Ok(())
}

/// Adds the actors' names and returns the actors that got a new one.
async fn insert_names(
    tx: &mut PgConnection,
    actors: &[&LocalActor],
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let (mut owners, mut names) = (Vec::new(), Vec::new());
    for (actor, id) in actors.iter().zip(ids) {
        for name in actor.aliases.iter().chain([&actor.display_name]) {
            owners.push(*id);
            names.push(name.clone());
        }
    }
    let keys: Vec<String> = names.iter().map(|name| name_key(name)).collect();
    let insert = sqlx::query_scalar(INSERT_NAMES);
    Ok(insert
        .bind(owners)
        .bind(names)
        .bind(keys)
        .fetch_all(tx)
        .await?)
}

/// Adds the actors' roles and returns the actors that got a new one.
async fn insert_roles(
    tx: &mut PgConnection,
    actors: &[&LocalActor],
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let roles: Vec<_> = actors
        .iter()
        .zip(ids)
        .flat_map(|(actor, id)| actor.roles.iter().map(move |role| (*id, role)))
        .collect();
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let added = sqlx::query_scalar(INSERT_ROLES)
        .bind(roles.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(
            roles
                .iter()
                .map(|(_, r)| r.title.clone())
                .collect::<Vec<_>>(),
        )
        .bind(
            roles
                .iter()
                .map(|(_, r)| r.organization.clone().unwrap_or_default())
                .collect::<Vec<_>>(),
        )
        .bind(roles.iter().map(|(_, r)| r.start_date).collect::<Vec<_>>())
        .bind(roles.iter().map(|(_, r)| r.end_date).collect::<Vec<_>>())
        .bind(
            roles
                .iter()
                .map(|(_, r)| r.evidence.clone())
                .collect::<Vec<_>>(),
        )
        .fetch_all(tx)
        .await?;
    Ok(added)
}

/// One column of the actors' rows.
fn column<T>(actors: &[&LocalActor], value: impl Fn(&LocalActor) -> T) -> Vec<T> {
    actors.iter().map(|actor| value(actor)).collect()
}
