use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::content::{content_key, signature};
use super::duplicates::{original, remember};
use super::ingested::Ingested;
use super::known::{existing, former};
use super::requests::{claim_request, forget_request, point_request};
use crate::domain::{Article, ArticleId, Document, Extraction, ExtractionRun};
use crate::matching::Signature;
use crate::store::actors::resolve_actors;
use crate::store::claims::{ClaimWrite, Reading, insert_claims, insert_relations};
use crate::store::db::{Store, StoreError, parse};

/// An article to store, with its extraction.
#[derive(Debug, Clone)]
pub struct NewArticle {
    /// The text and what is known about it.
    pub document: Document,
    /// What the engine extracted from it.
    pub extraction: Extraction,
    /// Which engine ran, when, and for how long.
    pub run: ExtractionRun,
    /// The caller's idempotency key.
    pub request_id: Option<String>,
    /// Whether to store it although an article with this content was deleted.
    pub allow_deleted: bool,
}

const INSERT_ARTICLE: &str = "INSERT INTO articles \
     (id, content_key, uri, title, publisher, authors, language_code, publish_time, time_zone, text, text_sha256, \
      blocks, engine_name, engine_version, extract_time, extract_duration_us, sort_time, duplicate_of, external_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, coalesce($8, now()), $17, $18) \
     ON CONFLICT DO NOTHING \
     RETURNING sort_time, publish_time, extract_time, state, revision, create_time, update_time, row_version";

const TAKE_BACK: &str = "DELETE FROM articles WHERE id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::ingest::INSERT_ARTICLE", INSERT_ARTICLE),
    ("articles::ingest::TAKE_BACK", TAKE_BACK),
];

impl Store {
    /// Associates the request id, if there is one, with this article and returns the article; if the id is already
    /// taken, returns the article it is associated with.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remember_request(
        &self,
        request_id: Option<&str>,
        id: ArticleId,
    ) -> Result<ArticleId, StoreError> {
        if request_id.is_none() {
            return Ok(id);
        }
        let mut connection = self.pool.acquire().await?;
        let earlier = claim_request(&mut connection, request_id, id).await?;
        connection.release();
        Ok(earlier.unwrap_or(id))
    }

    /// Stores an article with its actors and claims, all or nothing.
    ///
    /// Idempotent: if the request id was used before, or an article with the same URI, publisher and text exists,
    /// nothing is written and that article is returned. Concurrent calls agree on one article. Nor is anything written
    /// if another article of the publisher has the external id.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn ingest(&self, article: &NewArticle) -> Result<Ingested, StoreError> {
        let incoming = Incoming {
            article,
            signature: signature(&article.document.text).await,
        };
        let inserted = self.run_tx("ingest", &incoming, |tx, incoming| {
            Box::pin(ingest(tx, incoming))
        });
        match inserted.await? {
            Ok(inserted) => {
                let article = inserted.article(article)?;
                Ok(Ingested::Created(Box::new(article)))
            }
            Err(existing) => Ok(existing),
        }
    }
}

/// An article to store, with what it is compared with others by.
struct Incoming<'a> {
    article: &'a NewArticle,
    signature: Signature,
}

/// The row of a newly stored article.
struct Inserted {
    id: ArticleId,
    duplicate_of: Option<ArticleId>,
    row: InsertedRow,
}

/// The columns of the row that the database fills in.
#[derive(sqlx::FromRow)]
struct InsertedRow {
    sort_time: DateTime<Utc>,
    publish_time: Option<DateTime<Utc>>,
    extract_time: DateTime<Utc>,
    state: String,
    revision: i32,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    row_version: i64,
}

impl Inserted {
    /// Builds the article as stored, without its text and blocks.
    fn article(self, new: &NewArticle) -> Result<Article, StoreError> {
        let Document {
            text,
            title,
            uri,
            publisher,
            authors,
            language_code,
            time_zone,
            external_id,
            ..
        } = &new.document;
        Ok(Article {
            id: self.id,
            document: Document {
                text: String::new(),
                title: title.clone(),
                uri: uri.clone(),
                publisher: publisher.clone(),
                authors: authors.clone(),
                language_code: language_code.clone(),
                publish_time: self.row.publish_time,
                time_zone: *time_zone,
                external_id: external_id.clone(),
            },
            text_sha256: Sha256::digest(text).into(),
            blocks: Vec::new(),
            state: parse("state", &self.row.state)?,
            retraction: None,
            revision: self.row.revision,
            duplicate_of: self.duplicate_of,
            claim_count: i64::try_from(new.extraction.claims.len()).unwrap_or(i64::MAX),
            extraction: ExtractionRun {
                engine: new.run.engine.clone(),
                time: self.row.extract_time,
                duration: Duration::from_micros(stored_micros(new.run.duration).unsigned_abs()),
            },
            create_time: self.row.create_time,
            update_time: self.row.update_time,
            row_version: self.row.row_version,
        })
    }
}

