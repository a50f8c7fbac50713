//! Deletions.

use super::time::timestamp;
use crate::domain::Deletion;
use crate::proto;

/// What stays of the resource that had this name.
pub(in crate::api) fn deletion(name: String, deletion: Deletion) -> proto::Deletion {
    proto::Deletion {
        name,
        claim_count: deletion.claim_count,
        requested_by: deletion.requested_by,
        reason: deletion.reason,
        delete_time: Some(timestamp(deletion.time)),
        caller: deletion.caller,
    }
}
