//! Articles that are nearly the same as one that is stored: wire copy with another headline, a cut tail.
//!
//! Only articles that copy no other are looked among, so that a story printed a thousand times costs no more than one
//! printed twice.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ArticleId;
use crate::matching::Signature;
use crate::store::db::StoreError;

/// Among how many articles that share a band the original is looked for.
const MAX_CANDIDATES: i64 = 500;
/// How many bands of an article are locked. Two that share half of their text have one of these in common nine times in
/// ten, those that differ by a headline always.
const LOCKED: usize = 8;

// In one order, so that two that wait for each other's bands do not.
const LOCK: &str = "SELECT count(pg_advisory_xact_lock(s.band)) \
     FROM (SELECT u.band FROM unnest($1::bigint[]) u (band) ORDER BY u.band OFFSET 0) s";

// The planner is not shown the bands: by its statistics it takes some for so common that reading the whole table would
// soon come upon them.
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

/// Finds the article that one with this signature copies: of those stored that are nearly the same the earliest, by
/// publication time. Until the transaction ends, others with the same text wait here, and then find this one.
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

/// Has later articles be compared with this one, if its text is long enough to tell.
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

/// Has later articles be compared with an article's new text instead of the former one; with none of an article that
/// copies another.
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
