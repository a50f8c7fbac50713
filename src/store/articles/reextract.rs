use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::moved_claims::PositionedClaims;
use crate::domain::{ArticleId, Claim, ClaimId, Document, Extraction, ExtractionRun, OperationId};
use crate::store::actors::{own_actors, resolve_actors};
use crate::store::claims::{
    KnownActors, Moved, Plan, Reading, insert_claims, lock_claims, reconcile, replace_relations,
    update_claims,
};
use crate::store::db::{Store, StoreError};
use crate::store::operations::count_reading;
use crate::store::write_requests::{Outcome, Terms, WriteRequest};

/// A stored article's text, extracted again.
#[derive(Debug, Clone)]
pub struct Rereading {
    /// The article.
    pub id: ArticleId,
    /// The revision of the text that was read.
    pub revision: i32,
    /// If set, the version that the article must still have.
    pub row_version: Option<i64>,
    /// What was known about the article when it was read. The text does not matter.
    pub metadata: Document,
    /// The text and what is known about it.
    pub document: Document,
    /// What the engine extracted from it.
    pub extraction: Extraction,
    /// Which engine ran, when, and for how long.
    pub run: ExtractionRun,
}

/// The outcome of re-extraction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reextracted {
    /// The extraction was stored.
    Stored(ClaimChanges),
    /// The article does not exist.
    NotFound,
    /// The article does not have the expected version. Nothing was written.
    OtherVersion,
    /// The article's text, or its metadata, are no longer those that it was read with. Nothing was written.
    OtherText,
}

/// Why an article does not fit an extraction.
pub(super) enum Unfit {
    /// It does not exist.
    NotFound,
    /// It does not have the expected version.
    OtherVersion,
    /// Its text or its metadata are others.
    OtherText,
}

impl From<Unfit> for Reextracted {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::NotFound => Self::NotFound,
            Unfit::OtherVersion => Self::OtherVersion,
            Unfit::OtherText => Self::OtherText,
        }
    }
}

/// How the claims of an article changed; each list is in text order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimChanges {
    /// Claims that are new.
    pub created: Vec<ClaimId>,
    /// Existing claims whose extracted fields have changed.
    pub updated: Vec<ClaimId>,
    /// Existing claims that are no longer extracted.
    pub deleted: Vec<ClaimId>,
    /// How many claims were extracted again without changes.
    pub unchanged: usize,
    /// How many claims were left alone because a person had reviewed them.
    pub kept: usize,
}

// Concurrent re-extractions of this article wait here. Ingestion and requests that refer to the article do not.
const LOCK: &str = "SELECT sort_time, revision, row_version, \
       publish_time IS NOT DISTINCT FROM $2 AND time_zone IS NOT DISTINCT FROM $3 \
       AND language_code IS NOT DISTINCT FROM $4 AND uri IS NOT DISTINCT FROM $5 \
       AND publisher IS NOT DISTINCT FROM $6 AND title IS NOT DISTINCT FROM $7 AND authors = $8 AS has_metadata \
     FROM articles WHERE id = $1 FOR NO KEY UPDATE";

// Not now(), which is the time before waiting for the lock.
const UPDATE_ARTICLE: &str = "UPDATE articles \
     SET blocks = $2, engine_name = $3, engine_version = $4, extract_time = $5, extract_duration_us = $6, \
         update_time = clock_timestamp(), row_version = row_version + 1 \
     WHERE id = $1";

// Ordinals are unique at all times: claims that move are first given ordinals beyond all old and new ones.
const STEP_ASIDE: &str = "UPDATE claims SET ordinal = ordinal + $2 WHERE id = ANY($1)";

// An ordinal is not a field of a claim, so it does not change its version; the parent is one.
const MOVE: &str = "UPDATE claims c \
     SET ordinal = u.ordinal, parent_id = u.parent_id, \
         row_version = c.row_version + (c.parent_id IS DISTINCT FROM u.parent_id)::int \
     FROM unnest($1::uuid[], $2::int[], $3::uuid[]) AS u (id, ordinal, parent_id) \
     WHERE c.id = u.id";

const DELETE: &str = "DELETE FROM claims WHERE id = ANY($1)";

