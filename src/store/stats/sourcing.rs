//! Sourcing statistics: who, or what, is on record how often.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::store::claims::{ClaimFilter, Conditions, is_of_articles, is_of_few_claims};
use crate::store::db::{Page, Store, StoreError, one_more, take_page, without_nul};

/// The dimension by which claims are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SourcingGroup {
    /// The source's actor.
    Actor,
    /// The gender of the source's actor.
    Gender,
    /// The class of the source.
    SourceClass,
    /// The article's publisher.
    Publisher,
    /// The kind of claim.
    Kind,
    /// The month of publication.
    Month,
}

/// How often an actor, or another group, is on record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SourcingStats {
    /// An actor's id, a publisher, a month such as `2024-05`, or the stored spelling of an enum value. If unknown:
    /// empty for an actor or publisher, `UNSPECIFIED` for an enum.
    pub key: String,
    /// An actor's display name.
    pub name: Option<String>,
    /// The number of claims.
    pub claims: i64,
    /// The number of articles that contain them.
    pub articles: i64,
    /// The time of the first claim.
    pub first: DateTime<Utc>,
    /// The time of the last claim.
    pub last: DateTime<Utc>,
}

/// A position in a list of counts: most claims first, then by key in byte order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcingPosition {
    /// The number of claims.
    pub claims: i64,
    /// Breaks ties between keys with equally many claims.
    #[serde(deserialize_with = "without_nul")]
    pub key: String,
}

// Claims are counted per article first, so that distinct articles need not be counted later. The planner drops
// whatever the grouping does not use: neither actors nor articles are read for it.
#[rustfmt::skip]
macro_rules! count {
    ($from:literal, $time:literal, $publisher:literal) => {
        concat!(
            "SELECT p.key, p.claims, p.articles, p.first, p.last, \
               CASE ", parameter!(1), "::text WHEN 'ACTOR' THEN \
                 (SELECT n.display_name FROM actors n WHERE n.id = nullif(p.key, '')::uuid) END AS name \
             FROM (SELECT s.key, sum(s.claims)::bigint AS claims, count(*) AS articles, \
                     min(s.sort_time) AS first, max(s.sort_time) AS last \
                   FROM (SELECT coalesce(CASE ", parameter!(1), " WHEN 'ACTOR' THEN c.actor_id::text \
                             WHEN 'GENDER' THEN (SELECT g.gender FROM actors g WHERE g.id = c.actor_id) \
                             WHEN 'SOURCE_CLASS' THEN c.source_class \
                             WHEN 'PUBLISHER' THEN ",
            $publisher,
            " WHEN 'KIND' THEN c.kind \
                             WHEN 'MONTH' THEN to_char(c.sort_time AT TIME ZONE 'UTC', 'YYYY-MM') END, \
                           CASE WHEN ", parameter!(1), " IN ('ACTOR', 'PUBLISHER') THEN '' ELSE 'UNSPECIFIED' END) AS key, \
                           c.article_id, c.sort_time, count(*) AS claims \
                         FROM ",
            $from,
            " WHERE ",
            claim_conditions!($time),
            "GROUP BY 1, 2, 3) s GROUP BY 1) p \
             WHERE ", parameter!(2), "::bigint IS NULL OR p.claims < ", parameter!(2), " OR (p.claims = ", parameter!(2), " AND p.key COLLATE \"C\" > ", parameter!(3), "::text) \
             ORDER BY p.claims DESC, p.key COLLATE \"C\" LIMIT ", parameter!(4)
        )
    };
}

const OF_CLAIMS: &str = count!(
    "claims c LEFT JOIN articles ar ON ar.id = c.article_id",
    "c.sort_time",
    "(SELECT x.publisher FROM articles x WHERE x.id = c.article_id)"
);

const OF_ARTICLES: &str = count!(
    "articles ar JOIN claims c ON c.article_id = ar.id",
    "ar.sort_time",
    "ar.publisher"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("stats::sourcing::OF_CLAIMS", OF_CLAIMS),
    ("stats::sourcing::OF_ARTICLES", OF_ARTICLES),
];

impl Store {
    /// Returns a page of at most `size` counts after `after`, of all claims that match the filter. It reads every one
    /// of these, so the filter has to bound their number.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sourcing_stats(
        &self,
        group: SourcingGroup,
        filter: &ClaimFilter,
        after: Option<&SourcingPosition>,
        size: usize,
    ) -> Result<Page<SourcingStats, SourcingPosition>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let conditions = Conditions::of(filter, &mut connection).await?;
        let by_article = is_of_articles(filter)
            || (group == SourcingGroup::Publisher && !is_of_few_claims(filter));
        let query = if by_article {
            sqlx::query_as(OF_ARTICLES)
        } else {
            sqlx::query_as(OF_CLAIMS)
        };
        let rows = conditions
            .bind(query)
            .bind(group.to_string())
            .bind(after.map(|position| position.claims))
            .bind(after.map(|position| position.key.clone()))
            .bind(one_more(size))
            .fetch(&mut *connection);
        let page = take_page(rows, size, SourcingStats::bytes, SourcingStats::position).await?;
        connection.release();
        Ok(page)
    }
}

impl SourcingStats {
    fn bytes(&self) -> usize {
        self.key.len() + self.name.as_ref().map_or(0, String::len)
    }

    fn position(&self) -> SourcingPosition {
        SourcingPosition {
            claims: self.claims,
            key: self.key.clone(),
        }
    }
}
