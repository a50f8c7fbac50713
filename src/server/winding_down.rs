//! The end of responses that nobody reads, of what is known of callers, and of a server that waits for its last calls.

use std::convert::Infallible;
use std::time::Duration;

use super::admission::Admission;
use super::response_body::Responses;

/// How often unread responses are looked for.
const SWEEP: Duration = Duration::from_secs(1);
/// How often idle callers are looked for.
const FORGET: Duration = Duration::from_mins(1);
/// Once no call is in flight: how long connections may take to send what they hold, and to close.
const LAST_BYTES: Duration = Duration::from_millis(500);

/// Waits until no call is in flight, nor comes while the last bytes are sent.
pub(super) async fn done(admission: &Admission) {
    loop {
        admission.idle().await;
        tokio::time::sleep(LAST_BYTES).await;
        if admission.in_flight() == 0 {
            return;
        }
    }
}

/// Gives up responses that nobody reads, for as long as it is polled.
pub(super) async fn sweep(responses: Responses, idle_timeout: Duration) -> Infallible {
    loop {
        tokio::time::sleep(SWEEP).await;
        let calls = responses.give_up_unread(idle_timeout);
        if calls > 0 {
            tracing::info!(calls, "gave up responses that were not read");
        }
    }
}

/// Forgets callers who have not called for a while, for as long as it is polled.
pub(super) async fn forget_idle_callers(admission: Admission) -> Infallible {
    loop {
        tokio::time::sleep(FORGET).await;
        admission.forget_idle_callers();
    }
}
