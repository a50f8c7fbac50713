use super::ServiceError;
use crate::store::Store;

/// The database, where the service has one: without it the service only extracts.
#[derive(Debug, Clone)]
pub struct Database(Option<Store>);

impl Database {
    /// The database behind `store`, or one that is always unavailable.
    #[must_use]
    pub const fn new(store: Option<Store>) -> Self {
        Self(store)
    }

    /// The primary: for calls that write, and for reads that must see what was just written.
    ///
    /// # Errors
    /// [`ServiceError::NoDatabase`].
    pub fn primary(&self) -> Result<&Store, ServiceError> {
        self.0.as_ref().ok_or(ServiceError::NoDatabase)
    }

    /// The replica, where there is one that keeps up; else the primary.
    ///
    /// # Errors
    /// [`ServiceError::NoDatabase`].
    pub fn replica(&self) -> Result<&Store, ServiceError> {
        self.primary().map(Store::for_reading)
    }
}
