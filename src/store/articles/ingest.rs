use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::content::{content_key, signature};
use super::duplicates::{original, remember};
use crate::domain::{Article, ArticleId, Document, Extraction, ExtractionRun};
use crate::matching::Signature;
use crate::store::actors::resolve_actors;
use crate::store::claims::{ClaimWrite, Reading, insert_claims, insert_relations};
use crate::store::db::{Store, StoreError, parse};

/// An article to be stored, already read.
#[derive(Debug, Clone)]
pub struct NewArticle {
    /// The text and what is known about it.
    pub document: Document,
    /// What the engine read in it.
    pub extraction: Extraction,
    /// Which engine, when, and how long it took.
    pub run: ExtractionRun,
    /// The caller's idempotency key.
    pub request_id: Option<String>,
}

/// What became of an article to be stored.
#[derive(Debug, Clone)]
pub enum Ingested {
    /// It was stored; without its text and blocks.
    Created(Box<Article>),
    /// This article says it already, or was stored for the same request.
    Known(ArticleId),
}

impl Ingested {
    /// The article.
    #[must_use]
    pub fn id(&self) -> ArticleId {
        match self {
            Self::Created(article) => article.id,
            Self::Known(id) => *id,
        }
    }

    /// False where it was there already.
    #[must_use]
    pub const fn is_new(&self) -> bool {
        matches!(self, Self::Created(_))
    }
}

// The article that said this once, and last.
macro_rules! former {
    ($key:literal) => {
        concat!(
            "SELECT article_id FROM article_revisions WHERE content_key = ",
            $key,
            " ORDER BY replace_time DESC LIMIT 1"
        )
    };
}

// The request id counts before the content, and what an article says now before what another one said once.
const FIND: &str = concat!(
    "SELECT coalesce( \
       (SELECT article_id FROM ingest_requests WHERE request_id = $1), \
       (SELECT id FROM articles WHERE content_key = $2), (",
    former!("$2"),
    "))"
);

const CLAIM_REQUEST: &str = "INSERT INTO ingest_requests (request_id, article_id) VALUES ($1, $2) \
     ON CONFLICT (request_id) DO NOTHING";

const REQUEST_ARTICLE: &str = "SELECT article_id FROM ingest_requests WHERE request_id = $1";

const POINT_REQUEST: &str = "UPDATE ingest_requests SET article_id = $2 WHERE request_id = $1";

const INSERT_ARTICLE: &str = "INSERT INTO articles \
     (id, content_key, uri, title, publisher, authors, language_code, publish_time, time_zone, text, text_sha256, \
      blocks, engine_name, engine_version, extract_time, extract_duration_us, sort_time, duplicate_of) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, coalesce($8, now()), $17) \
     ON CONFLICT (content_key) DO NOTHING \
     RETURNING sort_time, publish_time, extract_time, state, revision, create_time, update_time, row_version";

const ARTICLE_BY_CONTENT: &str = concat!(
    "SELECT coalesce((SELECT id FROM articles WHERE content_key = $1), (",
    former!("$1"),
    "))"
);

const FORMER: &str = former!("$1");

const TAKE_BACK: &str = "DELETE FROM articles WHERE id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::ingest::FIND", FIND),
    ("articles::ingest::CLAIM_REQUEST", CLAIM_REQUEST),
    ("articles::ingest::REQUEST_ARTICLE", REQUEST_ARTICLE),
    ("articles::ingest::POINT_REQUEST", POINT_REQUEST),
    ("articles::ingest::INSERT_ARTICLE", INSERT_ARTICLE),
    ("articles::ingest::ARTICLE_BY_CONTENT", ARTICLE_BY_CONTENT),
    ("articles::ingest::FORMER", FORMER),
    ("articles::ingest::TAKE_BACK", TAKE_BACK),
];

