//! The publishers of the stored articles.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::store::db::{Page, Store, StoreError, one_more, take_page, without_nul};

// Each step looks for the next publisher in the index, so that the articles of one need not be read to find the next.
// Only those of the page are counted.
const LIST: &str = "WITH RECURSIVE p (name) AS ( \
       (SELECT a.publisher FROM articles a WHERE a.publisher > coalesce($1, '') ORDER BY a.publisher LIMIT 1) \
       UNION ALL \
       SELECT (SELECT a.publisher FROM articles a WHERE a.publisher > p.name ORDER BY a.publisher LIMIT 1) \
       FROM p WHERE p.name IS NOT NULL) \
     SELECT n.name, s.articles, s.first, s.last \
     FROM (SELECT p.name FROM p WHERE p.name IS NOT NULL LIMIT $2) n CROSS JOIN LATERAL ( \
       SELECT count(*) AS articles, min(a.sort_time) AS first, max(a.sort_time) AS last \
       FROM articles a WHERE a.publisher = n.name) s";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("articles::publishers::LIST", LIST)];

/// A publisher, with its articles counted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Publisher {
    /// Its name.
    pub name: String,
    /// The number of articles.
    pub articles: i64,
    /// The time of the first.
    pub first: DateTime<Utc>,
    /// The time of the last.
    pub last: DateTime<Utc>,
}

/// A position among publishers, by name in the database's collation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherCursor {
    /// The publisher's name.
    #[serde(deserialize_with = "without_nul")]
    pub name: String,
}

impl Store {
    /// Returns a page of at most `size` publishers after `after`, by name.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_publishers(
        &self,
        after: Option<&PublisherCursor>,
        size: usize,
    ) -> Result<Page<Publisher, PublisherCursor>, StoreError> {
        let rows = sqlx::query_as(LIST)
            .bind(after.map(|position| position.name.as_str()))
            .bind(one_more(size))
            .fetch(&self.pool);
        let position = |row: &Publisher| PublisherCursor {
            name: row.name.clone(),
        };
        take_page(rows, size, |row| row.name.len(), position).await
    }
}
