//! The log of claims that came, changed and went.
//!
//! Transactions commit in another order than they begin, so a reader who remembered the largest number it has seen would
//! pass over a smaller one that is committed later. The log is therefore read only up to the oldest transaction that still
//! runs: below it nothing can come any more. A transaction that takes long, of whatever database in the cluster, holds
//! readers up and loses them nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::EnumString;
use uuid::Uuid;

use super::filter::{ClaimFilter, Conditions};
use crate::domain::{ArticleId, ClaimId};
use crate::store::db::{Store, StoreError, all, parse};

/// A place in the log: behind the event that it names.
///
/// Only places of committed events are ever handed out. The number of a transaction that left no trace may be given
/// again after a crash, and a place made of it would then hide what is written under it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventPlace {
    /// The transaction that wrote the event.
    pub tx: i64,
    /// The event's number.
    pub id: i64,
}

/// What happened to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ClaimChange {
    /// It was stored.
    Created,
    /// It is another by now.
    Updated,
    /// It is gone.
    Deleted,
}

/// One event of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimEvent {
    /// Its place.
    pub place: EventPlace,
    /// What happened.
    pub change: ClaimChange,
    /// The claim.
    pub claim: ClaimId,
    /// The claim's article.
    pub article: ArticleId,
    /// Whether the claim fitted the filter before. False for a new one.
    pub fitted: bool,
}

macro_rules! horizon {
    () => {
        "pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
    };
}

macro_rules! future {
    () => {
        "pg_snapshot_xmax(pg_current_snapshot())::text::bigint "
    };
}

#[rustfmt::skip]
const READ: &str = concat!(
    "SELECT e.tx, e.id, e.change, e.claim_id, e.article_id, e.before IS NOT NULL AND EXISTS ( \
       SELECT 1 FROM jsonb_populate_record(NULL::claims, e.before) c \
         LEFT JOIN articles ar ON ar.id = c.article_id WHERE ",
    claim_conditions!("c.sort_time"),
    ") AS fitted FROM claim_events e \
     WHERE (e.tx, e.id) > (", parameter!(1), ", ", parameter!(2), ") AND e.tx < ",
    horizon!(),
    "ORDER BY e.tx, e.id LIMIT ", parameter!(3)
);

// The log begins behind where it was pruned to. A place of the future comes from another database.
const IS_KEPT: &str = concat!(
    "SELECT (p.tx, p.id) <= ($1, $2) AND $1 < ",
    future!(),
    "FROM claim_events_pruned p"
);

// Up to the last of the oldest that is old: those are in the order of their times, give or take the length of a
// transaction. By place on disk, since the planner takes a bound that it does not know for a third of the table.
const PRUNE: &str = "WITH oldest AS (SELECT ctid, tx, id, create_time FROM claim_events ORDER BY tx, id LIMIT $2), \
     last AS (SELECT tx, id FROM oldest WHERE create_time < now() - make_interval(secs => $1) \
              ORDER BY tx DESC, id DESC LIMIT 1), \
     gone AS (DELETE FROM claim_events \
              WHERE ctid = ANY (ARRAY(SELECT o.ctid FROM oldest o, last l WHERE (o.tx, o.id) <= (l.tx, l.id))) \
              RETURNING tx), \
     moved AS (UPDATE claim_events_pruned p SET tx = last.tx, id = last.id FROM last \
               WHERE (last.tx, last.id) > (p.tx, p.id)) \
     SELECT count(*) FROM gone";

// A database that was restored from a dump counts its transactions anew.
const FORGET_EVENTS_OF_THE_FUTURE: &str =
    concat!("DELETE FROM claim_events WHERE tx >= ", future!());

const FORGET_PRUNING_OF_THE_FUTURE: &str = concat!(
    "UPDATE claim_events_pruned SET tx = 0, id = 0 WHERE tx >= ",
    future!()
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::events::READ", READ),
    ("claims::events::IS_KEPT", IS_KEPT),
    ("claims::events::PRUNE", PRUNE),
    (
        "claims::events::FORGET_EVENTS_OF_THE_FUTURE",
        FORGET_EVENTS_OF_THE_FUTURE,
    ),
    (
        "claims::events::FORGET_PRUNING_OF_THE_FUTURE",
        FORGET_PRUNING_OF_THE_FUTURE,
    ),
];

/// How many events are pruned in one transaction.
const PRUNED_AT_ONCE: i64 = 10_000;

impl Store {
    /// The next events after a place, at most so many, whatever filter they fit: the filter only tells which claims
    /// fitted before. `None` where the log does not reach back to that place, or where it is none of this database.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn claim_events(
        &self,
        filter: &ClaimFilter,
        after: EventPlace,
        limit: usize,
    ) -> Result<Option<Vec<ClaimEvent>>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        // Nobody knows what state the article was in when the claim went.
        let filter = ClaimFilter {
            article_state: None,
            ..filter.clone()
        };
        let conditions = Conditions::of(&filter, &mut connection).await?;
        let rows: Vec<EventRow> = conditions
            .bind(sqlx::query_as(READ))
            .bind(after.tx)
            .bind(after.id)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&mut *connection)
            .await?;
        // In this order: what is still kept now was there to be read before.
        let (kept,): (bool,) = sqlx::query_as(IS_KEPT)
            .bind(after.tx)
            .bind(after.id)
            .fetch_one(&mut *connection)
            .await?;
        if kept { all(rows).map(Some) } else { Ok(None) }
    }

    /// Forgets events that are older than `age`.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn prune_claim_events(&self, age: Duration) -> Result<(), StoreError> {
        sqlx::query(FORGET_EVENTS_OF_THE_FUTURE)
            .execute(&self.pool)
            .await?;
        sqlx::query(FORGET_PRUNING_OF_THE_FUTURE)
            .execute(&self.pool)
            .await?;
        loop {
            let (pruned,): (i64,) = sqlx::query_as(PRUNE)
                .bind(age.as_secs_f64())
                .bind(PRUNED_AT_ONCE)
                .fetch_one(&self.pool)
                .await?;
            if pruned < PRUNED_AT_ONCE {
                return Ok(());
            }
        }
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    tx: i64,
    id: i64,
    change: String,
    claim_id: Uuid,
    article_id: Uuid,
    fitted: bool,
}

impl TryFrom<EventRow> for ClaimEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        Ok(Self {
            place: EventPlace {
                tx: row.tx,
                id: row.id,
            },
            change: parse("change", &row.change)?,
            claim: ClaimId(row.claim_id),
            article: ArticleId(row.article_id),
            fitted: row.fitted,
        })
    }
}
