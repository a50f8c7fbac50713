//! Starting operations.

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::audit::{Entry, audit};
use super::get::{OperationRow, operation, operation_columns};
use super::selection::selected;
use crate::domain::{ArticleSelection, EngineId, Operation, OperationId, OperationState};
use crate::store::db::{Store, StoreError};
use crate::store::write_requests::{Outcome, Terms, WriteRequest};

const COUNT: &str = concat!("SELECT count(*) FROM articles a WHERE ", selected!());

// Counting may take long.
const NO_TIMEOUT: &str = "SET LOCAL statement_timeout = 0";

const INSERT: &str = concat!(
    "INSERT INTO operations AS o (id, kind, selection, engine_name, engine_version, requested_by, caller, total_count) \
     VALUES ($1, 'REEXTRACT_ARTICLES', $2, $3, $4, $5, $6, $7) RETURNING ",
    operation_columns!()
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("operations::start::COUNT", COUNT),
    ("operations::start::NO_TIMEOUT", NO_TIMEOUT),
    ("operations::start::INSERT", INSERT),
];

/// A request to read many articles again.
#[derive(Debug, Clone)]
pub struct StartOperation {
    /// Which articles.
    pub selection: ArticleSelection,
    /// The engine that reads them.
    pub engine: EngineId,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
}

/// The outcome of starting an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Started {
    /// It was started, now or when the same request was made before.
    Operation(Box<Operation>),
    /// It was started when the same request was made before, and was deleted since.
    Deleted(OperationId),
}

impl Outcome for Started {
    type Made = OperationId;

    fn made(&self) -> Option<OperationId> {
        Some(match self {
            Self::Operation(operation) => operation.id,
            Self::Deleted(id) => *id,
        })
    }
}

impl Store {
    /// Counts the articles that an operation would read.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn count_selected(
        &self,
        selection: &ArticleSelection,
        engine: &EngineId,
    ) -> Result<i64, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let total = count(&mut connection, selection, engine).await?;
        connection.release();
        Ok(total)
    }

    /// Starts an operation, once for a request.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn start_operation(
        &self,
        start: &StartOperation,
        request: Option<&WriteRequest>,
    ) -> Result<Started, StoreError> {
        let terms = Terms::once(request);
        self.run_once("start_operation", terms, start, |tx, start, before| {
            Box::pin(async move {
                match before {
                    None => start_one(tx, start).await,
                    Some(id) => {
                        let found = operation(tx, id).await?;
                        Ok(found.map_or(Started::Deleted(id), |one| {
                            Started::Operation(Box::new(one))
                        }))
                    }
                }
            })
        })
        .await
    }
}

async fn count(
    connection: &mut PgConnection,
    selection: &ArticleSelection,
    engine: &EngineId,
) -> Result<i64, StoreError> {
    let total = sqlx::query_scalar(COUNT)
        .bind(&selection.publishers)
        .bind(&selection.language_codes)
        .bind(selection.start_time)
        .bind(selection.end_time)
        .bind(selection.state.map(|state| state.to_string()))
        .bind(selection.outdated_only)
        .bind(&engine.name)
        .bind(&engine.version)
        .fetch_one(connection)
        .await?;
    Ok(total)
}

async fn start_one(tx: &mut PgConnection, start: &StartOperation) -> Result<Started, StoreError> {
    sqlx::query(NO_TIMEOUT).execute(&mut *tx).await?;
    let total = count(tx, &start.selection, &start.engine).await?;
    let row: OperationRow = sqlx::query_as(INSERT)
        .bind(Uuid::now_v7())
        .bind(Json(&start.selection))
        .bind(&start.engine.name)
        .bind(&start.engine.version)
        .bind(&start.requested_by)
        .bind(&start.caller)
        .bind(total)
        .fetch_one(&mut *tx)
        .await?;
    let operation = Operation::try_from(row)?;
    let entry = Entry {
        action: "REEXTRACT_ARTICLES",
        caller: &operation.caller,
        requested_by: &operation.requested_by,
        before: None,
        after: Some(OperationState::Running),
    };
    audit(tx, &operation, entry).await?;
    Ok(Started::Operation(Box::new(operation)))
}