// The actors of claims that somebody split off by hand: extraction does not override these.
const SPLIT_OFF: &str = "SELECT DISTINCT c.id, c.actor_id \
     FROM claims c JOIN actor_change_claims m ON m.claim_id = c.id \
       JOIN actor_changes h ON h.id = m.change_id \
     WHERE c.article_id = $1 AND h.kind = 'SPLIT' AND h.undone_by IS NULL AND actor_root(h.other_actor_id) = c.actor_id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::reextract::LOCK", LOCK),
    ("articles::reextract::UPDATE_ARTICLE", UPDATE_ARTICLE),
    ("articles::reextract::STEP_ASIDE", STEP_ASIDE),
    ("articles::reextract::MOVE", MOVE),
    ("articles::reextract::DELETE", DELETE),
    ("articles::reextract::SPLIT_OFF", SPLIT_OFF),
];

impl Rereading {
    fn reading(&self) -> Reading<'_> {
        Reading {
            text: &self.document.text,
            engine: &self.run.engine,
            times: &self.extraction.times,
        }
    }
}

impl Store {
    /// Replaces an article's unreviewed claims with those of a new extraction, all or nothing, once for a request.
    ///
    /// A claim with the same spans keeps its identity. Reviewed claims are left alone, and their newly extracted
    /// versions are not added beside them. Concurrent calls for one article run one after the other.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn reextract(
        &self,
        rereading: &Rereading,
        request: Option<&WriteRequest>,
    ) -> Result<Reextracted, StoreError> {
        let terms = Terms::once(request);
        self.run_once("reextract", terms, rereading, |tx, rereading, before| {
            Box::pin(async move {
                match before {
                    Some(changes) => Ok(Reextracted::Stored(changes)),
                    None => reextract(tx, rereading).await,
                }
            })
        })
        .await
    }

    /// Like [`Store::reextract`], for an operation that has the article at hand, which counts it as read in the same
    /// transaction.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn reextract_for(
        &self,
        operation: OperationId,
        rereading: &Rereading,
    ) -> Result<Reextracted, StoreError> {
        let step = Step {
            operation,
            rereading,
        };
        self.run_tx("reextract_for", &step, |tx, step| {
            Box::pin(reextract_for(tx, step))
        })
        .await
    }
}

/// A reading for an operation.
struct Step<'r> {
    operation: OperationId,
    rereading: &'r Rereading,
}

async fn reextract_for(tx: &mut PgConnection, step: &Step<'_>) -> Result<Reextracted, StoreError> {
    let outcome = reextract(tx, step.rereading).await?;
    if let Reextracted::Stored(changes) = &outcome {
        let claims = [&changes.created, &changes.updated, &changes.deleted].map(Vec::len);
        count_reading(tx, step.operation, step.rereading.id, claims).await?;
    }
    Ok(outcome)
}

impl Outcome for Reextracted {
    type Made = ClaimChanges;

    fn made(&self) -> Option<ClaimChanges> {
        match self {
            Self::Stored(changes) => Some(changes.clone()),
            _ => None,
        }
    }
}

async fn reextract(
    tx: &mut PgConnection,
    rereading: &Rereading,
) -> Result<Reextracted, StoreError> {
    let sort_time = match lock(tx, rereading).await? {
        Ok(sort_time) => sort_time,
        Err(unfit) => return Ok(unfit.into()),
    };
    let actors = actors(tx, rereading, sort_time).await?;
    // Actors are locked before claims, as merges do.
    let stored = lock_claims(tx, rereading.id).await?;
    let positioned = PositionedClaims::as_stored(stored);
    let changes = replace_claims(tx, rereading, sort_time, &positioned, &actors).await?;
    update_reading(tx, rereading).await?;
    Ok(Reextracted::Stored(changes))
}

/// Locks the article and returns its position in time, or why it does not fit the extraction.
pub(super) async fn lock(
    tx: &mut PgConnection,
    rereading: &Rereading,
) -> Result<Result<DateTime<Utc>, Unfit>, StoreError> {
    let metadata = &rereading.metadata;
    let locked: Option<(DateTime<Utc>, i32, i64, bool)> = sqlx::query_as(LOCK)
        .bind(rereading.id.0)
        .bind(metadata.publish_time)
        .bind(metadata.time_zone.map(chrono_tz::Tz::name))
        .bind(metadata.language_code.as_deref())
        .bind(metadata.uri.as_deref())
        .bind(metadata.publisher.as_deref())
        .bind(metadata.title.as_deref())
        .bind(&metadata.authors)
        .fetch_optional(tx)
        .await?;
    let Some((sort_time, revision, row_version, has_metadata)) = locked else {
        return Ok(Err(Unfit::NotFound));
    };
    let wanted = rereading.row_version;
    if wanted.is_some_and(|wanted| wanted != row_version) {
        return Ok(Err(Unfit::OtherVersion));
    }
    if rereading.revision != revision || !has_metadata {
        return Ok(Err(Unfit::OtherText));
    }
    Ok(Ok(sort_time))
}

