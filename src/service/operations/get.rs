use std::time::{Duration, Instant};

use crate::domain::{Operation, OperationId, OperationState};
use crate::service::ServiceError;
use crate::store::{OperationCursor, Page, Store};

/// How often a waiting call looks.
const POLL: Duration = Duration::from_millis(500);
/// How long before its deadline a waiting call answers.
const LEAD: Duration = Duration::from_millis(250);

/// Returns an operation.
///
/// # Errors
/// [`ServiceError::OperationNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store))]
pub async fn operation(store: &Store, id: OperationId) -> Result<Operation, ServiceError> {
    let found = store.operation(id).await?;
    found.ok_or(ServiceError::OperationNotFound(id))
}

/// Waits until an operation is done, at most for `timeout` and until shortly before `deadline`, and returns it as it is
/// then.
///
/// # Errors
/// [`ServiceError::OperationNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store, timeout, deadline))]
pub async fn wait_for_operation(
    store: &Store,
    id: OperationId,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
) -> Result<Operation, ServiceError> {
    let start = Instant::now();
    let left = deadline.map(|deadline| deadline.saturating_duration_since(start));
    let left = left.map(|left| left.saturating_sub(LEAD));
    let most = [left, timeout].into_iter().flatten().min();
    loop {
        let now = operation(store, id).await?;
        let waited = start.elapsed();
        let left = most.map_or(POLL, |most| most.saturating_sub(waited));
        if now.state != OperationState::Running || left.is_zero() {
            return Ok(now);
        }
        tokio::time::sleep(left.min(POLL)).await;
    }
}

/// Lists operations, newest first: all, or those that are done, or those that are not.
///
/// # Errors
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn list_operations(
    store: &Store,
    done: Option<bool>,
    after: Option<OperationCursor>,
    size: usize,
) -> Result<Page<Operation, OperationCursor>, ServiceError> {
    Ok(store.list_operations(done, after, size).await?)
}
