//! Starting operations.

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::audit::{Entry, audit};
use super::get::{OperationRow, operation_columns};
use super::selection::selected;
use crate::domain::{ArticleSelection, EngineId, Operation, OperationState};
use crate::store::db::{Store, StoreError};

const COUNT: &str = concat!("SELECT count(*) FROM articles a WHERE ", selected!());

// Counting may take long.
const NO_TIMEOUT: &str = "SET LOCAL statement_timeout = 0";

const KNOWN: &str = concat!(
    "SELECT ",
    operation_columns!(),
    " FROM operations o WHERE o.request_id = $1"
);

// Nothing is returned if the request has started one already.
const INSERT: &str = concat!(
    "INSERT INTO operations AS o (id, kind, selection, engine_name, engine_version, request_id, requested_by, caller, \
                                  total_count) \
     VALUES ($1, 'REEXTRACT_ARTICLES', $2, $3, $4, $5, $6, $7, $8) \
     ON CONFLICT (request_id) DO NOTHING RETURNING ",
    operation_columns!()
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("operations::start::COUNT", COUNT),
    ("operations::start::NO_TIMEOUT", NO_TIMEOUT),
    ("operations::start::KNOWN", KNOWN),
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
    /// What a repeated request is known by.
    pub request_id: Option<String>,
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

    /// Starts an operation, or returns the one that the same request started before.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn start_operation(&self, start: &StartOperation) -> Result<Operation, StoreError> {
        self.run_tx("start_operation", start, |tx, start| {
            Box::pin(start_one(tx, start))
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

async fn known(
    tx: &mut PgConnection,
    request_id: Option<&str>,
) -> Result<Option<Operation>, StoreError> {
    let Some(request_id) = request_id else {
        return Ok(None);
    };
    let row: Option<OperationRow> = sqlx::query_as(KNOWN)
        .bind(request_id)
        .fetch_optional(tx)
        .await?;
    row.map(Operation::try_from).transpose()
}

async fn start_one(tx: &mut PgConnection, start: &StartOperation) -> Result<Operation, StoreError> {
    let request_id = start.request_id.as_deref();
    if let Some(known) = known(tx, request_id).await? {
        return Ok(known);
    }
    sqlx::query(NO_TIMEOUT).execute(&mut *tx).await?;
    let total = count(tx, &start.selection, &start.engine).await?;
    let row: Option<OperationRow> = sqlx::query_as(INSERT)
        .bind(Uuid::now_v7())
        .bind(Json(&start.selection))
        .bind(&start.engine.name)
        .bind(&start.engine.version)
        .bind(request_id)
        .bind(&start.requested_by)
        .bind(&start.caller)
        .bind(total)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else {
        // A call with the same id was first, at the same time. Where that was deleted since, this one is tried again.
        let known = known(tx, request_id).await?;
        return known.ok_or(StoreError::Contention(sqlx::Error::RowNotFound));
    };
    let operation = Operation::try_from(row)?;
    let entry = Entry {
        action: "REEXTRACT_ARTICLES",
        caller: &operation.caller,
        requested_by: &operation.requested_by,
        before: None,
        after: Some(OperationState::Running),
    };
    audit(tx, &operation, entry).await?;
    Ok(operation)
}
