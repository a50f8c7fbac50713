use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::service::ServiceError;
use crate::store::{Snapshot, Store};

/// How many exports run at a time: each takes a connection to the database and holds an old state of it.
const AT_ONCE: usize = 4;

/// Begins exports, so many at a time.
#[derive(Debug)]
pub struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// A running export: what it reads from, and its permit to run.
#[derive(Debug)]
pub struct Export {
    /// One state of the database.
    pub snapshot: Snapshot,
    _permit: OwnedSemaphorePermit,
}

impl Exports {
    /// Begins an export; it runs until it is dropped.
    ///
    /// # Errors
    /// [`ServiceError::TooManyExports`], [`ServiceError::Store`].
    #[tracing::instrument(skip_all)]
    pub async fn begin(&self, store: &Store) -> Result<Export, ServiceError> {
        let permit = Arc::clone(&self.0).try_acquire_owned();
        let permit = permit.map_err(|_| ServiceError::TooManyExports)?;
        Ok(Export {
            snapshot: store.snapshot().await?,
            _permit: permit,
        })
    }
}
