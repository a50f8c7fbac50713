//! Finding fact checks that may have checked what a claim says.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::FactCheckId;
use crate::store::db::{Store, StoreError};
use crate::store::search::MatchWords;

/// Maximum number of candidates.
const MOST: i64 = 20;
/// How many of the newest fact checks that share rare words with the claim are ranked.
const WINDOW: i64 = 3_000;

const FIND: &str = "SELECT s.id, s.claim_reviewed, s.said FROM ( \
       SELECT f.id, f.claim_reviewed, coalesce(f.claim_time, f.publish_time) AS said, f.search FROM fact_checks f \
       WHERE f.search @@ $1::tsquery ORDER BY f.sort_time DESC, f.id DESC LIMIT $3) s \
     ORDER BY ts_rank(s.search, $2::tsquery, 1) DESC, s.id LIMIT $4";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("fact_checks::candidates::FIND", FIND)];

/// A fact check that may have checked what a claim says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactCheckCandidate {
    /// Its id.
    pub id: FactCheckId,
    /// The claim that it checked.
    pub claim_reviewed: String,
    /// When that claim was made or, if unknown, when the fact check was published.
    pub said: Option<DateTime<Utc>>,
}

impl Store {
    /// Returns the fact checks whose claims share rare words with a text, those with most of its words first; at most 20.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn fact_check_candidates(
        &self,
        words: &MatchWords,
    ) -> Result<Vec<FactCheckCandidate>, StoreError> {
        let rows: Vec<(Uuid, String, Option<DateTime<Utc>>)> = sqlx::query_as(FIND)
            .bind(words.any())
            .bind(words.ranking())
            .bind(WINDOW)
            .bind(MOST)
            .fetch_all(&self.pool)
            .await?;
        let candidates = rows
            .into_iter()
            .map(|(id, claim_reviewed, said)| FactCheckCandidate {
                id: FactCheckId(id),
                claim_reviewed,
                said,
            });
        Ok(candidates.collect())
    }
}
