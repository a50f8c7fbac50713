//! Putting right what is known about an article.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, postgres::PgArguments, query::Query};
use uuid::Uuid;

use super::content::content_key;
use super::get::article;
use super::known::holder_of_external_id;
use super::moved_claims::PositionedClaims;
use super::reextract::{ClaimChanges, Rereading, actors, replace_claims, update_reading};
use crate::domain::{Article, ArticleId, Document};
use crate::store::claims::lock_claims;
use crate::store::db::{Store, StoreError};
use crate::store::write_requests::{Outcome, Terms, WriteRequest};

/// New metadata of an article.
#[derive(Debug, Clone)]
pub struct MetadataUpdate {
    /// The article.
    pub id: ArticleId,
    /// The version that it must still have.
    pub row_version: i64,
    /// The stored text with the new metadata.
    pub document: Document,
    /// The extraction from it, if the metadata changes how the text is read.
    pub rereading: Option<Rereading>,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// Whether nothing is to be written: only whether it could be, and what would come of it.
    pub validate_only: bool,
}

/// The outcome of an update. Only the first writes anything.
#[derive(Debug, Clone, PartialEq)]
pub enum MetadataUpdated {
    /// The article has the new metadata, and is returned without its text.
    Stored(Box<Article>, ClaimChanges),
    /// The article does not exist.
    NotFound,
    /// The article does not have the expected version.
    OtherVersion,
    /// Another article with the new URI and publisher already has the text.
    IsOther(ArticleId),
    /// Another article of the new publisher has the new external id.
    ExternalIdTaken(ArticleId),
}

// The strongest lock at once, as in `correct`: both keys may change.
const LOCK: &str = "SELECT row_version, content_key, audited_metadata(a) AS before \
     FROM articles a WHERE id = $1 FOR UPDATE";

const OTHER: &str = "SELECT id FROM articles WHERE content_key = $1 AND id <> $2";

const KEEP_CONTENT: &str = "INSERT INTO former_contents (content_key, article_id) VALUES ($1, $2) \
     ON CONFLICT (content_key, article_id) DO UPDATE SET replace_time = clock_timestamp()";

const UPDATE: &str = "UPDATE articles \
     SET content_key = $2, title = $3, uri = $4, publisher = $5, authors = $6, language_code = $7, publish_time = $8, \
         time_zone = $9, external_id = $10, sort_time = coalesce($8, create_time), \
         update_time = clock_timestamp(), row_version = row_version + 1 \
     WHERE id = $1 RETURNING sort_time";

const MOVE_CLAIMS: &str =
    "UPDATE claims SET sort_time = $2 WHERE article_id = $1 AND sort_time <> $2";

const MOVE_APPEARANCES: &str = "UPDATE claim_propositions p SET sort_time = $2 \
     FROM claims c WHERE c.id = p.claim_id AND c.article_id = $1 AND p.sort_time <> $2";

// Done last: transactions that add entries to the audit log wait for each other from there on.
const AUDIT: &str = "SELECT append_to_audit_log(jsonb_build_object( \
       'action', 'UPDATE_ARTICLE', 'resource', 'articles/' || a.id, 'caller', $2::text, 'requested_by', $3::text, \
       'reason', $4::text, 'before', $5::jsonb, 'after', audited_metadata(a))) FROM articles a WHERE a.id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::update::LOCK", LOCK),
    ("articles::update::OTHER", OTHER),
    ("articles::update::KEEP_CONTENT", KEEP_CONTENT),
    ("articles::update::UPDATE", UPDATE),
    ("articles::update::MOVE_CLAIMS", MOVE_CLAIMS),
    ("articles::update::MOVE_APPEARANCES", MOVE_APPEARANCES),
    ("articles::update::AUDIT", AUDIT),
];

impl Store {
    /// Replaces what is known about an article, all or nothing, once for a request. What depends on it follows: its place
    /// among others by time and, if it was read again, its claims as in [`Store::reextract`].
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn update_article(
        &self,
        update: &MetadataUpdate,
        request: Option<&WriteRequest>,
    ) -> Result<MetadataUpdated, StoreError> {
        let terms = Terms::once(request).or_trial(update.validate_only);
        self.run_once("update_article", terms, update, |tx, update, before| {
            Box::pin(async move {
                match before {
                    Some(changes) => stored(tx, update.id, changes).await,
                    None => update_one(tx, update).await,
                }
            })
        })
        .await
    }
}

impl Outcome for MetadataUpdated {
    type Made = ClaimChanges;

    fn made(&self) -> Option<ClaimChanges> {
        match self {
            Self::Stored(_, changes) => Some(changes.clone()),
            _ => None,
        }
    }
}

