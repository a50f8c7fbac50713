//! Working on operations: one server at a time has one for itself.

use std::time::Duration;

use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use super::get::{OperationRow, operation_columns};
use super::selection::selected;
use crate::domain::{ArticleId, EngineId, Operation};
use crate::store::db::{Store, StoreError};

// The oldest that no server works on, or this one did before it lost the database. $3 and $4 are the engines of this server
// and their versions; an operation that was started with another version is left to the servers with that, unless they
// are gone.
const TAKE: &str = concat!(
    "UPDATE operations AS o \
     SET worker = $1, worker_until = clock_timestamp() + $2, \
         engine_version = (SELECT e.version FROM unnest($3::text[], $4::text[]) AS e (name, version) \
                           WHERE e.name = o.engine_name) \
     WHERE o.id = ( \
       SELECT t.id FROM operations t JOIN unnest($3::text[], $4::text[]) AS e (name, version) ON e.name = t.engine_name \
       WHERE t.state = 'RUNNING' AND (t.worker = $1 OR t.worker_until < clock_timestamp()) \
         AND (e.version = t.engine_version \
              OR greatest(t.worker_until, t.create_time) < clock_timestamp() - interval '5 minutes') \
       ORDER BY t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED) \
     RETURNING o.cursor_id, o.at_hand, ",
    operation_columns!()
);

// Looks at so many articles only, since few of a large archive may match. One statement, so that no article that is deleted
// meanwhile moves the end of what was looked at.
const NEXT: &str = concat!(
    "WITH seen AS MATERIALIZED ( \
       SELECT w.id, w.publisher, w.language_code, w.sort_time, w.state, w.engine_name, w.engine_version, w.create_time \
       FROM articles w WHERE $9::uuid IS NULL OR w.id > $9 ORDER BY w.id LIMIT 10000) \
     SELECT ARRAY(SELECT a.id FROM seen a WHERE a.create_time < $10 AND ",
    selected!(),
    " ORDER BY a.id LIMIT $11), (SELECT e.id FROM seen e ORDER BY e.id DESC LIMIT 1)"
);

const TAKE_IN_HAND: &str = "UPDATE operations SET at_hand = $3, cursor_id = $4, worker_until = clock_timestamp() + $5 \
     WHERE id = $1 AND worker = $2 AND state = 'RUNNING' AND at_hand = '{}'";

const RENEW: &str = "UPDATE operations SET worker_until = clock_timestamp() + $3 \
     WHERE id = $1 AND worker = $2 AND state = 'RUNNING'";

const SUCCEED: &str = "UPDATE operations \
     SET state = 'SUCCEEDED', end_time = clock_timestamp(), update_time = clock_timestamp() \
     WHERE id = $1 AND worker = $2 AND state = 'RUNNING' AND at_hand = '{}'";

const GIVE_BACK: &str = "UPDATE operations SET worker = NULL, worker_until = clock_timestamp() \
     WHERE id = $1 AND worker = $2";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("operations::work::TAKE", TAKE),
    ("operations::work::NEXT", NEXT),
    ("operations::work::TAKE_IN_HAND", TAKE_IN_HAND),
    ("operations::work::RENEW", RENEW),
    ("operations::work::SUCCEED", SUCCEED),
    ("operations::work::GIVE_BACK", GIVE_BACK),
];

/// For how long a server has an operation for itself, unless it renews that: longer than a failure of the database that
/// is over soon, since another server waits for it.
pub const LEASE: Duration = Duration::from_secs(30);

/// An operation that a server has for itself.
#[derive(Debug, Clone)]
pub struct TakenOperation {
    /// The operation.
    pub operation: Operation,
    /// The server that has it.
    pub worker: Uuid,
    /// All articles up to this one were read or are at hand.
    pub cursor: Option<ArticleId>,
    /// Articles that were taken in hand and not read yet.
    pub at_hand: Vec<ArticleId>,
}

