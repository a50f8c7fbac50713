use tonic::Status;

use super::status::{Reason, error};
use crate::store::Store;

/// The store, where the service has one: without a database it serves extraction alone.
#[derive(Debug, Clone)]
pub struct Archive(Option<Store>);

impl Archive {
    /// An archive on `store`, or one that is always unavailable.
    #[must_use]
    pub const fn new(store: Option<Store>) -> Self {
        Self(store)
    }

    /// The store.
    ///
    /// # Errors
    /// `UNAVAILABLE` where the service runs without a database.
    pub fn store(&self) -> Result<&Store, Status> {
        self.0.as_ref().ok_or_else(|| {
            error(
                Reason::DatabaseUnavailable,
                "this server runs without a database: it only extracts",
            )
        })
    }
}
