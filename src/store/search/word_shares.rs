//! In which share of all claims words occur: what tells the rare ones from those that half of an archive has.
//!
//! The planner keeps statistics of its own, but of the thousand most frequent words only. Of what is rarer they tell
//! nothing, and that is what claims are found by.

use std::collections::HashMap;

use crate::store::db::{Store, StoreError};

/// The share that is counted for a word that the sample does not have, in claims of the sample.
const UNSEEN: f64 = 0.5;

// 4,000 pages hold some 40,000 claims: read within half a second, in an archive of any size. The last row counts the
// sample, and all claims there are by it.
const SAMPLE: &str = "WITH pages AS (SELECT pg_relation_size('claims') / current_setting('block_size')::int AS count), \
       sampled AS MATERIALIZED (SELECT c.search FROM claims c TABLESAMPLE SYSTEM (least(100, \
         100 * 4000.0 / greatest(pg_relation_size('claims') / current_setting('block_size')::int, 1)))) \
     SELECT l.lexeme, count(*)::float8 AS having_it, 0::float8 AS claims \
     FROM sampled s CROSS JOIN LATERAL unnest(tsvector_to_array(s.search)) l (lexeme) GROUP BY l.lexeme \
     UNION ALL SELECT NULL, count(*), count(*) * greatest((SELECT p.count FROM pages p) / 4000.0, 1) FROM sampled";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("search::word_shares::SAMPLE", SAMPLE)];

/// How frequent words are, by a sample of all claims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WordShares {
    /// How many claims of the sample have a word, by its stem as Postgres makes it.
    having: HashMap<String, f64>,
    /// How many claims the sample has.
    sampled: f64,
    /// How many claims there are.
    claims: f64,
}

impl WordShares {
    /// In how many claims a word may be expected.
    pub(super) fn claims_with(&self, lexeme: &str) -> f64 {
        self.share(lexeme) * self.claims
    }

    /// In how many claims two words may be expected together, as though they came independently.
    pub(super) fn claims_with_both(&self, one: &str, other: &str) -> f64 {
        self.share(one) * self.share(other) * self.claims
    }

    fn share(&self, lexeme: &str) -> f64 {
        self.having.get(lexeme).copied().unwrap_or(UNSEEN) / self.sampled.max(1.0)
    }
}

impl Store {
    /// Samples how frequent words are.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn word_shares(&self) -> Result<WordShares, StoreError> {
        let rows: Vec<(Option<String>, f64, f64)> =
            sqlx::query_as(SAMPLE).fetch_all(&self.pool).await?;
        let mut shares = WordShares::default();
        for (lexeme, having, claims) in rows {
            if let Some(lexeme) = lexeme {
                shares.having.insert(lexeme, having);
            } else {
                (shares.sampled, shares.claims) = (having, claims);
            }
        }
        Ok(shares)
    }
}

#[cfg(test)]
impl WordShares {
    /// Of so many claims, words with how many of the thousand sampled have them.
    pub(super) fn of(claims: f64, words: &[(&str, f64)]) -> Self {
        let having = words
            .iter()
            .map(|(word, having)| ((*word).to_owned(), *having));
        Self {
            having: having.collect(),
            sampled: 1_000.0,
            claims,
        }
    }
}