/// A duration in its stored form.
fn stored_micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Inserts the new article's row, or returns the article that already exists.
async fn ingest(
    tx: &mut PgConnection,
    incoming: &Incoming<'_>,
) -> Result<Result<Inserted, Ingested>, StoreError> {
    let Incoming { article, signature } = incoming;
    let id = ArticleId(Uuid::now_v7());
    let request_id = article.request_id.as_deref();
    if let Some(earlier) = claim_request(tx, request_id, id).await? {
        return Ok(Err(Ingested::Known(earlier)));
    }
    let key = content_key(&article.document);
    // Done before taking any lock that other ingests may wait for.
    let duplicate_of = original(tx, signature).await?;
    let inserted = insert_new(tx, id, &key, article, duplicate_of).await?;
    let row = match inserted {
        Ok(row) => row,
        Err(existing) => {
            // The request first: deleting the article would delete it too.
            match existing {
                Ingested::Known(known) => point_request(tx, request_id, known).await?,
                _ => forget_request(tx, request_id).await?,
            }
            sqlx::query(TAKE_BACK).bind(id.0).execute(tx).await?;
            return Ok(Err(existing));
        }
    };
    if duplicate_of.is_none() {
        remember(tx, id, signature).await?;
    }
    // The article is new, so it has no actors yet.
    let actors = resolve_actors(
        tx,
        &article.extraction,
        row.sort_time.date_naive(),
        &HashMap::new(),
    )
    .await?;
    let claims = ClaimWrite::all(&article.extraction.claims, &actors);
    let reading = Reading {
        text: &article.document.text,
        engine: &article.run.engine,
        times: &article.extraction.times,
    };
    insert_claims(tx, id, row.sort_time, reading, &claims).await?;
    let ids: Vec<Uuid> = claims.iter().map(|claim| claim.id).collect();
    insert_relations(tx, reading.text, &article.extraction.relations, &ids).await?;
    Ok(Ok(Inserted {
        id,
        duplicate_of,
        row,
    }))
}

/// Inserts the article's row, or finds the article that has or had its content, or has its external id.
async fn insert_new(
    tx: &mut PgConnection,
    id: ArticleId,
    key: &[u8; 32],
    article: &NewArticle,
    duplicate_of: Option<ArticleId>,
) -> Result<Result<InsertedRow, Ingested>, StoreError> {
    let inserted = insert_article(tx, id, key, article, duplicate_of).await?;
    let Some(row) = inserted else {
        return Ok(Err(existing(tx, key, &article.document).await?));
    };
    // After the insertion, which waits for a concurrent correction or deletion that gives up this content.
    let former = former(tx, key, article.allow_deleted).await?;
    Ok(former.map_or(Ok(row), Err))
}

/// Inserts the article's row; `None` if its content or its external id already exists.
async fn insert_article(
    tx: &mut PgConnection,
    id: ArticleId,
    key: &[u8; 32],
    article: &NewArticle,
    duplicate_of: Option<ArticleId>,
) -> Result<Option<InsertedRow>, StoreError> {
    let NewArticle {
        document,
        extraction,
        run,
        ..
    } = article;
    let text_sha256: [u8; 32] = Sha256::digest(&document.text).into();
    let row = sqlx::query_as(INSERT_ARTICLE)
        .bind(id.0)
        .bind(key.as_slice())
        .bind(document.uri.as_deref())
        .bind(document.title.as_deref())
        .bind(document.publisher.as_deref())
        .bind(&document.authors)
        .bind(document.language_code.as_deref())
        .bind(document.publish_time)
        .bind(document.time_zone.map(chrono_tz::Tz::name))
        .bind(&document.text)
        .bind(text_sha256.as_slice())
        .bind(Json(&extraction.blocks))
        .bind(&run.engine.name)
        .bind(&run.engine.version)
        .bind(run.time)
        .bind(stored_micros(run.duration))
        .bind(duplicate_of.map(|original| original.0))
        .bind(document.external_id.as_deref())
        .fetch_optional(tx)
        .await?;
    Ok(row)
}
