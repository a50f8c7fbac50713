//! Cancelling and deleting operations.

use sqlx::PgConnection;

use super::audit::{Entry, audit};
use super::get::{OperationRow, operation_columns};
use crate::domain::{Operation, OperationId, OperationState};
use crate::store::db::{Store, StoreError};

const LOCK: &str = concat!(
    "SELECT ",
    operation_columns!(),
    " FROM operations o WHERE o.id = $1 FOR UPDATE"
);

const CANCEL: &str = "UPDATE operations \
     SET state = 'CANCELLED', end_time = clock_timestamp(), update_time = clock_timestamp() WHERE id = $1";

const DELETE: &str = "DELETE FROM operations WHERE id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("operations::change::LOCK", LOCK),
    ("operations::change::CANCEL", CANCEL),
    ("operations::change::DELETE", DELETE),
];

/// A request to change an operation.
#[derive(Debug, Clone)]
pub struct OperationChange {
    /// The operation.
    pub id: OperationId,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
}

/// The outcome of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationChanged {
    /// It is as was asked for, now or already before.
    Done,
    /// The operation does not exist.
    NotFound,
    /// The operation goes on. Nothing was written.
    Running,
}

impl Store {
    /// Cancels an operation. One that is done stays as it is.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn cancel_operation(
        &self,
        change: &OperationChange,
    ) -> Result<OperationChanged, StoreError> {
        self.run_tx("cancel_operation", change, |tx, change| {
            Box::pin(cancel(tx, change))
        })
        .await
    }

    /// Deletes an operation, unless it goes on.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn delete_operation(
        &self,
        change: &OperationChange,
    ) -> Result<OperationChanged, StoreError> {
        self.run_tx("delete_operation", change, |tx, change| {
            Box::pin(delete(tx, change))
        })
        .await
    }
}

async fn lock(tx: &mut PgConnection, id: OperationId) -> Result<Option<Operation>, StoreError> {
    let row: Option<OperationRow> = sqlx::query_as(LOCK).bind(id.0).fetch_optional(tx).await?;
    row.map(Operation::try_from).transpose()
}

async fn cancel(
    tx: &mut PgConnection,
    change: &OperationChange,
) -> Result<OperationChanged, StoreError> {
    let Some(operation) = lock(tx, change.id).await? else {
        return Ok(OperationChanged::NotFound);
    };
    if operation.state != OperationState::Running {
        return Ok(OperationChanged::Done);
    }
    sqlx::query(CANCEL)
        .bind(change.id.0)
        .execute(&mut *tx)
        .await?;
    let after = Some(OperationState::Cancelled);
    note(tx, change, "CANCEL_OPERATION", &operation, after).await?;
    Ok(OperationChanged::Done)
}

async fn delete(
    tx: &mut PgConnection,
    change: &OperationChange,
) -> Result<OperationChanged, StoreError> {
    let Some(operation) = lock(tx, change.id).await? else {
        return Ok(OperationChanged::NotFound);
    };
    if operation.state == OperationState::Running {
        return Ok(OperationChanged::Running);
    }
    sqlx::query(DELETE)
        .bind(change.id.0)
        .execute(&mut *tx)
        .await?;
    note(tx, change, "DELETE_OPERATION", &operation, None).await?;
    Ok(OperationChanged::Done)
}

async fn note(
    tx: &mut PgConnection,
    change: &OperationChange,
    action: &'static str,
    operation: &Operation,
    after: Option<OperationState>,
) -> Result<(), StoreError> {
    let entry = Entry {
        action,
        caller: &change.caller,
        requested_by: "",
        before: Some(operation.state),
        after,
    };
    audit(tx, operation, entry).await
}
