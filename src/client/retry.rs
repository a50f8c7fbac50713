//! Which failed calls are worth another attempt.

use std::error::Error as _;
use std::time::Duration;

use tokio::time::Instant;
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Returns whether the same call may succeed later.
pub(super) fn is_worth_a_retry(status: &Status) -> bool {
    let reason = status.get_details_error_info().map(|info| info.reason);
    status.code() == Code::Unavailable || reason.as_deref() == Some("WRITE_CONFLICT")
}

/// How long an overloaded server asks to wait before the next attempt.
pub(super) fn retry_delay(status: &Status) -> Option<Duration> {
    status.get_details_retry_info()?.retry_delay
}

/// Returns whether no server responded: the connection was lost, as when it restarts. A status from a server has no
/// source.
pub(super) fn is_lost(status: &Status) -> bool {
    let is_vague = matches!(
        status.code(),
        Code::Unknown | Code::Internal | Code::Cancelled
    );
    is_vague && status.source().is_some()
}

/// Returns whether `end` has come or nearly so: timers have millisecond resolution.
pub(super) fn is_near(end: Instant) -> bool {
    Instant::now() + Duration::from_millis(50) >= end
}
