//! Which errors a caller may get while things go wrong.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

use onrecord::proto::ErrorReason;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::harness::Fault;

/// What the schema says to retry, and what others did to the same claims and actors.
const ALLOWED: [ErrorReason; 11] = [
    ErrorReason::DatabaseUnavailable,
    ErrorReason::DeadlineExceeded,
    ErrorReason::Overloaded,
    ErrorReason::WriteConflict,
    ErrorReason::ServerStopping,
    ErrorReason::StreamExpired,
    ErrorReason::ClaimNotFound,
    ErrorReason::ActorNotFound,
    ErrorReason::ActorMerged,
    ErrorReason::ActorNotMerged,
    ErrorReason::PropositionNotFound,
];

/// Says what is wrong with an error, if anything is. `lost` is whether the connection to the server may break.
pub fn wrong(status: &Status, lost: bool) -> Option<String> {
    if status.get_details_error_info().is_none() {
        let by_client = match status.code() {
            // The client's own deadline passed.
            Code::DeadlineExceeded => true,
            Code::Unavailable => lost,
            // A status from a server has no source.
            _ => lost && status.source().is_some(),
        };
        return (!by_client).then(|| format!("{status:?}"));
    }
    // It also holds the error to what the schema says of its reason.
    let fault = catch_unwind(AssertUnwindSafe(|| Fault::of(status)));
    let allowed = fault.is_ok_and(|fault| ALLOWED.contains(&fault.reason));
    (!allowed).then(|| format!("{status:?}"))
}
