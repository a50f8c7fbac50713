//! The end of responses that nobody reads, and of a server that waits for its last calls.

use std::convert::Infallible;
use std::time::Duration;

use super::admission::Admission;
use super::limit_options::LimitOptions;
use super::response_body::Responses;

/// How often unread responses are looked for.
const SWEEP: Duration = Duration::from_secs(1);
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
pub(super) async fn sweep(
    responses: Responses,
    admission: Admission,
    limits: LimitOptions,
) -> Infallible {
    loop {
        tokio::time::sleep(SWEEP).await;
        let calls = responses.give_up_unread(limits.response_idle_timeout);
        if calls > 0 {
            tracing::info!(calls, "gave up responses that were not read");
        }
        admission.forget_idle_callers();
    }
}
