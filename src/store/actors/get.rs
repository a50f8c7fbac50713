use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::postgres::PgArguments;
use sqlx::types::Json;
use sqlx::{Encode, PgExecutor, Postgres, Type, query::QueryAs};
use uuid::Uuid;

use super::search::escaped;
use crate::domain::{Actor, ActorId, ActorKind, Gender, Role};
use crate::store::db::{
    ActorCursor, Page, Store, StoreError, all, name_key, one_more, parse, parse_opt, take_page,
};

/// Selects actors that meet every condition given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActorFilter {
    /// The display name or another name starts with this, ignoring case and accents. Empty matches all.
    pub name_prefix: String,
    /// Of this kind.
    pub kind: Option<ActorKind>,
    /// A name contains words similar to these, ignoring accents. Empty matches all.
    pub query: String,
    /// Has a role in this organisation, ignoring case. Empty matches all.
    pub organization: String,
    /// Of this gender.
    pub gender: Option<Gender>,
    /// With this id elsewhere: its key and its value.
    pub external_id: Option<(String, String)>,
}

macro_rules! actor_columns {
    () => {
        "a.id, a.display_name, a.sort_name, a.kind, a.external_ids, a.gender, a.gender_basis, a.merged_into, \
         a.row_version, \
         ARRAY(SELECT n.name FROM actor_names n WHERE n.actor_id = a.id AND n.name <> a.display_name \
               ORDER BY n.name COLLATE \"C\") AS aliases, \
         (SELECT coalesce(jsonb_agg(jsonb_build_object( \
                   'title', r.title, 'organization', nullif(r.organization, ''), 'start_date', r.start_date, \
                   'end_date', r.end_date, 'evidence', r.evidence) ORDER BY r.title, r.organization, r.start_date), '[]') \
          FROM (SELECT title, organization, start_date, end_date, evidence FROM actor_roles WHERE actor_id = a.id \
                UNION ALL \
                SELECT title, organization, start_date, end_date, NULL FROM actor_terms t \
                WHERE t.actor_id = a.id \
                   OR t.actor_id IN (SELECT m.id FROM actors m WHERE m.merged_into = a.id)) r) AS roles, \
         s.claim_count, s.first_claim_time, s.last_claim_time"
    };
}

macro_rules! claim_summary {
    () => {
        " LEFT JOIN LATERAL (SELECT count(*) AS claim_count, min(c.sort_time) AS first_claim_time, \
                                    max(c.sort_time) AS last_claim_time \
                             FROM claims c WHERE c.actor_id = a.id) s ON true "
    };
}

pub(super) use {actor_columns, claim_summary};

const GET: &str = concat!(
    "SELECT ",
    actor_columns!(),
    " FROM actors a",
    claim_summary!(),
    "WHERE a.id = $1"
);

// The parameters of a list: 1, 2 and 6 to 9 are those of the filter, 3 and 4 the position, 5 the limit.
macro_rules! actor_conditions {
    () => {
        "a.merged_into IS NULL \
         AND ($1::text IS NULL OR a.id IN (SELECT n.actor_id FROM actor_names n \
               WHERE folded_name(n.name_key) LIKE folded_name($1))) \
         AND ($2::text IS NULL OR a.kind = $2) \
         AND ($6::text IS NULL OR a.id IN (SELECT n.actor_id FROM actor_names n \
               WHERE folded_name($6) <% folded_name(n.name_key))) \
         AND ($7::text IS NULL OR a.id IN ( \
               SELECT r.actor_id FROM actor_roles r WHERE lower(r.organization) = lower($7) \
               UNION ALL SELECT actor_root(t.actor_id) FROM actor_terms t WHERE lower(t.organization) = lower($7))) \
         AND ($8::text IS NULL OR a.gender = $8) \
         AND ($9::jsonb IS NULL OR a.external_ids @> $9) "
    };
}

pub(super) use actor_conditions;

// The page is limited before claims are counted, so that they are counted only for its actors.
const LIST: &str = concat!(
    "SELECT ",
    actor_columns!(),
    " FROM (SELECT * FROM actors a WHERE ",
    actor_conditions!(),
    "AND ($3::text IS NULL OR (a.sort_name, a.id) > ($3, $4::uuid)) \
            ORDER BY a.sort_name, a.id LIMIT $5) a",
    claim_summary!(),
    "ORDER BY a.sort_name, a.id"
);

const GET_MANY: &str = concat!(
    "SELECT ",
    actor_columns!(),
    " FROM actors a",
    claim_summary!(),
    "WHERE a.id = ANY($1)"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::get::GET", GET),
    ("actors::get::GET_MANY", GET_MANY),
    ("actors::get::LIST", LIST),
];

