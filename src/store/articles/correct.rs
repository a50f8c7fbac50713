//! Articles whose text their publishers changed.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::content::{content_key, signature};
use super::duplicates::remember_instead;
use super::moved_claims::{Placed, write_places};
use super::reextract::{ClaimChanges, Reextracted, Rereading, actors, lock, replace_claims};
use crate::domain::{ArticleId, Claim, ClaimId};
use crate::matching::Signature;
use crate::store::claims::{Identity, lock_claims};
use crate::store::db::{Store, StoreError};
use crate::text::Alignment;

/// A stored article's new text, already read.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The article and the new text; `revision` is that of the text which it replaces.
    pub rereading: Rereading,
    /// Who asks for it.
    pub requested_by: String,
    /// Why.
    pub reason: String,
}

/// What became of a correction. Nothing is written but for the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Corrected {
    /// The article has the new text. Of the changes those claims are updated, too, that only moved.
    Stored(ClaimChanges),
    /// There is no such article.
    NotFound,
    /// The article has another version than it had to have.
    OtherVersion,
    /// The article has another text by now than the one that was to be replaced.
    OtherText,
    /// Another article of this uri and publisher has the new text.
    IsOther(ArticleId),
}

// What it says is a key, which articles that copy this one wait for: the lock that writing it takes is taken at once. To
// take a lesser one first and then this could end with both waiting for each other.
const LOCK: &str = "SELECT 1 FROM articles WHERE id = $1 FOR UPDATE";

const TEXT: &str = "SELECT text FROM articles WHERE id = $1 AND revision = $2";

const OTHER: &str = "SELECT id FROM articles WHERE content_key = $1 AND id <> $2";

// What is derived from a claim is not kept: it is derived again if need be.
const KEEP: &str = "INSERT INTO article_revisions \
       (article_id, revision, content_key, title, authors, text, text_sha256, blocks, engine_name, engine_version, \
        extract_time, extract_duration_us, create_time, claims, requested_by, reason) \
     SELECT a.id, a.revision, a.content_key, a.title, a.authors, a.text, a.text_sha256, a.blocks, a.engine_name, \
            a.engine_version, a.extract_time, a.extract_duration_us, \
            coalesce((SELECT p.replace_time FROM article_revisions p \
                      WHERE p.article_id = a.id AND p.revision = a.revision - 1), a.create_time), \
            coalesce((SELECT jsonb_agg(to_jsonb(c) - 'search' ORDER BY c.ordinal) FROM claims c \
                      WHERE c.article_id = a.id), '[]'), $2, $3 \
     FROM articles a WHERE a.id = $1";

// A withdrawn article stays withdrawn.
const UPDATE: &str = "UPDATE articles \
     SET content_key = $2, title = $3, authors = $4, text = $5, text_sha256 = $6, blocks = $7, engine_name = $8, \
         engine_version = $9, extract_time = $10, extract_duration_us = $11, \
         state = CASE state WHEN 'RETRACTED' THEN state ELSE 'CORRECTED' END, revision = revision + 1, \
         update_time = clock_timestamp(), row_version = row_version + 1 \
     WHERE id = $1 RETURNING duplicate_of";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::correct::LOCK", LOCK),
    ("articles::correct::TEXT", TEXT),
    ("articles::correct::OTHER", OTHER),
    ("articles::correct::KEEP", KEEP),
    ("articles::correct::UPDATE", UPDATE),
];

impl Store {
    /// Gives an article a new text with what was read in it, and keeps the former text with its claims; all of it or
    /// nothing.
    ///
    /// A claim whose words are still there stays the same claim, if it is read again or a person reviewed it. The others
    /// are deleted, reviewed ones too.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn correct(&self, correction: &Correction) -> Result<Corrected, StoreError> {
        let text = &correction.rereading.document.text;
        let incoming = Incoming {
            correction,
            signature: signature(text).await,
            alignment: self.alignment(&correction.rereading).await?,
        };
        self.run_tx("correct", &incoming, |tx, incoming| {
            Box::pin(correct(tx, incoming))
        })
        .await
    }

    /// How the former text and the new one correspond, found where long ones hold nobody up. Where the article has
    /// another text by now, its row will tell that once it is locked.
    async fn alignment(&self, rereading: &Rereading) -> Result<Alignment, StoreError> {
        let former: Option<String> = sqlx::query_scalar(TEXT)
            .bind(rereading.id.0)
            .bind(rereading.revision)
            .fetch_optional(&self.pool)
            .await?;
        let (before, after) = (former.unwrap_or_default(), rereading.document.text.clone());
        let found = tokio::task::spawn_blocking(move || Alignment::between(&before, &after)).await;
        // Only a panic or the end of the program gets in the way; texts that have nothing in common are safe.
        Ok(found.unwrap_or_else(|_| Alignment::between("", "")))
    }
}

