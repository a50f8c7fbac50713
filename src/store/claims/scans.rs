//! Lists of claims whose filter matches few claims in the order of the list: there, the planner's query may read very
//! many claims for one page. Such a list is scanned piece by piece; a piece may hold fewer claims than a page, or
//! none.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::filter::{ClaimFilter, Conditions};
use super::position::{ClaimOrder, ClaimPosition};
use crate::domain::{ArticleId, Claim, ClaimId};
use crate::store::db::{ArticleCursor, ClaimCursor, Page, Store, StoreError};

/// How many claims a piece scans.
const PIECE: usize = 10_000;

// The inner query reads nothing but a range of an index; the filter is evaluated on its rows. The other LIMIT forces
// articles to be looked up one by one, where a join might read them all.
#[rustfmt::skip]
macro_rules! scan {
    ({ $($position:tt)+ }, $order:literal) => {
        concat!(
            "SELECT c.id, c.article_id, c.ordinal, c.sort_time, c.utterance_start, c.confidence, c.check_worthiness, (",
            claim_conditions!("c.sort_time"),
            ") IS TRUE AS fits FROM (SELECT * FROM claims c WHERE ",
            $($position)+,
            " ORDER BY ",
            $order,
            " LIMIT ", parameter!(4), ") c LEFT JOIN LATERAL \
               (SELECT x.publisher, x.language_code, x.state FROM articles x WHERE x.id = c.article_id LIMIT 1) ar ON true \
             ORDER BY ",
            $order
        )
    };
}

#[rustfmt::skip]
const BY_PUBLISH_TIME: &str = scan!(
    {
    "(", parameter!(start_time), "::timestamptz IS NULL OR c.sort_time >= ", parameter!(start_time), ") AND (", parameter!(end_time), "::timestamptz IS NULL OR c.sort_time < ", parameter!(end_time), ") \
     AND (", parameter!(1), "::timestamptz IS NULL OR ( \
           (c.sort_time, c.article_id) <= (", parameter!(1), ", ", parameter!(2), "::uuid) \
           AND ((c.sort_time, c.article_id) < (", parameter!(1), ", ", parameter!(2), "::uuid) OR c.ordinal > ", parameter!(3), "::int)))"
    },
    "c.sort_time DESC, c.article_id DESC, c.ordinal"
);

#[rustfmt::skip]
const BY_UTTERANCE_TIME: &str = scan!(
    {
    "(", parameter!(start_utterance), "::timestamptz IS NULL OR coalesce(c.utterance_start, c.sort_time) >= ", parameter!(start_utterance), ") \
     AND (", parameter!(end_utterance), "::timestamptz IS NULL OR coalesce(c.utterance_start, c.sort_time) < ", parameter!(end_utterance), ") \
     AND (", parameter!(1), "::timestamptz IS NULL OR (coalesce(c.utterance_start, c.sort_time), c.id) < (", parameter!(1), ", ", parameter!(2), "::uuid)) \
     AND ", parameter!(3), "::int IS NULL"
    },
    "coalesce(c.utterance_start, c.sort_time) DESC, c.id DESC"
);

#[rustfmt::skip]
const BY_CONFIDENCE: &str = scan!(
    {
    "(", parameter!(1), "::real IS NULL OR (c.confidence, c.id) < (", parameter!(1), ", ", parameter!(2), "::uuid)) AND ", parameter!(3), "::int IS NULL"
    },
    "c.confidence DESC, c.id DESC"
);

#[rustfmt::skip]
const BY_CHECK_WORTHINESS: &str = scan!(
    {
    "(", parameter!(1), "::real IS NULL OR (coalesce(c.check_worthiness, 0::real), c.id) < (", parameter!(1), ", ", parameter!(2), "::uuid)) \
     AND ", parameter!(3), "::int IS NULL"
    },
    "coalesce(c.check_worthiness, 0::real) DESC, c.id DESC"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::scans::BY_PUBLISH_TIME", BY_PUBLISH_TIME),
    ("claims::scans::BY_UTTERANCE_TIME", BY_UTTERANCE_TIME),
    ("claims::scans::BY_CONFIDENCE", BY_CONFIDENCE),
    ("claims::scans::BY_CHECK_WORTHINESS", BY_CHECK_WORTHINESS),
];

