//! Looking fact checks up, and deleting them.

use crate::domain::{ClaimId, FactCheck, FactCheckId};
use crate::service::ServiceError;
use crate::service::own_task::in_own_task;
use crate::store::{FactCheckCursor, Page, Store, WriteRequest};

/// Returns a fact check.
///
/// # Errors
/// [`ServiceError::FactCheckNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(fact_check = %id))]
pub async fn fact_check(store: &Store, id: FactCheckId) -> Result<FactCheck, ServiceError> {
    let found = store.fact_check(id).await?;
    found.ok_or(ServiceError::FactCheckNotFound(id))
}

/// Lists fact checks, newest first: all, or those of these claims.
///
/// # Errors
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn list_fact_checks(
    store: &Store,
    claims: Option<&[ClaimId]>,
    after: Option<FactCheckCursor>,
    size: usize,
) -> Result<Page<FactCheck, FactCheckCursor>, ServiceError> {
    Ok(store.list_fact_checks(claims, after, size).await?)
}

/// Deletes a fact check.
///
/// # Errors
/// [`ServiceError::FactCheckNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(fact_check = %id))]
pub async fn delete_fact_check(
    store: &Store,
    id: FactCheckId,
    request: Option<WriteRequest>,
) -> Result<(), ServiceError> {
    let deleted = in_own_task(store, |store| async move {
        store.delete_fact_check(id, request.as_ref()).await
    });
    if deleted.await? {
        Ok(())
    } else {
        Err(ServiceError::FactCheckNotFound(id))
    }
}
