use tonic::metadata::MetadataMap;

use crate::proto::{PRIMARY, READ_FROM};
use crate::service::{Database, ServiceError};
use crate::store::Store;

/// The store that a read-only call uses: the replica, unless the caller requests the primary.
///
/// # Errors
/// [`ServiceError::NoDatabase`].
pub fn read_from<'a>(
    database: &'a Database,
    metadata: &MetadataMap,
) -> Result<&'a Store, ServiceError> {
    let wants_primary = metadata
        .get(READ_FROM)
        .is_some_and(|value| value == PRIMARY);
    if wants_primary {
        database.primary()
    } else {
        database.replica()
    }
}
