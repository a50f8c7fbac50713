//! Finding the article that a document is, or was, stored as.

use sqlx::PgConnection;
use uuid::Uuid;

use super::content::content_key;
use super::ingested::Ingested;
use crate::domain::{ArticleId, Document};
use crate::store::db::{Store, StoreError};

// The article that last had this content, if only in a former revision or with former metadata.
macro_rules! former {
    ($key:literal) => {
        concat!(
            "SELECT f.article_id FROM ( \
               SELECT article_id, replace_time FROM article_revisions WHERE content_key = ",
            $key,
            " UNION ALL SELECT article_id, replace_time FROM former_contents WHERE content_key = ",
            $key,
            ") f ORDER BY f.replace_time DESC LIMIT 1"
        )
    };
}

// The request id takes precedence over the content, and current content over the former content of another article.
const FIND: &str = concat!(
    "SELECT coalesce( \
       (SELECT article_id FROM ingest_requests WHERE request_id = $1), \
       (SELECT id FROM articles WHERE content_key = $2), (",
    former!("$2"),
    "))"
);

const ARTICLE_BY_CONTENT: &str = concat!(
    "SELECT coalesce((SELECT id FROM articles WHERE content_key = $1), (",
    former!("$1"),
    "))"
);

const ARTICLE_BY_EXTERNAL_ID: &str = "SELECT id FROM articles \
     WHERE external_id = $1 AND coalesce(publisher, '') = coalesce($2, '')";

// What had this content, and is corrected, updated or deleted.
const FORMER: &str = concat!(
    "SELECT (",
    former!("$1"),
    "), (SELECT deletion_id FROM deleted_contents WHERE content_key = $1)"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::known::FIND", FIND),
    ("articles::known::ARTICLE_BY_CONTENT", ARTICLE_BY_CONTENT),
    (
        "articles::known::ARTICLE_BY_EXTERNAL_ID",
        ARTICLE_BY_EXTERNAL_ID,
    ),
    ("articles::known::FORMER", FORMER),
];

impl Store {
    /// Returns the article that this request id, or else this content, was already stored as, if any: then the
    /// document need not be read again.
    ///
    /// # Errors
    /// See [`StoreError`].
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
}

/// Finds the article because of which a document could not be inserted.
pub(super) async fn existing(
    tx: &mut PgConnection,
    key: &[u8; 32],
    document: &Document,
) -> Result<Ingested, StoreError> {
    let known: Option<Uuid> = sqlx::query_scalar(ARTICLE_BY_CONTENT)
        .bind(key.as_slice())
        .fetch_one(&mut *tx)
        .await?;
    if let Some(known) = known {
        return Ok(Ingested::Known(ArticleId(known)));
    }
    let holder = holder_of_external_id(tx, document).await?;
    // Neither is there where it was deleted in the meantime: the next attempt succeeds.
    let gone = || StoreError::Contention(sqlx::Error::RowNotFound);
    holder.map(Ingested::ExternalIdTaken).ok_or_else(gone)
}

/// Finds the article of the publisher that has the document's external id.
pub(super) async fn holder_of_external_id(
    tx: &mut PgConnection,
    document: &Document,
) -> Result<Option<ArticleId>, StoreError> {
    let holder: Option<Uuid> = sqlx::query_scalar(ARTICLE_BY_EXTERNAL_ID)
        .bind(document.external_id.as_deref())
        .bind(document.publisher.as_deref())
        .fetch_optional(tx)
        .await?;
    Ok(holder.map(ArticleId))
}

/// Finds the article that had this content, and was corrected or, unless `allow_deleted`, deleted.
pub(super) async fn former(
    tx: &mut PgConnection,
    key: &[u8; 32],
    allow_deleted: bool,
) -> Result<Option<Ingested>, StoreError> {
    let (former, deleted): (Option<Uuid>, Option<Uuid>) = sqlx::query_as(FORMER)
        .bind(key.as_slice())
        .fetch_one(tx)
        .await?;
    let former = former.map(|id| Ingested::Known(ArticleId(id)));
    let deleted = deleted.filter(|_| !allow_deleted);
    Ok(former.or(deleted.map(|id| Ingested::Deleted(ArticleId(id)))))
}