/// A correction, and what the new text is compared with others and with the former one by.
struct Incoming<'a> {
    correction: &'a Correction,
    signature: Signature,
    alignment: Alignment,
}

async fn correct(tx: &mut PgConnection, incoming: &Incoming<'_>) -> Result<Corrected, StoreError> {
    let rereading = &incoming.correction.rereading;
    let id = rereading.id;
    sqlx::query(LOCK).bind(id.0).execute(&mut *tx).await?;
    let sort_time = match lock(tx, rereading).await? {
        Ok(sort_time) => sort_time,
        Err(unfit) => return Ok(unfit.into()),
    };
    let key = content_key(&rereading.document);
    let other: Option<Uuid> = sqlx::query_scalar(OTHER)
        .bind(key.as_slice())
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?;
    if let Some(other) = other {
        return Ok(Corrected::IsOther(ArticleId(other)));
    }
    let changes = replace_text(tx, incoming, sort_time).await?;
    let copied = update_article(tx, rereading, &key).await?;
    remember_instead(tx, id, &incoming.signature, copied).await?;
    Ok(Corrected::Stored(changes))
}

/// Keeps the former text, finds where the words of its claims stand now, and sets them against what was read.
async fn replace_text(
    tx: &mut PgConnection,
    incoming: &Incoming<'_>,
    sort_time: DateTime<Utc>,
) -> Result<ClaimChanges, StoreError> {
    let Incoming {
        correction,
        alignment,
        ..
    } = incoming;
    let rereading = &correction.rereading;
    let actors = actors(tx, rereading, sort_time).await?;
    // Actors before claims, as merges lock them.
    let stored = lock_claims(tx, rereading.id).await?;
    sqlx::query(KEEP)
        .bind(rereading.id.0)
        .bind(&correction.requested_by)
        .bind(&correction.reason)
        .execute(&mut *tx)
        .await?;
    let placed = Placed::after(alignment, stored);
    let reviewed = placed.moved_reviewed();
    write_places(tx, &reviewed).await?;
    let mut changes = replace_claims(tx, rereading, sort_time, &placed, &actors).await?;
    let moved = reviewed.iter().map(|claim| claim.id);
    changes.updated = in_text_order(&placed, changes.updated.drain(..).chain(moved));
    Ok(changes)
}

fn in_text_order(placed: &Placed, ids: impl Iterator<Item = ClaimId>) -> Vec<ClaimId> {
    let ids: HashSet<ClaimId> = ids.collect();
    let claims = placed.claims.iter();
    let mut claims: Vec<&Claim> = claims.filter(|claim| ids.contains(&claim.id)).collect();
    claims.sort_by_key(|claim| Identity::of_stored(claim).place());
    claims.into_iter().map(|claim| claim.id).collect()
}

/// Writes the article, and returns the one that it copies.
async fn update_article(
    tx: &mut PgConnection,
    rereading: &Rereading,
    key: &[u8; 32],
) -> Result<Option<Uuid>, StoreError> {
    let Rereading {
        document,
        extraction,
        run,
        ..
    } = rereading;
    let text_sha256: [u8; 32] = Sha256::digest(&document.text).into();
    sqlx::query_scalar(UPDATE)
        .bind(rereading.id.0)
        .bind(key.as_slice())
        .bind(document.title.as_deref())
        .bind(&document.authors)
        .bind(&document.text)
        .bind(text_sha256.as_slice())
        .bind(Json(&extraction.blocks))
        .bind(&run.engine.name)
        .bind(&run.engine.version)
        .bind(run.time)
        .bind(i64::try_from(run.duration.as_micros()).unwrap_or(i64::MAX))
        .fetch_one(tx)
        .await
        .map_err(taken)
}

/// Where another article came to say the same meanwhile, the next attempt finds it.
fn taken(error: sqlx::Error) -> StoreError {
    let refused = error.as_database_error();
    if refused.is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        StoreError::Contention(error)
    } else {
        error.into()
    }
}

impl From<Reextracted> for Corrected {
    fn from(outcome: Reextracted) -> Self {
        match outcome {
            Reextracted::Stored(changes) => Self::Stored(changes),
            Reextracted::NotFound => Self::NotFound,
            Reextracted::OtherVersion => Self::OtherVersion,
            Reextracted::OtherText => Self::OtherText,
        }
    }
}
