//! Correcting articles whose text their publishers changed.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::content::{content_key, signature};
use super::duplicates::remember_instead;
use super::get::article;
use super::moved_claims::{PositionedClaims, write_positions};
use super::reextract::{ClaimChanges, Rereading, Unfit, actors, lock, replace_claims};
use crate::domain::{Article, ArticleId, Claim, ClaimId};
use crate::matching::Signature;
use crate::store::claims::{Identity, lock_claims};
use crate::store::db::{Store, StoreError};
use crate::store::write_requests::{Outcome, Terms, WriteRequest};
use crate::text::Alignment;

/// A stored article's new text and its extraction.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The article and the new text; `revision` is that of the text being replaced.
    pub rereading: Rereading,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// Whether nothing is to be written: only whether it could be, and what would come of it.
    pub validate_only: bool,
}

/// The outcome of a correction. Only the first writes anything.
#[derive(Debug, Clone, PartialEq)]
pub enum Corrected {
    /// The article has the new text, and is returned without it. `updated` includes claims that have only moved. The changes
    /// are `None` where an earlier call for the same request found nothing to correct.
    Stored(Box<Article>, Option<ClaimChanges>),
    /// The article does not exist.
    NotFound,
    /// The article does not have the expected version.
    OtherVersion,
    /// The article's text is no longer the one that was to be replaced.
    OtherText,
    /// Another article with this URI and publisher already has the new text.
    IsOther(ArticleId),
}

// content_key is unique, so updating it takes the strongest row lock, which conflicts with inserting articles that
// duplicate this one. It is taken at once: taking a weaker lock first and upgrading it could deadlock.
const LOCK: &str = "SELECT 1 FROM articles WHERE id = $1 FOR UPDATE";

const TEXT: &str = "SELECT text FROM articles WHERE id = $1 AND revision = $2";

const OTHER: &str = "SELECT id FROM articles WHERE content_key = $1 AND id <> $2";

// Data derived from a claim is not kept; it can be derived again.
const KEEP: &str = "INSERT INTO article_revisions \
       (article_id, revision, content_key, title, authors, text, text_sha256, blocks, engine_name, engine_version, \
        extract_time, extract_duration_us, create_time, claims, requested_by, reason, caller) \
     SELECT a.id, a.revision, a.content_key, a.title, a.authors, a.text, a.text_sha256, a.blocks, a.engine_name, \
            a.engine_version, a.extract_time, a.extract_duration_us, \
            coalesce((SELECT p.replace_time FROM article_revisions p \
                      WHERE p.article_id = a.id AND p.revision = a.revision - 1), a.create_time), \
            coalesce((SELECT jsonb_agg(to_jsonb(c) - 'search' ORDER BY c.ordinal) FROM claims c \
                      WHERE c.article_id = a.id), '[]'), $2, $3, $4 \
     FROM articles a WHERE a.id = $1";

// A retracted article stays retracted.
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
    /// Replaces an article's text and claims with a new text and its extraction, and archives the former text with
    /// its claims, all or nothing, once for a request.
    ///
    /// A claim whose words still exist keeps its identity if it is extracted again or was reviewed by a person. All
    /// others are deleted, including reviewed ones.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn correct(
        &self,
        correction: &Correction,
        request: Option<&WriteRequest>,
    ) -> Result<Corrected, StoreError> {
        let text = &correction.rereading.document.text;
        let incoming = Incoming {
            correction,
            signature: signature(text).await,
            alignment: self.alignment(&correction.rereading).await?,
        };
        let terms = Terms::once(request).or_trial(correction.validate_only);
        self.run_once("correct", terms, &incoming, |tx, incoming, before| {
            Box::pin(async move {
                match before {
                    Some(changes) => stored(tx, incoming.correction.rereading.id, changes).await,
                    None => correct(tx, incoming).await,
                }
            })
        })
        .await
    }

    /// Aligns the former text with the new one on a blocking thread, since long texts take a while. If the article's
    /// text has changed in the meantime, this is detected once its row is locked.
    async fn alignment(&self, rereading: &Rereading) -> Result<Alignment, StoreError> {
        let former: Option<String> = sqlx::query_scalar(TEXT)
            .bind(rereading.id.0)
            .bind(rereading.revision)
            .fetch_optional(&self.pool)
            .await?;
        let (before, after) = (former.unwrap_or_default(), rereading.document.text.clone());
        let found = tokio::task::spawn_blocking(move || Alignment::between(&before, &after)).await;
        // This fails only on a panic or at shutdown; treating the texts as unrelated is safe.
        Ok(found.unwrap_or_else(|_| Alignment::between("", "")))
    }
}

/// A correction, with what the new text is compared by: with other articles, and with the former text.
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
    stored(tx, id, Some(changes)).await
}

/// Reads an article that was corrected.
async fn stored(
    tx: &mut PgConnection,
    id: ArticleId,
    changes: Option<ClaimChanges>,
) -> Result<Corrected, StoreError> {
    let found = article(tx, id, false).await?.map(Box::new);
    Ok(found.map_or(Corrected::NotFound, |article| {
        Corrected::Stored(article, changes)
    }))
}

/// Archives the former text, finds where the words of its claims are now, and reconciles them with the new
/// extraction.
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
    // Actors are locked before claims, as merges do.
    let stored = lock_claims(tx, rereading.id).await?;
    sqlx::query(KEEP)
        .bind(rereading.id.0)
        .bind(&correction.requested_by)
        .bind(&correction.reason)
        .bind(&correction.caller)
        .execute(&mut *tx)
        .await?;
    let positioned = PositionedClaims::after(alignment, stored);
    let reviewed = positioned.moved_reviewed();
    write_positions(tx, &reviewed).await?;
    let mut changes = replace_claims(tx, rereading, sort_time, &positioned, &actors).await?;
    let moved = reviewed.iter().map(|claim| claim.id);
    changes.updated = in_text_order(&positioned, changes.updated.drain(..).chain(moved));
    Ok(changes)
}

fn in_text_order(
    positioned: &PositionedClaims,
    ids: impl Iterator<Item = ClaimId>,
) -> Vec<ClaimId> {
    let ids: HashSet<ClaimId> = ids.collect();
    let claims = positioned.claims.iter();
    let mut claims: Vec<&Claim> = claims.filter(|claim| ids.contains(&claim.id)).collect();
    claims.sort_by_key(|claim| Identity::of_stored(claim).position());
    claims.into_iter().map(|claim| claim.id).collect()
}

/// Updates the article and returns the one that it duplicates.
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

/// If another article got the same content in the meantime, the next attempt finds it.
pub(super) fn taken(error: sqlx::Error) -> StoreError {
    let refused = error.as_database_error();
    if refused.is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        StoreError::Contention(error)
    } else {
        error.into()
    }
}

impl Outcome for Corrected {
    /// As in [`Corrected::Stored`].
    type Made = Option<ClaimChanges>;

    fn made(&self) -> Option<Self::Made> {
        match self {
            Self::Stored(_, changes) => Some(changes.clone()),
            _ => None,
        }
    }
}

impl From<Unfit> for Corrected {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::NotFound => Self::NotFound,
            Unfit::OtherVersion => Self::OtherVersion,
            Unfit::OtherText => Self::OtherText,
        }
    }
}
