//! The register: people known independently of any article.

use std::collections::HashMap;

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{Registered, Role};
use crate::store::db::{Store, StoreError, name_key};

// A person registered under another key is still the same person: an earlier version built keys differently, or a
// namesake has since come into office.
const REKEY: &str = "UPDATE actors a SET identity_key = u.identity_key \
     FROM unnest($1::text[], $2::jsonb[]) AS u (identity_key, external_ids), \
       (SELECT DISTINCT ON (x.external_ids ->> 'wikidata') x.id FROM actors x \
        WHERE x.merged_into IS NULL AND x.external_ids ? 'wikidata' \
        ORDER BY x.external_ids ->> 'wikidata', x.id) k \
     WHERE a.id = k.id AND a.external_ids ->> 'wikidata' = u.external_ids ->> 'wikidata' \
       AND a.identity_key IS DISTINCT FROM u.identity_key \
       AND NOT EXISTS (SELECT FROM actors o WHERE o.identity_key = u.identity_key)";

// A person already created by an article is the same actor; the register's data takes precedence unless somebody
// edited the actor by hand.
const UPSERT: &str = "INSERT INTO actors \
       (id, display_name, sort_name, kind, identity_key, external_ids, gender, gender_basis) \
     SELECT u.id, u.display_name, u.sort_name, 'PERSON', u.identity_key, u.external_ids, u.gender, \
            CASE WHEN u.gender IS NOT NULL THEN 'REGISTER' END \
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[]) \
       AS u (id, display_name, sort_name, identity_key, external_ids, gender) \
     ORDER BY u.identity_key \
     ON CONFLICT (identity_key) DO UPDATE \
       SET kind = 'PERSON', external_ids = actors.external_ids || EXCLUDED.external_ids, \
           gender = coalesce(EXCLUDED.gender, actors.gender), \
           gender_basis = coalesce(EXCLUDED.gender_basis, actors.gender_basis), \
           update_time = now(), row_version = actors.row_version + 1 \
       WHERE NOT EXISTS (SELECT 1 FROM actor_changes h WHERE h.actor_id = actors.id AND h.kind <> 'MERGE') \
         AND (actors.kind <> 'PERSON' OR NOT actors.external_ids @> EXCLUDED.external_ids \
          OR (EXCLUDED.gender IS NOT NULL AND actors.gender_basis IS DISTINCT FROM 'REGISTER'))";

const IDS: &str = "SELECT identity_key, id FROM actors WHERE identity_key = ANY($1)";

const INSERT_NAMES: &str = "INSERT INTO actor_names (actor_id, name, name_key) \
     SELECT u.actor_id, u.name, u.name_key \
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS u (actor_id, name, name_key) \
     WHERE NOT EXISTS (SELECT 1 FROM actor_changes h WHERE h.actor_id = u.actor_id AND h.kind <> 'MERGE') \
     ORDER BY u.actor_id, u.name \
     ON CONFLICT (actor_id, name) DO NOTHING";

const INSERT_TERMS: &str = "INSERT INTO actor_terms (actor_id, title, organization, start_date, end_date) \
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::date[]) \
       AS u (actor_id, title, organization, start_date, end_date) \
     ON CONFLICT (actor_id, title, organization, start_date) DO UPDATE SET end_date = EXCLUDED.end_date";

const INSERT_KEYS: &str = "INSERT INTO actor_keys (key, actor_id) \
     SELECT * FROM unnest($1::text[], $2::uuid[]) AS u (key, actor_id) \
     ON CONFLICT (key) DO UPDATE SET actor_id = EXCLUDED.actor_id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::register::REKEY", REKEY),
    ("actors::register::UPSERT", UPSERT),
    ("actors::register::IDS", IDS),
    ("actors::register::INSERT_NAMES", INSERT_NAMES),
    ("actors::register::INSERT_TERMS", INSERT_TERMS),
    ("actors::register::INSERT_KEYS", INSERT_KEYS),
];

impl Store {
    /// Stores or updates the people of a register, all or none. Idempotent.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn register(&self, people: &[Registered]) -> Result<(), StoreError> {
        self.run_tx("register", &people, |tx, people| {
            Box::pin(register(tx, people))
        })
        .await
    }
}

