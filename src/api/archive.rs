use tonic::Status;
use tonic::metadata::MetadataMap;

use super::status::{Reason, error};
use crate::proto::{PRIMARY, READ_FROM};
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

    /// The archive that a call which only reads is answered from.
    #[must_use]
    pub fn for_reading(&self, metadata: &MetadataMap) -> Self {
        let from_primary = metadata
            .get(READ_FROM)
            .is_some_and(|value| value == PRIMARY);
        match &self.0 {
            Some(store) if !from_primary => Self(Some(store.for_reading().clone())),
            store => Self(store.clone()),
        }
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