impl Store {
    /// Like [`Store::list_claims`], but in bounded time whatever the filter: returns the matches among the next
    /// 10,000 claims in that order. The page may be short, or even empty, although another one follows.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn scan_claims(
        &self,
        filter: &ClaimFilter,
        order: ClaimOrder,
        after: Option<ClaimPosition>,
        size: usize,
    ) -> Result<Page<Claim, ClaimPosition>, StoreError> {
        let scanned = self.scan(filter, order, after).await?;
        let mut fitting: Vec<&Scanned> = scanned.iter().filter(|row| row.fits).collect();
        let more = fitting.len() > size;
        fitting.truncate(size);
        let last = if more {
            fitting.last().copied()
        } else {
            scanned.get(PIECE - 1)
        };
        let ids: Vec<ClaimId> = fitting.iter().map(|row| ClaimId(row.id)).collect();
        let found = self.claims(&ids).await?;
        let mut found: HashMap<ClaimId, Claim> =
            found.into_iter().map(|claim| (claim.id, claim)).collect();
        Ok(Page {
            items: ids.iter().filter_map(|id| found.remove(id)).collect(),
            next: last.map(|row| row.position(order)),
        })
    }

    async fn scan(
        &self,
        filter: &ClaimFilter,
        order: ClaimOrder,
        after: Option<ClaimPosition>,
    ) -> Result<Vec<Scanned>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let conditions = Conditions::of(filter, &mut connection).await?;
        let query = match order {
            ClaimOrder::PublishTime => sqlx::query_as(BY_PUBLISH_TIME),
            ClaimOrder::UtteranceTime => sqlx::query_as(BY_UTTERANCE_TIME),
            ClaimOrder::Confidence => sqlx::query_as(BY_CONFIDENCE),
            ClaimOrder::CheckWorthiness => sqlx::query_as(BY_CHECK_WORTHINESS),
        };
        let query = conditions.bind(query);
        let query = match (order, after) {
            (ClaimOrder::PublishTime, Some(ClaimPosition::PublishTime(position))) => query
                .bind(position.article.sort_time)
                .bind(position.article.id.0)
                .bind(position.ordinal),
            (ClaimOrder::UtteranceTime, Some(ClaimPosition::UtteranceTime(time, id))) => {
                query.bind(time).bind(id.0).bind(None::<i32>)
            }
            (ClaimOrder::Confidence | ClaimOrder::CheckWorthiness, after) => {
                let after = after.and_then(ClaimPosition::number);
                query
                    .bind(after.map(|(number, _)| number))
                    .bind(after.map(|(_, id)| id.0))
                    .bind(None::<i32>)
            }
            _ => query
                .bind(None::<DateTime<Utc>>)
                .bind(None::<Uuid>)
                .bind(None::<i32>),
        };
        let piece = i64::try_from(PIECE).unwrap_or(i64::MAX);
        let rows = query.bind(piece).fetch_all(&mut *connection).await?;
        connection.release();
        Ok(rows)
    }
}

/// A scanned claim.
#[derive(sqlx::FromRow)]
struct Scanned {
    id: Uuid,
    article_id: Uuid,
    ordinal: i32,
    sort_time: DateTime<Utc>,
    utterance_start: Option<DateTime<Utc>>,
    confidence: f32,
    check_worthiness: Option<f32>,
    fits: bool,
}

impl Scanned {
    fn position(&self, order: ClaimOrder) -> ClaimPosition {
        let id = ClaimId(self.id);
        match order {
            ClaimOrder::PublishTime => ClaimPosition::PublishTime(ClaimCursor {
                article: ArticleCursor {
                    sort_time: self.sort_time,
                    id: ArticleId(self.article_id),
                },
                ordinal: self.ordinal,
            }),
            ClaimOrder::UtteranceTime => {
                ClaimPosition::UtteranceTime(self.utterance_start.unwrap_or(self.sort_time), id)
            }
            ClaimOrder::Confidence => ClaimPosition::Confidence(self.confidence, id),
            ClaimOrder::CheckWorthiness => {
                ClaimPosition::CheckWorthiness(self.check_worthiness.unwrap_or_default(), id)
            }
        }
    }
}