/// Resolves the actors of the extraction to stored actors, creating new ones.
pub(super) async fn actors(
    tx: &mut PgConnection,
    rereading: &Rereading,
    sort_time: DateTime<Utc>,
) -> Result<Vec<Option<Uuid>>, StoreError> {
    let own = own_actors(tx, rereading.id).await?;
    resolve_actors(tx, &rereading.extraction, sort_time.date_naive(), &own).await
}

/// Replaces the article's claims, which are locked, and their relations.
pub(super) async fn replace_claims(
    tx: &mut PgConnection,
    rereading: &Rereading,
    sort_time: DateTime<Utc>,
    positioned: &PositionedClaims,
    actors: &[Option<Uuid>],
) -> Result<ClaimChanges, StoreError> {
    let claims = &rereading.extraction.claims;
    let split_off: Vec<(Uuid, Uuid)> = sqlx::query_as(SPLIT_OFF)
        .bind(rereading.id.0)
        .fetch_all(&mut *tx)
        .await?;
    let known = KnownActors {
        of_reading: actors,
        split_off: &split_off.into_iter().collect(),
    };
    let stored = &positioned.claims;
    let plan = reconcile(
        stored,
        &positioned.relocated,
        claims,
        rereading.reading(),
        known,
    );
    write_claims(tx, rereading, sort_time, stored, &plan).await?;
    let relations = &rereading.extraction.relations;
    let text = &rereading.document.text;
    replace_relations(tx, rereading.id, text, relations, &plan.ids).await?;
    Ok(changes(&plan))
}

/// Carries out the plan. Inserts come first, since new claims may be parents of others; deletions come last, when the
/// claims are no longer anybody's parent.
async fn write_claims(
    tx: &mut PgConnection,
    rereading: &Rereading,
    sort_time: DateTime<Utc>,
    stored: &[Claim],
    plan: &Plan<'_>,
) -> Result<(), StoreError> {
    let reading = rereading.reading();
    let deleted: Vec<Uuid> = plan.deleted.iter().map(|id| id.0).collect();
    let updated = plan.updated.iter().map(|write| write.id);
    let moved = plan.moved.iter().map(|moved| moved.id);
    let leaving: Vec<Uuid> = updated
        .chain(moved)
        .chain(deleted.iter().copied())
        .collect();
    sqlx::query(STEP_ASIDE)
        .bind(leaving)
        .bind(beyond(stored, plan))
        .execute(&mut *tx)
        .await?;
    insert_claims(tx, rereading.id, sort_time, reading, &plan.created).await?;
    update_claims(tx, reading, &plan.updated).await?;
    move_claims(tx, &plan.moved).await?;
    sqlx::query(DELETE).bind(deleted).execute(tx).await?;
    Ok(())
}

/// An ordinal beyond all that are or will be in use.
fn beyond(stored: &[Claim], plan: &Plan<'_>) -> i32 {
    let taken = stored.iter().map(|claim| claim.ordinal).max();
    let to_come = stored.len() + plan.created.len();
    let to_come = i32::try_from(to_come).unwrap_or(i32::MAX);
    taken.map_or(0, |last| last + 1).max(to_come)
}

async fn move_claims(tx: &mut PgConnection, moved: &[Moved]) -> Result<(), StoreError> {
    sqlx::query(MOVE)
        .bind(moved.iter().map(|moved| moved.id).collect::<Vec<_>>())
        .bind(moved.iter().map(|moved| moved.ordinal).collect::<Vec<_>>())
        .bind(moved.iter().map(|moved| moved.parent).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes how the article was read.
pub(super) async fn update_reading(
    tx: &mut PgConnection,
    rereading: &Rereading,
) -> Result<(), StoreError> {
    let Rereading {
        id,
        extraction,
        run,
        ..
    } = rereading;
    sqlx::query(UPDATE_ARTICLE)
        .bind(id.0)
        .bind(Json(&extraction.blocks))
        .bind(&run.engine.name)
        .bind(&run.engine.version)
        .bind(run.time)
        .bind(i64::try_from(run.duration.as_micros()).unwrap_or(i64::MAX))
        .execute(tx)
        .await?;
    Ok(())
}

fn changes(plan: &Plan<'_>) -> ClaimChanges {
    ClaimChanges {
        created: plan.created.iter().map(|write| ClaimId(write.id)).collect(),
        updated: plan.updated.iter().map(|write| ClaimId(write.id)).collect(),
        deleted: plan.deleted.clone(),
        unchanged: plan.unchanged,
        kept: plan.kept,
    }
}
