use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{
    Article, ArticleId, ArticleState, Block, Document, EngineId, ExtractionRun, Retraction,
};
use crate::store::db::{
    ArticleCursor, Page, Store, StoreError, all, one_more, parse, parse_opt, sha256, take_page,
    whole_answer,
};

/// Selects articles that meet every condition given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFilter {
    /// Exactly this publisher.
    pub publisher: Option<String>,
    /// Published (or, where unknown, ingested) at or after.
    pub start_time: Option<DateTime<Utc>>,
    /// Published (or, where unknown, ingested) before.
    pub end_time: Option<DateTime<Utc>>,
    /// Of exactly this language.
    pub language_code: Option<String>,
    /// In this state.
    pub state: Option<ArticleState>,
    /// At exactly this address.
    pub uri: Option<String>,
    /// With exactly this id of the caller's own.
    pub external_id: Option<String>,
    /// With these words in the title, in web search syntax.
    pub title_words: Option<String>,
}

macro_rules! article_columns {
    () => {
        "a.id, a.uri, a.title, a.publisher, a.authors, a.language_code, a.publish_time, a.time_zone, a.text_sha256, \
         a.state, a.revision, a.duplicate_of, a.engine_name, a.engine_version, a.extract_time, \
         a.extract_duration_us, a.sort_time, a.create_time, a.update_time, a.row_version, \
         a.retracted_by, a.retract_caller, a.retract_reason, a.retract_time, a.external_id, \
         (SELECT count(*) FROM claims c WHERE c.article_id = a.id) AS claim_count"
    };
}

// The text and its blocks are fetched only if requested ($2, and $7 below).
const GET: &str = concat!(
    "SELECT ",
    article_columns!(),
    ", CASE WHEN $2 THEN a.text ELSE '' END AS text, CASE WHEN $2 THEN a.blocks ELSE '[]' END AS blocks \
     FROM articles a WHERE a.id = $1"
);

const GET_MANY: &str = concat!(
    "SELECT ",
    article_columns!(),
    ", CASE WHEN $2 THEN a.text ELSE '' END AS text, CASE WHEN $2 THEN a.blocks ELSE '[]' END AS blocks \
     FROM articles a WHERE a.id = ANY($1)"
);

const LIST: &str = concat!(
    "SELECT ",
    article_columns!(),
    ", CASE WHEN $7 THEN a.text ELSE '' END AS text, CASE WHEN $7 THEN a.blocks ELSE '[]' END AS blocks \
     FROM articles a \
     WHERE ($1::text IS NULL OR a.publisher = $1) \
       AND ($2::timestamptz IS NULL OR a.sort_time >= $2) \
       AND ($3::timestamptz IS NULL OR a.sort_time < $3) \
       AND ($8::text IS NULL OR a.language_code = $8) \
       AND ($9::text IS NULL OR a.state = $9) \
       AND ($10::text IS NULL OR a.uri = $10) \
       AND ($11::text IS NULL OR a.external_id = $11) \
       AND ($12::text IS NULL OR to_tsvector('english', searchable(coalesce(a.title, ''))) \
                                 @@ websearch_to_tsquery('english', searchable($12))) \
       AND ($4::timestamptz IS NULL OR (a.sort_time, a.id) < ($4, $5::uuid)) \
     ORDER BY a.sort_time DESC, a.id DESC LIMIT $6"
);

// Title, authors and text are those before the correction; where and when it was published and its state are the
// current ones.
const GET_EARLIER: &str = "SELECT a.id, a.uri, r.title, a.publisher, r.authors, a.language_code, a.publish_time, \
       a.time_zone, r.text_sha256, a.state, r.revision, a.duplicate_of, r.engine_name, r.engine_version, \
       r.extract_time, r.extract_duration_us, a.sort_time, a.create_time, r.replace_time AS update_time, a.row_version, \
       a.retracted_by, a.retract_caller, a.retract_reason, a.retract_time, a.external_id, jsonb_array_length(r.claims)::bigint AS claim_count, \
       CASE WHEN $3 THEN r.text ELSE '' END AS text, CASE WHEN $3 THEN r.blocks ELSE '[]' END AS blocks \
     FROM article_revisions r JOIN articles a ON a.id = r.article_id WHERE r.article_id = $1 AND r.revision = $2";

const TEXTS: &str = "SELECT id, text FROM articles WHERE id = ANY($1)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::get::GET", GET),
    ("articles::get::GET_MANY", GET_MANY),
    ("articles::get::LIST", LIST),
    ("articles::get::GET_EARLIER", GET_EARLIER),
    ("articles::get::TEXTS", TEXTS),
];

