//! The share of all claims in which a word occurs, which tells rare words from very common ones.
//!
//! The planner keeps statistics of its own, but only for the thousand most frequent words. They say nothing about
//! rarer words, which are those by which claims are found.

use std::collections::HashMap;

use crate::store::db::{Store, StoreError};

/// The count assumed for a word that is not in the sample, in sampled claims.
const UNSEEN: f64 = 0.5;

// 4,000 pages hold some 40,000 claims, which are read within half a second in an archive of any size. The last row
// has the sample size and the resulting estimate of all claims.
const SAMPLE: &str = "WITH pages AS (SELECT pg_relation_size('claims') / current_setting('block_size')::int AS count), \
       sampled AS MATERIALIZED (SELECT c.search FROM claims c TABLESAMPLE SYSTEM (least(100, \
         100 * 4000.0 / greatest(pg_relation_size('claims') / current_setting('block_size')::int, 1)))) \
     SELECT l.lexeme, count(*)::float8 AS having_it, 0::float8 AS claims \
     FROM sampled s CROSS JOIN LATERAL unnest(tsvector_to_array(s.search)) l (lexeme) GROUP BY l.lexeme \
     UNION ALL SELECT NULL, count(*), count(*) * greatest((SELECT p.count FROM pages p) / 4000.0, 1) FROM sampled";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("search::word_shares::SAMPLE", SAMPLE)];

/// Word frequencies in a sample of all claims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WordShares {
    /// How many sampled claims contain a word, keyed by its Postgres stem.
    having: HashMap<String, f64>,
    /// The number of claims in the sample.
    sampled: f64,
    /// The number of claims in the archive.
    claims: f64,
}

impl WordShares {
    /// The expected number of claims that contain a word.
    pub(super) fn claims_with(&self, lexeme: &str) -> f64 {
        self.share(lexeme) * self.claims
    }

    /// The expected number of claims that contain two words, assuming that they occur independently.
    pub(super) fn claims_with_both(&self, one: &str, other: &str) -> f64 {
        self.share(one) * self.share(other) * self.claims
    }

    /// How much it tells of a claim that it contains a word: the inverse document frequency.
    #[expect(clippy::cast_possible_truncation, reason = "for ranking alone")]
    pub(super) fn weight(&self, lexeme: &str) -> f32 {
        -self.share(lexeme).min(1.0).ln() as f32
    }

    fn share(&self, lexeme: &str) -> f64 {
        self.having.get(lexeme).copied().unwrap_or(UNSEEN) / self.sampled.max(1.0)
    }
}

impl Store {
    /// Samples the word frequencies.
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
    /// Frequencies for this many claims, from words with their counts in a sample of a thousand.
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
