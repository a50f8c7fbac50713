//! Near-duplicates of stored articles: wire copy with another headline, or with the end cut.
//!
//! Only articles that are not duplicates themselves are candidates, so that a story printed a thousand times costs no
//! more than one printed twice.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ArticleId;
use crate::matching::Signature;
use crate::store::db::StoreError;

/// Maximum number of candidate originals that share a band with an article.
const MAX_CANDIDATES: i64 = 500;
/// How many bands of an article are locked. Two articles that share half of their text have one of these in common
/// nine times out of ten; those that differ only by a headline always do.
const LOCKED: usize = 8;

// Locked in a fixed order, so that two transactions that need each other's bands do not deadlock.
const LOCK: &str = "SELECT count(pg_advisory_xact_lock(s.band)) \
     FROM (SELECT u.band FROM unnest($1::bigint[]) u (band) ORDER BY u.band OFFSET 0) s";

// The bands are hidden from the planner: its statistics make it believe that some are so common that a sequential
// scan would soon find them.
const CANDIDATES: &str = "SELECT s.article_id, s.signature \
     FROM (SELECT g.article_id, g.signature FROM article_signatures g WHERE g.bands && (SELECT $1::bigint[]) LIMIT $2) s \
     JOIN articles a ON a.id = s.article_id ORDER BY a.sort_time, a.id";

const INSERT: &str =
    "INSERT INTO article_signatures (article_id, signature, bands) VALUES ($1, $2, $3)";

const FORGET: &str = "DELETE FROM article_signatures WHERE article_id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::duplicates::LOCK", LOCK),
    ("articles::duplicates::CANDIDATES", CANDIDATES),
    ("articles::duplicates::INSERT", INSERT),
    ("articles::duplicates::FORGET", FORGET),
];

/// Finds the article that one with this signature duplicates: the earliest by publication time of the stored
/// near-duplicates. Until the transaction ends, articles with the same text wait here and then find this one.
pub(super) async fn original(
    tx: &mut PgConnection,
    signature: &Signature,
) -> Result<Option<ArticleId>, StoreError> {
    let bands = signature.bands();
    if bands.is_empty() {
        return Ok(None);
    }
    sqlx::query(LOCK)
        .bind(&bands[..LOCKED.min(bands.len())])
        .execute(&mut *tx)
        .await?;
    let candidates: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(CANDIDATES)
        .bind(bands)
        .bind(MAX_CANDIDATES)
        .fetch_all(tx)
        .await?;
    let same = candidates.into_iter().find(|(_, bytes)| {
        Signature::from_bytes(bytes).is_some_and(|other| signature.is_near_duplicate(&other))
    });
    Ok(same.map(|(id, _)| ArticleId(id)))
}

/// Makes this article a candidate original for later ones, if its text is long enough to compare.
pub(super) async fn remember(
    tx: &mut PgConnection,
    id: ArticleId,
    signature: &Signature,
) -> Result<(), StoreError> {
    let bands = signature.bands();
    if bands.is_empty() {
        return Ok(());
    }
    sqlx::query(INSERT)
        .bind(id.0)
        .bind(signature.to_bytes())
        .bind(bands)
        .execute(tx)
        .await?;
    Ok(())
}

/// Updates an article's signature to that of its new text; an article that duplicates another one is removed from the
/// candidates.
pub(super) async fn remember_instead(
    tx: &mut PgConnection,
    id: ArticleId,
    signature: &Signature,
    copied: Option<Uuid>,
) -> Result<(), StoreError> {
    sqlx::query(FORGET).bind(id.0).execute(&mut *tx).await?;
    if copied.is_some() {
        return Ok(());
    }
    remember(tx, id, signature).await
}
