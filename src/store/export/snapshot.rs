//! Reading large parts of the archive as of one moment.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{ActorId, ActorKind, ArticleId, ArticleState, Claim, Gender};
use crate::store::articles::article_texts;
use crate::store::claims::{ClaimFilter, by_publish_time_of};
use crate::store::db::{ClaimCursor, Page, Store, StoreError, all, connect, parse, parse_opt};

// Begins the transaction `snapshot`, which ends with its connection.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// Nobody waits for these statements as for a page, and they may read the whole archive. Between them the transaction
// waits for the reader of the file, who has a minute for each chunk.
const TIMEOUTS: &str = "SELECT set_config('statement_timeout', '10min', true), \
     set_config('idle_in_transaction_session_timeout', '90s', true)";

const HEADS: &str = "SELECT id, external_id, uri, title, publisher, publish_time, language_code, authors, state \
     FROM articles WHERE id = ANY($1)";

const ACTOR_HEADS: &str = "SELECT id, kind, gender FROM actors WHERE id = ANY($1)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("export::snapshot::BEGIN", BEGIN),
    ("export::snapshot::TIMEOUTS", TIMEOUTS),
    ("export::snapshot::HEADS", HEADS),
    ("export::snapshot::ACTOR_HEADS", ACTOR_HEADS),
];

/// A snapshot of the archive, read piece by piece. It has its own connection, since it may be read slowly; dropping
/// it ends the transaction and the connection.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) connection: PgConnection,
}

/// An article's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleHead {
    /// Its id.
    pub id: ArticleId,
    /// The caller's own id of it.
    pub external_id: Option<String>,
    /// Its URI.
    pub uri: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its publisher.
    pub publisher: Option<String>,
    /// When it was published.
    pub publish_time: Option<DateTime<Utc>>,
    /// Its language.
    pub language_code: Option<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// Its state.
    pub state: ArticleState,
}

/// What of an actor stands beside a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActorHead {
    /// Its id.
    pub id: ActorId,
    /// Its kind.
    pub kind: ActorKind,
    /// Its gender.
    pub gender: Option<Gender>,
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    id: Uuid,
    external_id: Option<String>,
    uri: Option<String>,
    title: Option<String>,
    publisher: Option<String>,
    publish_time: Option<DateTime<Utc>>,
    language_code: Option<String>,
    authors: Vec<String>,
    state: String,
}

impl TryFrom<HeadRow> for ArticleHead {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ArticleId(row.id),
            external_id: row.external_id,
            uri: row.uri,
            title: row.title,
            publisher: row.publisher,
            publish_time: row.publish_time,
            language_code: row.language_code,
            authors: row.authors,
            state: parse("state", &row.state)?,
        })
    }
}

impl Store {
    /// Takes a snapshot of the archive as it is now.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut connection = connect(&self.pool.connect_options()).await?;
        sqlx::query(BEGIN).execute(&mut connection).await?;
        sqlx::query(TIMEOUTS).execute(&mut connection).await?;
        Ok(Snapshot { connection })
    }
}

impl Snapshot {
    /// See [`Store::list_claims`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_claims(
        &mut self,
        filter: &ClaimFilter,
        after: Option<ClaimCursor>,
        size: usize,
    ) -> Result<Page<Claim, ClaimCursor>, StoreError> {
        by_publish_time_of(&mut self.connection, filter, after, size).await
    }

    /// See [`Store::article_texts`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn article_texts(
        &mut self,
        ids: &[ArticleId],
    ) -> Result<Vec<(ArticleId, String)>, StoreError> {
        article_texts(&mut self.connection, ids).await
    }

    /// Returns the metadata of these articles, in no particular order.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn article_heads(
        &mut self,
        ids: &[ArticleId],
    ) -> Result<Vec<ArticleHead>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows: Vec<HeadRow> = sqlx::query_as(HEADS)
            .bind(ids)
            .fetch_all(&mut self.connection)
            .await?;
        all(rows)
    }

    /// Returns what stands beside claims of these actors, in no particular order.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn actor_heads(&mut self, ids: &[ActorId]) -> Result<Vec<ActorHead>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows: Vec<(Uuid, String, Option<String>)> = sqlx::query_as(ACTOR_HEADS)
            .bind(ids)
            .fetch_all(&mut self.connection)
            .await?;
        let heads = rows.into_iter().map(|(id, kind, gender)| {
            Ok(ActorHead {
                id: ActorId(id),
                kind: parse("kind", &kind)?,
                gender: parse_opt("gender", gender)?,
            })
        });
        heads.collect()
    }
}
