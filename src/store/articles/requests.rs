//! The callers' idempotency keys of ingestion.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ArticleId;
use crate::store::db::StoreError;

const CLAIM_REQUEST: &str = "INSERT INTO ingest_requests (request_id, article_id) VALUES ($1, $2) \
     ON CONFLICT (request_id) DO NOTHING";

const REQUEST_ARTICLE: &str = "SELECT article_id FROM ingest_requests WHERE request_id = $1";

const POINT_REQUEST: &str = "UPDATE ingest_requests SET article_id = $2 WHERE request_id = $1";

const FORGET: &str = "DELETE FROM ingest_requests WHERE request_id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::requests::CLAIM_REQUEST", CLAIM_REQUEST),
    ("articles::requests::REQUEST_ARTICLE", REQUEST_ARTICLE),
    ("articles::requests::POINT_REQUEST", POINT_REQUEST),
    ("articles::requests::FORGET", FORGET),
];

/// Takes the request id, if there is one, for `id`, or returns the article that already has it. Waits for a
/// concurrent transaction that is taking the same id.
pub(super) async fn claim_request(
    tx: &mut PgConnection,
    request_id: Option<&str>,
    id: ArticleId,
) -> Result<Option<ArticleId>, StoreError> {
    let Some(request_id) = request_id else {
        return Ok(None);
    };
    let taken = sqlx::query(CLAIM_REQUEST)
        .bind(request_id)
        .bind(id.0)
        .execute(&mut *tx)
        .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    let earlier: Option<Uuid> = sqlx::query_scalar(REQUEST_ARTICLE)
        .bind(request_id)
        .fetch_optional(tx)
        .await?;
    // Where its article was deleted in the meantime, the next attempt takes the id.
    let gone = || StoreError::Contention(sqlx::Error::RowNotFound);
    Ok(Some(earlier.map(ArticleId).ok_or_else(gone)?))
}

/// Associates a request id that was taken with this article.
pub(super) async fn point_request(
    tx: &mut PgConnection,
    request_id: Option<&str>,
    article: ArticleId,
) -> Result<(), StoreError> {
    sqlx::query(POINT_REQUEST)
        .bind(request_id)
        .bind(article.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives a request id that was taken free again.
pub(super) async fn forget_request(
    tx: &mut PgConnection,
    request_id: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(FORGET).bind(request_id).execute(tx).await?;
    Ok(())
}