async fn register(tx: &mut PgConnection, people: &[Registered]) -> Result<(), StoreError> {
    sqlx::query(REKEY)
        .bind(column(people, |p| p.identity_key.clone()))
        .bind(column(people, |p| Json(p.external_ids.clone())))
        .execute(&mut *tx)
        .await?;
    sqlx::query(UPSERT)
        .bind(people.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
        .bind(column(people, |p| p.name.clone()))
        .bind(column(people, |p| name_key(&p.name)))
        .bind(column(people, |p| p.identity_key.clone()))
        .bind(column(people, |p| Json(p.external_ids.clone())))
        .bind(column(people, |p| {
            p.gender.map(|gender| gender.to_string())
        }))
        .execute(&mut *tx)
        .await?;
    let ids: Vec<(String, Uuid)> = sqlx::query_as(IDS)
        .bind(column(people, |p| p.identity_key.clone()))
        .fetch_all(&mut *tx)
        .await?;
    let ids: HashMap<String, Uuid> = ids.into_iter().collect();
    let id_of = |person: &Registered| ids[&person.identity_key];
    insert_names(tx, people, id_of).await?;
    insert_terms(tx, people, id_of).await?;
    insert_keys(tx, people, id_of).await
}

async fn insert_names(
    tx: &mut PgConnection,
    people: &[Registered],
    id_of: impl Fn(&Registered) -> Uuid,
) -> Result<(), StoreError> {
    let names: Vec<(Uuid, &String)> = people
        .iter()
        .flat_map(|person| {
            let id = id_of(person);
            person
                .aliases
                .iter()
                .chain([&person.name])
                .map(move |name| (id, name))
        })
        .collect();
    sqlx::query(INSERT_NAMES)
        .bind(names.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(
            names
                .iter()
                .map(|(_, name)| name.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(
            names
                .iter()
                .map(|(_, name)| name_key(name))
                .collect::<Vec<_>>(),
        )
        .execute(tx)
        .await?;
    Ok(())
}

async fn insert_terms(
    tx: &mut PgConnection,
    people: &[Registered],
    id_of: impl Fn(&Registered) -> Uuid,
) -> Result<(), StoreError> {
    let mut terms: Vec<(Uuid, &Role)> = people
        .iter()
        .flat_map(|person| {
            let id = id_of(person);
            person
                .roles
                .iter()
                .filter(|role| role.start_date.is_some())
                .map(move |role| (id, role))
        })
        .collect();
    // One statement cannot update a row twice.
    let place = |(id, role): &(Uuid, &Role)| {
        (
            *id,
            role.title.clone(),
            role.organization.clone(),
            role.start_date,
        )
    };
    terms.sort_by_key(place);
    terms.dedup_by_key(|term| place(term));
    sqlx::query(INSERT_TERMS)
        .bind(terms.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(
            terms
                .iter()
                .map(|(_, role)| role.title.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(
            terms
                .iter()
                .map(|(_, role)| role.organization.clone().unwrap_or_default())
                .collect::<Vec<_>>(),
        )
        .bind(
            terms
                .iter()
                .map(|(_, role)| role.start_date)
                .collect::<Vec<_>>(),
        )
        .bind(
            terms
                .iter()
                .map(|(_, role)| role.end_date)
                .collect::<Vec<_>>(),
        )
        .execute(tx)
        .await?;
    Ok(())
}

/// An identity key belongs to one actor; an additional key shared by two people identifies neither.
async fn insert_keys(
    tx: &mut PgConnection,
    people: &[Registered],
    id_of: impl Fn(&Registered) -> Uuid,
) -> Result<(), StoreError> {
    let own: HashMap<&str, Option<Uuid>> = people
        .iter()
        .map(|person| (person.identity_key.as_str(), Some(id_of(person))))
        .collect();
    let mut owners = own.clone();
    for person in people {
        let id = id_of(person);
        for key in person
            .keys
            .iter()
            .filter(|key| !own.contains_key(key.as_str()))
        {
            owners
                .entry(key)
                .and_modify(|known| *known = known.filter(|known| *known == id))
                .or_insert(Some(id));
        }
    }
    let mut keys: Vec<(&str, Option<Uuid>)> = owners.into_iter().collect();
    keys.sort_unstable();
    sqlx::query(INSERT_KEYS)
        .bind(keys.iter().map(|(key, _)| *key).collect::<Vec<_>>())
        .bind(keys.iter().map(|(_, id)| *id).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// One column of the people's rows.
fn column<T>(people: &[Registered], value: impl Fn(&Registered) -> T) -> Vec<T> {
    people.iter().map(value).collect()
}
