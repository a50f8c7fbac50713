use super::ServiceError;
use crate::store::Store;

/// The database, if the service has one; without it the service only extracts.
#[derive(Debug, Clone)]
pub struct Database(Option<Store>);

impl Database {
    /// Wraps `store`; without one, the database is always unavailable.
    #[must_use]
    pub const fn new(store: Option<Store>) -> Self {
        Self(store)
    }

    /// The primary: for writes, and for reads that must see the latest writes.
    ///
    /// # Errors
    /// [`ServiceError::NoDatabase`].
    pub fn primary(&self) -> Result<&Store, ServiceError> {
        self.0.as_ref().ok_or(ServiceError::NoDatabase)
    }

    /// The replica, if there is one and it is serving; otherwise the primary.
    ///
    /// # Errors
    /// [`ServiceError::NoDatabase`].
    pub fn replica(&self) -> Result<&Store, ServiceError> {
        self.primary().map(Store::for_reading)
    }
}
