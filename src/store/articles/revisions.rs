//! The current and former texts of articles, and their claims.

use chrono::{DateTime, Utc};

use crate::domain::{ArticleId, ArticleRevision, Claim, CorrectionNote};
use crate::store::claims::{ClaimRow, claim_columns};
use crate::store::db::{Page, Store, StoreError, all, one_more, sha256, take_page};

// Who introduced a text is recorded with the text that it replaced. Claims are counted only for the texts on the
// page.
const LIST: &str = "SELECT t.revision, t.title, t.authors, t.text_sha256, t.claim_count, p.requested_by, p.caller, p.reason, \
       coalesce(p.replace_time, t.create_time) AS create_time \
     FROM (SELECT a.id, a.revision, a.title, a.authors, a.text_sha256, a.create_time, \
                  (SELECT count(*) FROM claims c WHERE c.article_id = a.id) AS claim_count \
           FROM articles a WHERE a.id = $1 AND ($2::integer IS NULL OR a.revision < $2) \
           UNION ALL \
           (SELECT r.article_id, r.revision, r.title, r.authors, r.text_sha256, r.create_time, \
                   jsonb_array_length(r.claims) \
            FROM article_revisions r WHERE r.article_id = $1 AND ($2::integer IS NULL OR r.revision < $2) \
            ORDER BY r.revision DESC LIMIT $3)) t \
       LEFT JOIN article_revisions p ON p.article_id = t.id AND p.revision = t.revision - 1 \
     ORDER BY t.revision DESC LIMIT $3";

const CLAIMS: &str = concat!(
    "SELECT ",
    claim_columns!(),
    " FROM (SELECT n.* FROM articles a JOIN claims n ON n.article_id = a.id WHERE a.id = $1 AND a.revision = $2 \
           UNION ALL \
           SELECT e.* FROM article_revisions r CROSS JOIN LATERAL jsonb_populate_recordset(NULL::claims, r.claims) e \
           WHERE r.article_id = $1 AND r.revision = $2) c \
     WHERE $3::integer IS NULL OR c.ordinal > $3 ORDER BY c.ordinal LIMIT $4"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::revisions::LIST", LIST),
    ("articles::revisions::CLAIMS", CLAIMS),
];

impl Store {
    /// Returns a page of at most `size` of an article's current and former texts, before the revision `before`,
    /// newest first. Empty if the article does not exist.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_article_revisions(
        &self,
        id: ArticleId,
        before: Option<i32>,
        size: usize,
    ) -> Result<Page<ArticleRevision, i32>, StoreError> {
        let rows = sqlx::query_as(LIST)
            .bind(id.0)
            .bind(before)
            .bind(one_more(size))
            .fetch(&self.pool);
        let page = take_page(rows, size, Row::bytes, |row| row.revision).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }

    /// Returns a page of at most `size` claims of a current or former text of an article, after the claim `after` in
    /// text order. Actors have their current names. Empty if the article never had that revision.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn claims_of_revision(
        &self,
        id: ArticleId,
        revision: i32,
        after: Option<i32>,
        size: usize,
    ) -> Result<Page<Claim, i32>, StoreError> {
        let rows = sqlx::query_as(CLAIMS)
            .bind(id.0)
            .bind(revision)
            .bind(after)
            .bind(one_more(size))
            .fetch(&self.pool);
        let ordinal = |row: &ClaimRow| row.cursor().ordinal;
        let page = take_page(rows, size, ClaimRow::bytes, ordinal).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    revision: i32,
    title: Option<String>,
    authors: Vec<String>,
    text_sha256: Vec<u8>,
    claim_count: i64,
    requested_by: Option<String>,
    caller: Option<String>,
    reason: Option<String>,
    create_time: DateTime<Utc>,
}

impl Row {
    fn bytes(&self) -> usize {
        let title = self.title.as_ref().map_or(0, String::len);
        title + self.authors.iter().map(String::len).sum::<usize>()
    }
}

impl TryFrom<Row> for ArticleRevision {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            revision: row.revision,
            title: row.title,
            authors: row.authors,
            text_sha256: sha256(row.text_sha256)?,
            claim_count: row.claim_count,
            correction: row.requested_by.map(|requested_by| CorrectionNote {
                requested_by,
                caller: row.caller.unwrap_or_default(),
                reason: row.reason.unwrap_or_default(),
            }),
            create_time: row.create_time,
        })
    }
}
