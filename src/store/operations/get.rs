//! Reading operations by id, and lists of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{
    ArticleFailure, ArticleId, ArticleSelection, EngineId, Operation, OperationId,
    ReextractionCounts,
};
use crate::store::db::{Page, Store, StoreError, all, one_more, parse, take_page};

macro_rules! operation_columns {
    () => {
        "o.id, o.selection, o.engine_name, o.engine_version, o.requested_by, o.caller, o.state, o.last_article, \
         o.total_count, o.done_count, o.failed_count, o.created_count, o.updated_count, o.deleted_count, o.failures, \
         o.create_time, o.update_time, o.end_time"
    };
}

pub(super) use operation_columns;

const GET: &str = concat!(
    "SELECT ",
    operation_columns!(),
    " FROM operations o WHERE o.id = $1"
);

const LIST: &str = concat!(
    "SELECT ",
    operation_columns!(),
    " FROM operations o \
     WHERE ($1::bool IS NULL OR (o.state <> 'RUNNING') = $1) AND ($2::uuid IS NULL OR o.id < $2) \
     ORDER BY o.id DESC LIMIT $3"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("operations::get::GET", GET),
    ("operations::get::LIST", LIST),
];

/// A position among operations, newest first: the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCursor(pub OperationId);

impl Store {
    /// Returns the operation with this id, or `None`.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn operation(&self, id: OperationId) -> Result<Option<Operation>, StoreError> {
        operation(&self.planned_once, id).await
    }

    /// Returns a page of at most `size` operations after `after`, newest first: all, or those that are done, or those
    /// that are not.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_operations(
        &self,
        done: Option<bool>,
        after: Option<OperationCursor>,
        size: usize,
    ) -> Result<Page<Operation, OperationCursor>, StoreError> {
        let rows = sqlx::query_as(LIST)
            .bind(done)
            .bind(after.map(|position| position.0.0))
            .bind(one_more(size))
            .fetch(&self.pool);
        let page = take_page(rows, size, |_| 0, OperationRow::cursor).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

/// See [`Store::operation`].
pub(super) async fn operation(
    executor: impl PgExecutor<'_>,
    id: OperationId,
) -> Result<Option<Operation>, StoreError> {
    let row: Option<OperationRow> = sqlx::query_as(GET)
        .bind(id.0)
        .fetch_optional(executor)
        .await?;
    row.map(Operation::try_from).transpose()
}

#[derive(sqlx::FromRow)]
pub(super) struct OperationRow {
    id: Uuid,
    selection: Json<ArticleSelection>,
    engine_name: String,
    engine_version: String,
    requested_by: String,
    caller: String,
    state: String,
    last_article: Option<Uuid>,
    total_count: i64,
    done_count: i64,
    failed_count: i64,
    created_count: i64,
    updated_count: i64,
    deleted_count: i64,
    failures: Json<Vec<ArticleFailure>>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    end_time: Option<DateTime<Utc>>,
}

impl OperationRow {
    const fn cursor(&self) -> OperationCursor {
        OperationCursor(OperationId(self.id))
    }
}

impl TryFrom<OperationRow> for Operation {
    type Error = StoreError;

    fn try_from(row: OperationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: OperationId(row.id),
            selection: row.selection.0,
            engine: EngineId {
                name: row.engine_name,
                version: row.engine_version,
            },
            requested_by: row.requested_by,
            caller: row.caller,
            state: parse("state", &row.state)?,
            counts: ReextractionCounts {
                total: row.total_count,
                done: row.done_count,
                failed: row.failed_count,
                created: row.created_count,
                updated: row.updated_count,
                deleted: row.deleted_count,
            },
            failures: row.failures.0,
            last_article: row.last_article.map(ArticleId),
            create_time: row.create_time,
            update_time: row.update_time,
            end_time: row.end_time,
        })
    }
}