/// What a server may read next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextArticles {
    /// The articles, in the order of their ids.
    pub articles: Vec<ArticleId>,
    /// No other article up to this one is to be read.
    pub cursor: ArticleId,
}

impl Store {
    /// Takes an operation that no other server works on, for [`LEASE`]. `engines` are those of this server.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn take_operation(
        &self,
        worker: Uuid,
        engines: &[EngineId],
    ) -> Result<Option<TakenOperation>, StoreError> {
        let names: Vec<&str> = engines.iter().map(|engine| engine.name.as_str()).collect();
        let versions = engines.iter().map(|engine| engine.version.as_str());
        let row: Option<TakenRow> = sqlx::query_as(TAKE)
            .bind(worker)
            .bind(lease())
            .bind(names)
            .bind(versions.collect::<Vec<_>>())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| row.taken(worker)).transpose()
    }

    /// The next articles to read, at most `most`. There may be none although others follow; `None` if nothing is left.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn next_articles(
        &self,
        taken: &TakenOperation,
        most: usize,
    ) -> Result<Option<NextArticles>, StoreError> {
        let Operation {
            selection,
            engine,
            create_time,
            ..
        } = &taken.operation;
        let after = taken.cursor.map(|cursor| cursor.0);
        let (ids, seen): (Vec<Uuid>, Option<Uuid>) = sqlx::query_as(NEXT)
            .bind(&selection.publishers)
            .bind(&selection.language_codes)
            .bind(selection.start_time)
            .bind(selection.end_time)
            .bind(selection.state.map(|state| state.to_string()))
            .bind(selection.outdated_only)
            .bind(&engine.name)
            .bind(&engine.version)
            .bind(after)
            .bind(create_time)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_one(&self.pool)
            .await?;
        let articles: Vec<ArticleId> = ids.into_iter().map(ArticleId).collect();
        let cursor = match articles.last() {
            Some(last) if articles.len() == most => Some(*last),
            _ => seen.map(ArticleId),
        };
        Ok(cursor.map(|cursor| NextArticles { articles, cursor }))
    }

    /// Takes articles in hand, if there are any, and has the operation for [`LEASE`] from now on. False if the operation is
    /// not this server's any more, or was cancelled.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn take_in_hand(
        &self,
        taken: &TakenOperation,
        next: &NextArticles,
    ) -> Result<bool, StoreError> {
        let ids: Vec<Uuid> = next.articles.iter().map(|article| article.0).collect();
        let done = sqlx::query(TAKE_IN_HAND)
            .bind(taken.operation.id.0)
            .bind(taken.worker)
            .bind(ids)
            .bind(next.cursor.0)
            .bind(lease())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Has the operation for [`LEASE`] from now on. False if it is not this server's any more, or was cancelled.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn renew_operation(&self, taken: &TakenOperation) -> Result<bool, StoreError> {
        let done = sqlx::query(RENEW)
            .bind(taken.operation.id.0)
            .bind(taken.worker)
            .bind(lease())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends an operation of which nothing is left to do.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn succeed_operation(&self, taken: &TakenOperation) -> Result<(), StoreError> {
        sqlx::query(SUCCEED)
            .bind(taken.operation.id.0)
            .bind(taken.worker)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Leaves the operation to other servers.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn give_back_operation(&self, taken: &TakenOperation) -> Result<(), StoreError> {
        sqlx::query(GIVE_BACK)
            .bind(taken.operation.id.0)
            .bind(taken.worker)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn lease() -> PgInterval {
    PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX),
    }
}

#[derive(sqlx::FromRow)]
struct TakenRow {
    cursor_id: Option<Uuid>,
    at_hand: Vec<Uuid>,
    #[sqlx(flatten)]
    operation: OperationRow,
}

impl TakenRow {
    fn taken(self, worker: Uuid) -> Result<TakenOperation, StoreError> {
        Ok(TakenOperation {
            operation: Operation::try_from(self.operation)?,
            worker,
            cursor: self.cursor_id.map(ArticleId),
            at_hand: self.at_hand.into_iter().map(ArticleId).collect(),
        })
    }
}
