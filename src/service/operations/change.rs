use crate::domain::OperationId;
use crate::service::ServiceError;
use crate::service::own_task::in_own_task;
use crate::store::{OperationChange, OperationChanged, Store};

/// Cancels an operation. One that is done stays as it is.
///
/// # Errors
/// [`ServiceError::OperationNotFound`], [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all, fields(operation = %change.id))]
pub async fn cancel_operation(store: &Store, change: OperationChange) -> Result<(), ServiceError> {
    let id = change.id;
    let write = |store: Store| async move { store.cancel_operation(&change).await };
    told(id, in_own_task(store, write).await?)
}

/// Deletes an operation that is done.
///
/// # Errors
/// [`ServiceError::OperationNotFound`], [`ServiceError::OperationRunning`], [`ServiceError::Store`],
/// [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all, fields(operation = %change.id))]
pub async fn delete_operation(store: &Store, change: OperationChange) -> Result<(), ServiceError> {
    let id = change.id;
    let write = |store: Store| async move { store.delete_operation(&change).await };
    told(id, in_own_task(store, write).await?)
}

fn told(id: OperationId, changed: OperationChanged) -> Result<(), ServiceError> {
    match changed {
        OperationChanged::Done => Ok(()),
        OperationChanged::NotFound => Err(ServiceError::OperationNotFound(id)),
        OperationChanged::Running => Err(ServiceError::OperationRunning(id)),
    }
}
