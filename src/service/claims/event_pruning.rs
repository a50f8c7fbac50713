use std::convert::Infallible;
use std::time::Duration;

use crate::store::Store;

/// How often the event log is pruned. One server at a time does it.
const PERIOD: Duration = Duration::from_mins(5);

/// Prunes old events so that the log does not grow without bound. Never returns.
pub async fn prune(store: Store, retention: Duration) -> Infallible {
    loop {
        if let Err(error) = store.prune_claim_events(retention).await {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(%error, cause, "could not prune the event log");
        }
        tokio::time::sleep(PERIOD.mul_f64(0.5 + fastrand::f64())).await;
    }
}