impl Store {
    /// The article that this request id or else this content was stored as, if it was: what makes it unnecessary to
    /// read the document again.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn find_ingested(
        &self,
        document: &Document,
        request_id: Option<&str>,
    ) -> Result<Option<ArticleId>, StoreError> {
        let found: Option<Uuid> = sqlx::query_scalar(FIND)
            .bind(request_id)
            .bind(content_key(document).as_slice())
            .fetch_one(&self.pool)
            .await?;
        Ok(found.map(ArticleId))
    }

    /// Has the request id, if there is one, answer this article from now on, and returns the article; the one it
    /// answers already if it does.
    ///
    /// # Errors
    /// As [`StoreError`] says.
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
        Ok(earlier.unwrap_or(id))
    }

    /// Stores an article with its actors and claims, all of it or nothing.
    ///
    /// Idempotent: where the request id was used before, or an article of the same uri, publisher and text is there,
    /// nothing is written and that article is the answer. Concurrent calls agree on one article.
    ///
    /// # Errors
    /// As [`StoreError`] says.
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
            Err(known) => Ok(Ingested::Known(known)),
        }
    }
}

/// An article to be stored, and what it is compared with others by.
struct Incoming<'a> {
    article: &'a NewArticle,
    signature: Signature,
}

/// The row of an article that was stored.
struct Inserted {
    id: ArticleId,
    duplicate_of: Option<ArticleId>,
    row: InsertedRow,
}

/// What the database made of the row.
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
    /// The article as it is stored, without its text and blocks.
    fn article(self, new: &NewArticle) -> Result<Article, StoreError> {
        let Document {
            text,
            title,
            uri,
            publisher,
            authors,
            language_code,
            time_zone,
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

/// A duration as it is stored.
fn stored_micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The row of the new article, or else the article that is there already.
async fn ingest(
    tx: &mut PgConnection,
    incoming: &Incoming<'_>,
) -> Result<Result<Inserted, ArticleId>, StoreError> {
    let Incoming { article, signature } = incoming;
    let id = ArticleId(Uuid::now_v7());
    let request_id = article.request_id.as_deref();
    if let Some(earlier) = claim_request(tx, request_id, id).await? {
        return Ok(Err(earlier));
    }
    let key = content_key(&article.document);
    // Before all that other ingests may wait for.
    let duplicate_of = original(tx, signature).await?;
    let inserted = insert_new(tx, id, &key, article, duplicate_of).await?;
    let row = match inserted {
        Ok(row) => row,
        Err(existing) => {
            // The request first: it would go with the article.
            sqlx::query(POINT_REQUEST)
                .bind(request_id)
                .bind(existing)
                .execute(&mut *tx)
                .await?;
            sqlx::query(TAKE_BACK).bind(id.0).execute(tx).await?;
            return Ok(Err(ArticleId(existing)));
        }
    };
    if duplicate_of.is_none() {
        remember(tx, id, signature).await?;
    }
    // The article is new: it has no actors yet.
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

/// Takes the request id, if there is one, for `id`, or says which article has it already. Waits for a transaction
/// that is taking it.
async fn claim_request(
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
    let (earlier,): (Uuid,) = sqlx::query_as(REQUEST_ARTICLE)
        .bind(request_id)
        .fetch_one(tx)
        .await?;
    Ok(Some(ArticleId(earlier)))
}

/// Inserts the article's row, or finds the article that has its content or had it.
async fn insert_new(
    tx: &mut PgConnection,
    id: ArticleId,
    key: &[u8; 32],
    article: &NewArticle,
    duplicate_of: Option<ArticleId>,
) -> Result<Result<InsertedRow, Uuid>, StoreError> {
    let inserted = insert_article(tx, id, key, article, duplicate_of).await?;
    let Some(row) = inserted else {
        let existing = sqlx::query_scalar(ARTICLE_BY_CONTENT)
            .bind(key.as_slice())
            .fetch_one(tx)
            .await?;
        return Ok(Err(existing));
    };
    // After the insertion, which waits for a correction that takes the content from its article.
    let former: Option<Uuid> = sqlx::query_scalar(FORMER)
        .bind(key.as_slice())
        .fetch_optional(tx)
        .await?;
    Ok(former.map_or(Ok(row), Err))
}

/// Inserts the article's row; `None` where its content is there already.
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
        .fetch_optional(tx)
        .await?;
    Ok(row)
}
