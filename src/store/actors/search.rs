//! Finding the stored actors that a name may refer to.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::{ActorId, is_surname};
use crate::store::db::{Store, StoreError, name_key};

/// A name to look up, without titles.
#[derive(Debug, Clone, Default)]
pub struct ActorQuery {
    /// The name as written.
    pub name: String,
    /// The keys by which it may identify an actor, most specific first.
    pub keys: Vec<String>,
}

/// How an actor's names match the name looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// One of the keys is the actor's identity key.
    pub same_identity: bool,
    /// One of its names is the same, ignoring accents.
    pub same_name: bool,
    /// The name is the surname, or the end of the surname, of one of its names.
    pub same_surname: bool,
    /// The share of trigrams in common with the most similar name, from 0 to 1.
    pub similarity: f32,
}

// Each way to find an actor has its own index. The survivor of a merge is also found by the names of those merged
// into it.
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

/// Maximum number of names found in each way.
const MAX_HITS: i64 = 200;

impl Store {
    /// Returns the actors with similar names, and how they match.
    ///
    /// # Errors
    /// See [`StoreError`].
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

/// A LIKE pattern for names that end in this one, if it may be a bare surname.
pub(super) fn surname_pattern(key: &str) -> Option<String> {
    is_surname(key).then(|| format!("% {}", escaped(key)))
}

/// Escapes text so that LIKE matches it literally.
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
