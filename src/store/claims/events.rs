//! The event log of claims that were created, updated and deleted.
//!
//! Transactions do not commit in the order in which they begin, so a reader that remembered the largest event number
//! it has seen would miss a smaller one committed later. The log is therefore read only up to the oldest running
//! transaction, below which nothing can be added. A long transaction, in any database of the cluster, delays readers
//! but does not make them miss anything.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use strum::EnumString;
use uuid::Uuid;

use super::filter::{ClaimFilter, Conditions};
use crate::domain::{ArticleId, ClaimId};
use crate::store::db::{Store, StoreError, all, parse};

/// A position in the log: just after the event that it names.
///
/// Only positions of committed events are handed out. The id of a transaction that left no trace may be reused after
/// a crash, and a position made from it would then hide the events written under it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventPosition {
    /// The transaction that wrote the event.
    pub tx: i64,
    /// The event's number.
    pub id: i64,
}

/// What happened to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ClaimChange {
    /// The claim was created.
    Created,
    /// The claim was changed.
    Updated,
    /// The claim was deleted.
    Deleted,
}

/// One event of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimEvent {
    /// Its position.
    pub position: EventPosition,
    /// What happened.
    pub change: ClaimChange,
    /// The claim.
    pub claim: ClaimId,
    /// The claim's article.
    pub article: ArticleId,
    /// Whether the claim matched the filter before. False for a new one.
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

// Where the article was deleted, too, the event holds what filters ask of it.
#[rustfmt::skip]
const READ: &str = concat!(
    "SELECT e.tx, e.id, e.change, e.claim_id, e.article_id, e.before IS NOT NULL AND EXISTS ( \
       SELECT 1 FROM jsonb_populate_record(NULL::claims, e.before) c \
         LEFT JOIN LATERAL (SELECT coalesce(a.publisher, e.before ->> 'publisher') AS publisher, \
                                   coalesce(a.language_code, e.before ->> 'language_code') AS language_code, a.state \
                            FROM (SELECT) one LEFT JOIN articles a ON a.id = c.article_id) ar ON true WHERE ",
    claim_conditions!("c.sort_time"),
    ") AS fitted FROM claim_events e \
     WHERE (e.tx, e.id) > (", parameter!(1), ", ", parameter!(2), ") AND e.tx < ",
    horizon!(),
    "ORDER BY e.tx, e.id LIMIT ", parameter!(3)
);

// The log starts after the position up to which it was pruned. A position in the future comes from another database.
const IS_KEPT: &str = concat!(
    "SELECT (p.tx, p.id) <= ($1, $2) AND $1 < ",
    future!(),
    "FROM claim_events_pruned p"
);

// Prunes up to the last event in the batch that has expired: events are in order of time, give or take the length of
// a transaction. Rows are addressed by ctid, because the planner estimates that an unknown bound matches a third of
// the table.
const PRUNE: &str = "WITH oldest AS (SELECT ctid, tx, id, create_time FROM claim_events ORDER BY tx, id LIMIT $2), \
     last AS (SELECT tx, id FROM oldest WHERE create_time < now() - make_interval(secs => $1) \
              ORDER BY tx DESC, id DESC LIMIT 1), \
     gone AS (DELETE FROM claim_events \
              WHERE ctid = ANY (ARRAY(SELECT o.ctid FROM oldest o, last l WHERE (o.tx, o.id) <= (l.tx, l.id))) \
              RETURNING tx), \
     moved AS (UPDATE claim_events_pruned p SET tx = last.tx, id = last.id FROM last \
               WHERE (last.tx, last.id) > (p.tx, p.id)) \
     SELECT count(*) FROM gone";

// One server at a time prunes; the others need not wait.
const PRUNE_LOCK: &str = "SELECT pg_try_advisory_xact_lock(7226543210917)";

// A database restored from a dump restarts its transaction ids.
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
    ("claims::events::PRUNE_LOCK", PRUNE_LOCK),
    (
        "claims::events::FORGET_EVENTS_OF_THE_FUTURE",
        FORGET_EVENTS_OF_THE_FUTURE,
    ),
    (
        "claims::events::FORGET_PRUNING_OF_THE_FUTURE",
        FORGET_PRUNING_OF_THE_FUTURE,
    ),
];

/// How many events are pruned per transaction.
const PRUNED_AT_ONCE: i64 = 10_000;

impl Store {
    /// Returns the next events after a position, up to a limit and whatever they match: the filter only determines
    /// which claims matched before. `None` if the log does not reach back to that position, or if the position is not
    /// from this database.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn claim_events(
        &self,
        filter: &ClaimFilter,
        after: EventPosition,
        limit: usize,
    ) -> Result<Option<Vec<ClaimEvent>>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        // The article's state at the time when the claim was deleted is unknown.
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
        // In this order: if the position is still retained now, the events after it were there to be read above.
        let (kept,): (bool,) = sqlx::query_as(IS_KEPT)
            .bind(after.tx)
            .bind(after.id)
            .fetch_one(&mut *connection)
            .await?;
        connection.release();
        if kept { all(rows).map(Some) } else { Ok(None) }
    }

    /// Deletes events older than `age`, unless another server is about it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn prune_claim_events(&self, age: Duration) -> Result<(), StoreError> {
        while let Some(pruned) = self
            .run_tx("prune", &age, |tx, age| Box::pin(prune(tx, *age)))
            .await?
        {
            if pruned < PRUNED_AT_ONCE {
                break;
            }
        }
        Ok(())
    }
}

/// Prunes a batch of events; returns how many, or `None` if another server is pruning.
async fn prune(tx: &mut PgConnection, age: Duration) -> Result<Option<i64>, StoreError> {
    let locked: bool = sqlx::query_scalar(PRUNE_LOCK).fetch_one(&mut *tx).await?;
    if !locked {
        return Ok(None);
    }
    sqlx::query(FORGET_EVENTS_OF_THE_FUTURE)
        .execute(&mut *tx)
        .await?;
    sqlx::query(FORGET_PRUNING_OF_THE_FUTURE)
        .execute(&mut *tx)
        .await?;
    let pruned = sqlx::query_scalar(PRUNE)
        .bind(age.as_secs_f64())
        .bind(PRUNED_AT_ONCE)
        .fetch_one(tx)
        .await?;
    Ok(Some(pruned))
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
            position: EventPosition {
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