impl Store {
    /// Returns the article with this id, or `None`. Without `with_text`, text and blocks are empty.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn article(
        &self,
        id: ArticleId,
        with_text: bool,
    ) -> Result<Option<Article>, StoreError> {
        article(&self.planned_once, id, with_text).await
    }

    /// Returns the articles with these ids, in no particular order; unknown ids are left out. Without `with_text`, texts
    /// and blocks are empty.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::TooLarge`] if together they have too much text.
    pub async fn articles(
        &self,
        ids: &[ArticleId],
        with_text: bool,
    ) -> Result<Vec<Article>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = sqlx::query_as(GET_MANY)
            .bind(ids)
            .bind(with_text)
            .fetch(&self.planned_once);
        all(whole_answer(rows, |row: &ArticleRow| row.text.len()).await?)
    }

    /// Returns the article as it was at an earlier revision; `None` if it never had that revision, or if that is the
    /// current one.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn earlier_article(
        &self,
        id: ArticleId,
        revision: i32,
        with_text: bool,
    ) -> Result<Option<Article>, StoreError> {
        let row: Option<ArticleRow> = sqlx::query_as(GET_EARLIER)
            .bind(id.0)
            .bind(revision)
            .bind(with_text)
            .fetch_optional(&self.planned_once)
            .await?;
        row.map(Article::try_from).transpose()
    }

    /// Returns a page of at most `size` articles after `after`, newest first. Without `with_text`, texts and blocks
    /// are empty.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_articles(
        &self,
        filter: &ArticleFilter,
        after: Option<ArticleCursor>,
        size: usize,
        with_text: bool,
    ) -> Result<Page<Article, ArticleCursor>, StoreError> {
        let rows = sqlx::query_as(LIST)
            .bind(filter.publisher.as_deref())
            .bind(filter.start_time)
            .bind(filter.end_time)
            .bind(after.map(|position| position.sort_time))
            .bind(after.map(|position| position.id.0))
            .bind(one_more(size))
            .bind(with_text)
            .bind(filter.language_code.as_deref())
            .bind(filter.state.map(|state| state.to_string()))
            .bind(filter.uri.as_deref())
            .bind(filter.external_id.as_deref())
            .bind(filter.title_words.as_deref())
            .fetch(&self.pool);
        let page = take_page(rows, size, |row| row.text.len(), ArticleRow::cursor).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }

    /// Returns the texts of these articles, in no particular order; unknown ids are left out.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn article_texts(
        &self,
        ids: &[ArticleId],
    ) -> Result<Vec<(ArticleId, String)>, StoreError> {
        article_texts(&self.planned_once, ids).await
    }
}

/// See [`Store::article`].
pub(super) async fn article(
    executor: impl PgExecutor<'_>,
    id: ArticleId,
    with_text: bool,
) -> Result<Option<Article>, StoreError> {
    let row: Option<ArticleRow> = sqlx::query_as(GET)
        .bind(id.0)
        .bind(with_text)
        .fetch_optional(executor)
        .await?;
    row.map(Article::try_from).transpose()
}

/// See [`Store::article_texts`].
pub(in crate::store) async fn article_texts(
    executor: impl PgExecutor<'_>,
    ids: &[ArticleId],
) -> Result<Vec<(ArticleId, String)>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, String)> = sqlx::query_as(TEXTS).bind(ids).fetch_all(executor).await?;
    Ok(rows
        .into_iter()
        .map(|(id, text)| (ArticleId(id), text))
        .collect())
}

#[derive(sqlx::FromRow)]
struct ArticleRow {
    id: Uuid,
    uri: Option<String>,
    title: Option<String>,
    publisher: Option<String>,
    authors: Vec<String>,
    language_code: Option<String>,
    publish_time: Option<DateTime<Utc>>,
    time_zone: Option<String>,
    text: String,
    text_sha256: Vec<u8>,
    blocks: Json<Vec<Block>>,
    state: String,
    revision: i32,
    duplicate_of: Option<Uuid>,
    claim_count: i64,
    engine_name: String,
    engine_version: String,
    extract_time: DateTime<Utc>,
    extract_duration_us: i64,
    sort_time: DateTime<Utc>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    row_version: i64,
    retracted_by: Option<String>,
    retract_caller: Option<String>,
    retract_reason: Option<String>,
    retract_time: Option<DateTime<Utc>>,
    external_id: Option<String>,
}

impl ArticleRow {
    fn cursor(&self) -> ArticleCursor {
        ArticleCursor {
            sort_time: self.sort_time,
            id: ArticleId(self.id),
        }
    }
}

impl TryFrom<ArticleRow> for Article {
    type Error = StoreError;

    fn try_from(row: ArticleRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ArticleId(row.id),
            document: Document {
                text: row.text,
                title: row.title,
                uri: row.uri,
                publisher: row.publisher,
                authors: row.authors,
                language_code: row.language_code,
                publish_time: row.publish_time,
                time_zone: parse_opt("time_zone", row.time_zone)?,
                external_id: row.external_id,
            },
            text_sha256: sha256(row.text_sha256)?,
            blocks: row.blocks.0,
            state: parse("state", &row.state)?,
            retraction: row.retract_time.map(|time| Retraction {
                requested_by: row.retracted_by.unwrap_or_default(),
                caller: row.retract_caller.unwrap_or_default(),
                reason: row.retract_reason.unwrap_or_default(),
                time,
            }),
            revision: row.revision,
            duplicate_of: row.duplicate_of.map(ArticleId),
            claim_count: row.claim_count,
            extraction: ExtractionRun {
                engine: EngineId {
                    name: row.engine_name,
                    version: row.engine_version,
                },
                time: row.extract_time,
                duration: Duration::from_micros(row.extract_duration_us.unsigned_abs()),
            },
            create_time: row.create_time,
            update_time: row.update_time,
            row_version: row.row_version,
        })
    }
}
