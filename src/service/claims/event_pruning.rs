use std::convert::Infallible;
use std::time::Duration;

use crate::store::Store;

/// How often the log is pruned. Whether one server does it or many at once makes no difference.
const PERIOD: Duration = Duration::from_mins(5);

/// Keeps the log of what happened to claims from growing for ever. Never ends.
pub async fn prune(store: Store, retention: Duration) -> Infallible {
    loop {
        if let Err(error) = store.prune_claim_events(retention).await {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(%error, cause, "the log of claims was not pruned");
        }
        tokio::time::sleep(PERIOD.mul_f64(0.5 + fastrand::f64())).await;
    }
}