/// A locked article.
#[derive(sqlx::FromRow)]
struct Locked {
    row_version: i64,
    content_key: Vec<u8>,
    before: Json<serde_json::Value>,
}

async fn update_one(
    tx: &mut PgConnection,
    update: &MetadataUpdate,
) -> Result<MetadataUpdated, StoreError> {
    let (id, document) = (update.id, &update.document);
    let locked: Option<Locked> = sqlx::query_as(LOCK)
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(locked) = locked else {
        return Ok(MetadataUpdated::NotFound);
    };
    if update.row_version != locked.row_version {
        return Ok(MetadataUpdated::OtherVersion);
    }
    let key = content_key(document);
    if let Some(conflict) = conflict(tx, id, document, &key).await? {
        return Ok(conflict);
    }
    if locked.content_key != key {
        let keep = sqlx::query(KEEP_CONTENT).bind(&locked.content_key);
        keep.bind(id.0).execute(&mut *tx).await?;
    }
    let sort_time = write_metadata(tx, id, document, &key).await?;
    let changes = match &update.rereading {
        Some(rereading) => read_again(tx, rereading, sort_time).await?,
        None => ClaimChanges::default(),
    };
    move_in_time(tx, id, sort_time).await?;
    let updated = stored(tx, id, changes).await?;
    audit(sqlx::query(AUDIT), update, &locked)
        .execute(tx)
        .await?;
    Ok(updated)
}

/// Reads an article that was updated.
async fn stored(
    tx: &mut PgConnection,
    id: ArticleId,
    changes: ClaimChanges,
) -> Result<MetadataUpdated, StoreError> {
    let found = article(tx, id, false).await?.map(Box::new);
    Ok(found.map_or(MetadataUpdated::NotFound, |article| {
        MetadataUpdated::Stored(article, changes)
    }))
}

/// Finds the article that the updated one would be the same as.
async fn conflict(
    tx: &mut PgConnection,
    id: ArticleId,
    document: &Document,
    key: &[u8; 32],
) -> Result<Option<MetadataUpdated>, StoreError> {
    let other: Option<Uuid> = sqlx::query_scalar(OTHER)
        .bind(key.as_slice())
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?;
    if let Some(other) = other {
        return Ok(Some(MetadataUpdated::IsOther(ArticleId(other))));
    }
    let holder = holder_of_external_id(tx, document).await?;
    let holder = holder.filter(|holder| *holder != id);
    Ok(holder.map(MetadataUpdated::ExternalIdTaken))
}

/// Writes the metadata and returns the article's place in time.
async fn write_metadata(
    tx: &mut PgConnection,
    id: ArticleId,
    document: &Document,
    key: &[u8; 32],
) -> Result<DateTime<Utc>, StoreError> {
    sqlx::query_scalar(UPDATE)
        .bind(id.0)
        .bind(key.as_slice())
        .bind(document.title.as_deref())
        .bind(document.uri.as_deref())
        .bind(document.publisher.as_deref())
        .bind(&document.authors)
        .bind(document.language_code.as_deref())
        .bind(document.publish_time)
        .bind(document.time_zone.map(chrono_tz::Tz::name))
        .bind(document.external_id.as_deref())
        .fetch_one(tx)
        .await
        .map_err(super::correct::taken)
}

async fn read_again(
    tx: &mut PgConnection,
    rereading: &Rereading,
    sort_time: DateTime<Utc>,
) -> Result<ClaimChanges, StoreError> {
    let actors = actors(tx, rereading, sort_time).await?;
    // Actors are locked before claims, as merges do.
    let stored = lock_claims(tx, rereading.id).await?;
    let positioned = PositionedClaims::as_stored(stored);
    let changes = replace_claims(tx, rereading, sort_time, &positioned, &actors).await?;
    update_reading(tx, rereading).await?;
    Ok(changes)
}

async fn move_in_time(
    tx: &mut PgConnection,
    id: ArticleId,
    sort_time: DateTime<Utc>,
) -> Result<(), StoreError> {
    let claims = sqlx::query(MOVE_CLAIMS).bind(id.0).bind(sort_time);
    claims.execute(&mut *tx).await?;
    let appearances = sqlx::query(MOVE_APPEARANCES).bind(id.0).bind(sort_time);
    appearances.execute(tx).await?;
    Ok(())
}

fn audit<'q>(
    query: Query<'q, sqlx::Postgres, PgArguments>,
    update: &'q MetadataUpdate,
    locked: &'q Locked,
) -> Query<'q, sqlx::Postgres, PgArguments> {
    query
        .bind(update.id.0)
        .bind(&update.caller)
        .bind(&update.requested_by)
        .bind(&update.reason)
        .bind(&locked.before)
}