impl Store {
    /// Returns the actor with this id, or `None`.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn actor(&self, id: ActorId) -> Result<Option<Actor>, StoreError> {
        actor(&self.planned_once, id).await
    }

    /// Returns the actors with these ids, in no particular order; unknown ids are left out.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Actor>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows: Vec<ActorRow> = sqlx::query_as(GET_MANY)
            .bind(ids)
            .fetch_all(&self.planned_once)
            .await?;
        all(rows)
    }

    /// Returns a page of at most `size` actors after `after`, by name. Actors that were merged into others are left
    /// out.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_actors(
        &self,
        filter: &ActorFilter,
        after: Option<&ActorCursor>,
        size: usize,
    ) -> Result<Page<Actor, ActorCursor>, StoreError> {
        let position = after.map(|position| (position.sort_name.as_str(), position.id));
        let rows = in_list(sqlx::query_as(LIST), filter, position, size).fetch(&self.pool);
        let page = take_page(rows, size, |_| 0, ActorRow::cursor).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

/// Binds the parameters of a list, as in [`actor_conditions`].
pub(super) fn in_list<'q, P>(
    query: QueryAs<'q, Postgres, ActorRow, PgArguments>,
    filter: &ActorFilter,
    position: Option<(P, ActorId)>,
    size: usize,
) -> QueryAs<'q, Postgres, ActorRow, PgArguments>
where
    P: Encode<'q, Postgres> + Type<Postgres> + 'q,
{
    let (after, id) = position.map_or((None, None), |(after, id)| (Some(after), Some(id.0)));
    query
        .bind(prefix_pattern(&filter.name_prefix))
        .bind(filter.kind.map(|kind| kind.to_string()))
        .bind(after)
        .bind(id)
        .bind(one_more(size))
        .bind((!filter.query.is_empty()).then(|| name_key(&filter.query)))
        .bind((!filter.organization.is_empty()).then(|| filter.organization.clone()))
        .bind(filter.gender.map(|gender| gender.to_string()))
        .bind(
            filter
                .external_id
                .clone()
                .map(|id| Json(BTreeMap::from([id]))),
        )
}

/// See [`Store::actor`].
pub(super) async fn actor(
    executor: impl PgExecutor<'_>,
    id: ActorId,
) -> Result<Option<Actor>, StoreError> {
    let row: Option<ActorRow> = sqlx::query_as(GET)
        .bind(id.0)
        .fetch_optional(executor)
        .await?;
    row.map(Actor::try_from).transpose()
}

/// A LIKE pattern for names that start with `prefix`, or `None` if every name does.
fn prefix_pattern(prefix: &str) -> Option<String> {
    if prefix.is_empty() {
        return None;
    }
    Some(format!("{}%", escaped(&name_key(prefix))))
}

#[derive(sqlx::FromRow)]
pub(super) struct ActorRow {
    pub(super) id: Uuid,
    display_name: String,
    sort_name: String,
    kind: String,
    aliases: Vec<String>,
    roles: Json<Vec<Role>>,
    external_ids: Json<BTreeMap<String, String>>,
    gender: Option<String>,
    gender_basis: Option<String>,
    merged_into: Option<Uuid>,
    pub(super) claim_count: i64,
    first_claim_time: Option<DateTime<Utc>>,
    pub(super) last_claim_time: Option<DateTime<Utc>>,
    row_version: i64,
}

impl ActorRow {
    fn cursor(&self) -> ActorCursor {
        ActorCursor {
            sort_name: self.sort_name.clone(),
            id: ActorId(self.id),
        }
    }
}

impl TryFrom<ActorRow> for Actor {
    type Error = StoreError;

    fn try_from(row: ActorRow) -> Result<Self, StoreError> {
        let gender = parse_opt("gender", row.gender)?;
        let basis = parse_opt("gender_basis", row.gender_basis)?;
        Ok(Self {
            id: ActorId(row.id),
            display_name: row.display_name,
            kind: parse("kind", &row.kind)?,
            aliases: row.aliases,
            roles: row.roles.0,
            external_ids: row.external_ids.0,
            gender: gender.zip(basis),
            merged_into: row.merged_into.map(ActorId),
            claim_count: row.claim_count,
            first_claim_time: row.first_claim_time,
            last_claim_time: row.last_claim_time,
            row_version: row.row_version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::prefix_pattern;

    #[test]
    fn a_prefix_is_taken_literally() {
        assert_eq!(prefix_pattern(""), None);
        assert_eq!(prefix_pattern("Lee"), Some("lee%".into()));
        assert_eq!(prefix_pattern(r"50%_\"), Some(r"50\%\_\\%".into()));
    }
}
