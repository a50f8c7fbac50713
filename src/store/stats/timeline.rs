//! How often an actor was on record, and mentioned by others, over time.

use chrono::{DateTime, Utc};
use strum::Display;

use crate::domain::{ActorId, ClaimKind};
use crate::store::claims::family;
use crate::store::db::{Store, StoreError, all, parse_opt};

/// The length of a bucket. Buckets are in UTC; weeks start on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display)]
#[strum(serialize_all = "lowercase")]
pub enum TimelineUnit {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// Selects the claims that a timeline counts, by the time of their articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimelineRange {
    /// At or after.
    pub start: Option<DateTime<Utc>>,
    /// Before.
    pub end: Option<DateTime<Utc>>,
}

/// A count of claims of one bucket and type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineCount {
    /// The start of the bucket.
    pub start: DateTime<Utc>,
    /// True for claims of others about the actor, false for those by the actor.
    pub about: bool,
    /// The kind of the claims by the actor, if known.
    pub kind: Option<ClaimKind>,
    /// The number of claims.
    pub claims: i64,
    /// The time of the first.
    pub first: DateTime<Utc>,
    /// The time of the last.
    pub last: DateTime<Utc>,
}

/// The counts of an actor's timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The counts, in order of their buckets.
    pub counts: Vec<TimelineCount>,
    /// True if only the newest claims were counted.
    pub sampled: bool,
}

// Both parts stop at the limit, so the work does not grow with the archive.
const COUNT: &str = "SELECT date_trunc($4, s.sort_time, 'UTC') AS start, s.about, s.kind, count(*) AS claims, \
       min(s.sort_time) AS first, max(s.sort_time) AS last \
     FROM ((SELECT c.sort_time, c.kind, false AS about FROM claims c \
            WHERE c.actor_id = ($1::uuid[])[1] \
              AND ($2::timestamptz IS NULL OR c.sort_time >= $2) AND ($3::timestamptz IS NULL OR c.sort_time < $3) \
            ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT $5) \
           UNION ALL \
           (SELECT c.sort_time, NULL, true FROM claims c \
            WHERE c.about_ids && $1 AND c.actor_id IS DISTINCT FROM ($1::uuid[])[1] \
              AND ($2::timestamptz IS NULL OR c.sort_time >= $2) AND ($3::timestamptz IS NULL OR c.sort_time < $3) \
            ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT $5)) s \
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("stats::timeline::COUNT", COUNT)];

impl Store {
    /// Counts the claims by an actor and those about it, at most the newest `most` of each. `None` if the actor does
    /// not exist.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn timeline(
        &self,
        actor: ActorId,
        range: TimelineRange,
        unit: TimelineUnit,
        most: usize,
    ) -> Result<Option<Timeline>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut connection = self.pool.acquire().await?;
        let family = family(Some(actor), &mut connection).await?;
        let Some(family) = family.filter(|ids| !ids.is_empty()) else {
            return Ok(None);
        };
        let rows: Vec<Row> = sqlx::query_as(COUNT)
            .bind(family)
            .bind(range.start)
            .bind(range.end)
            .bind(unit.to_string())
            .bind(most)
            .fetch_all(&mut *connection)
            .await?;
        connection.release();
        let counts: Vec<TimelineCount> = all(rows)?;
        let total = |about| -> i64 {
            let part = counts.iter().filter(|count| count.about == about);
            part.map(|count| count.claims).sum()
        };
        Ok(Some(Timeline {
            sampled: total(false) >= most || total(true) >= most,
            counts,
        }))
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    start: DateTime<Utc>,
    about: bool,
    kind: Option<String>,
    claims: i64,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl TryFrom<Row> for TimelineCount {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            start: row.start,
            about: row.about,
            kind: parse_opt("kind", row.kind)?,
            claims: row.claims,
            first: row.first,
            last: row.last,
        })
    }
}
