use tracing::Instrument;

use super::ServiceError;
use crate::store::{Store, StoreError};

/// Runs a write in its own task, so that a caller that goes away does not leave a connection in mid-transaction.
pub(super) async fn in_own_task<T, F>(
    store: &Store,
    write: impl FnOnce(Store) -> F,
) -> Result<T, ServiceError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send + 'static,
{
    let written = tokio::spawn(write(store.clone()).in_current_span()).await;
    let written = written.map_err(|failure| {
        tracing::error!(%failure, "a write failed");
        ServiceError::Lost("a write was lost")
    })?;
    Ok(written?)
}
