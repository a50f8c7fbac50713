//! Whom words may mean among the stored actors.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::{ActorId, is_surname};
use crate::store::db::{Store, StoreError, name_key};

/// A name to be looked up, without titles.
#[derive(Debug, Clone, Default)]
pub struct ActorQuery {
    /// The name as it stands.
    pub name: String,
    /// The keys under which it may identify an actor, the most telling first.
    pub keys: Vec<String>,
}

/// How an actor's names are like the name that is looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// One of the keys is the actor's.
    pub same_identity: bool,
    /// One of its names is that name, up to accents.
    pub same_name: bool,
    /// That name is the surname, or the end of it, of one of its names.
    pub same_surname: bool,
    /// The share of letter triples in common with the most similar name, 0..=1.
    pub similarity: f32,
}

// Each way to find an actor has its own index. Whom others were merged into is found by their names too.
const SEARCH: &str = "WITH RECURSIVE hits AS ( \
       SELECT a.id, true AS same_identity, '' AS name FROM actors a WHERE a.identity_key = ANY($1) \
       UNION ALL SELECT k.actor_id, true, '' FROM actor_keys k WHERE k.key = ANY($1) AND k.actor_id IS NOT NULL \
       UNION ALL (SELECT n.actor_id, false, folded_name(n.name_key) FROM actor_names n \
                  WHERE folded_name(n.name_key) = folded_name($2) LIMIT $4) \
       UNION ALL (SELECT n.actor_id, false, folded_name(n.name_key) FROM actor_names n \
                  WHERE folded_name(n.name_key) LIKE folded_name($3) LIMIT $4) \
       UNION ALL (SELECT n.actor_id, false, folded_name(n.name_key) FROM actor_names n \
                  WHERE folded_name(n.name_key) % folded_name($2) \
                  ORDER BY similarity(folded_name(n.name_key), folded_name($2)) DESC LIMIT $4)), \
     up AS ( \
       SELECT h.id, h.same_identity, h.name, a.merged_into FROM hits h JOIN actors a ON a.id = h.id \
       UNION SELECT a.id, up.same_identity, up.name, a.merged_into FROM up JOIN actors a ON a.id = up.merged_into) \
     SELECT id, bool_or(same_identity) AS same_identity, bool_or(name = folded_name($2)) AS same_name, \
            coalesce(bool_or(name LIKE folded_name($3)), false) AS same_surname, \
            max(similarity(name, folded_name($2))) AS similarity \
     FROM up WHERE merged_into IS NULL GROUP BY id \
     ORDER BY same_identity DESC, same_name DESC, same_surname DESC, similarity DESC, id LIMIT $4";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("actors::search::SEARCH", SEARCH)];

/// How many names each way of looking may find.
const MAX_HITS: i64 = 200;

impl Store {
    /// The actors whose names are like a name, and how.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn search_actors(
        &self,
        wanted: &ActorQuery,
    ) -> Result<BTreeMap<ActorId, Likeness>, StoreError> {
        let key = name_key(&wanted.name);
        let rows: Vec<Row> = sqlx::query_as(SEARCH)
            .bind(&wanted.keys)
            .bind(&key)
            .bind(surname_pattern(&key))
            .bind(MAX_HITS)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (ActorId(row.id), row.likeness()))
            .collect())
    }
}

/// A LIKE pattern for names that end in this one, if it may be a surname with nothing before it.
pub(super) fn surname_pattern(key: &str) -> Option<String> {
    is_surname(key).then(|| format!("% {}", escaped(key)))
}

/// Text that LIKE takes literally.
pub(super) fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    same_identity: bool,
    same_name: bool,
    same_surname: bool,
    similarity: f32,
}

impl Row {
    const fn likeness(&self) -> Likeness {
        Likeness {
            same_identity: self.same_identity,
            same_name: self.same_name,
            same_surname: self.same_surname,
            similarity: self.similarity,
        }
    }
}
