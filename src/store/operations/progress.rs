//! Counting what an operation has done, each article once.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::work::TakenOperation;
use crate::domain::{ArticleFailure, ArticleId, OperationId};
use crate::store::db::{Store, StoreError};

// Whoever takes the article out of those at hand counts it.
const COUNT_READING: &str = "UPDATE operations \
     SET at_hand = array_remove(at_hand, $2), last_article = $2, done_count = done_count + 1, \
         created_count = created_count + $3, updated_count = updated_count + $4, \
         deleted_count = deleted_count + $5, update_time = clock_timestamp() \
     WHERE id = $1 AND $2 = ANY(at_hand)";

const COUNT_FAILURE: &str = "UPDATE operations \
     SET at_hand = array_remove(at_hand, $2), last_article = $2, failed_count = failed_count + 1, \
         failures = CASE WHEN jsonb_array_length(failures) < 20 THEN failures || $3 ELSE failures END, \
         update_time = clock_timestamp() \
     WHERE id = $1 AND $2 = ANY(at_hand) AND worker = $4";

const LEAVE_OUT: &str = "UPDATE operations SET at_hand = array_remove(at_hand, $2), update_time = clock_timestamp() \
     WHERE id = $1 AND $2 = ANY(at_hand) AND worker = $3";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("operations::progress::COUNT_READING", COUNT_READING),
    ("operations::progress::COUNT_FAILURE", COUNT_FAILURE),
    ("operations::progress::LEAVE_OUT", LEAVE_OUT),
];

/// Counts an article at hand as read, in the transaction that stores the reading. `claims` are how many claims were
/// created, updated and deleted.
pub(in crate::store) async fn count_reading(
    tx: &mut PgConnection,
    operation: OperationId,
    article: ArticleId,
    claims: [usize; 3],
) -> Result<(), StoreError> {
    let [created, updated, deleted] = claims.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    sqlx::query(COUNT_READING)
        .bind(operation.0)
        .bind(article.0)
        .bind(created)
        .bind(updated)
        .bind(deleted)
        .execute(tx)
        .await?;
    Ok(())
}

impl Store {
    /// Counts an article at hand as one that could not be read, unless another server has the operation now.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn count_failure(
        &self,
        taken: &TakenOperation,
        failure: ArticleFailure,
    ) -> Result<(), StoreError> {
        sqlx::query(COUNT_FAILURE)
            .bind(taken.operation.id.0)
            .bind(failure.article.0)
            .bind(Json(failure))
            .bind(taken.worker)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Leaves out an article at hand that is not there any more, unless another server has the operation now.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn leave_out(
        &self,
        taken: &TakenOperation,
        article: ArticleId,
    ) -> Result<(), StoreError> {
        sqlx::query(LEAVE_OUT)
            .bind(taken.operation.id.0)
            .bind(article.0)
            .bind(taken.worker)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
