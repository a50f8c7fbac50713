use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::service::ServiceError;
use crate::store::{Snapshot, Store};

/// Maximum number of concurrent exports: each holds a database connection and an old snapshot.
const AT_ONCE: usize = 4;

/// Starts exports, up to a limit.
#[derive(Debug)]
pub struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// A running export: its snapshot and its permit.
#[derive(Debug)]
pub struct Export {
    /// A consistent snapshot of the database.
    pub snapshot: Snapshot,
    store: Store,
    _permit: OwnedSemaphorePermit,
}

impl Export {
    /// Resolves once the snapshot's connection was found to be cut off: then no answer comes any more.
    pub fn cut_off(&self) -> impl Future<Output = ServiceError> + Send + use<> {
        let cut_off = self.store.cut_off();
        async { cut_off.await.into() }
    }
}

impl Exports {
    /// Starts an export, which runs until it is dropped.
    ///
    /// # Errors
    /// [`ServiceError::TooManyExports`], [`ServiceError::Store`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn begin(&self, store: &Store) -> Result<Export, ServiceError> {
        let permit = Arc::clone(&self.0).try_acquire_owned();
        let permit = permit.map_err(|_| ServiceError::TooManyExports)?;
        Ok(Export {
            snapshot: store.snapshot().await?,
            store: store.clone(),
            _permit: permit,
        })
    }
}
