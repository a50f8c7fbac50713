use std::convert::Infallible;
use std::time::Duration;

use crate::store::{Store, StoreError};

/// How often is pruned. One server at a time prunes the event log.
const PERIOD: Duration = Duration::from_mins(5);

/// How long the ids of requests are kept, as the schema says.
const REQUESTS_KEPT: Duration = Duration::from_hours(30 * 24);

/// Prunes old events and old ids of requests, so that neither grows without bound. Never returns.
pub async fn prune(store: Store, retention: Duration) -> Infallible {
    loop {
        warn_of("the event log", store.prune_claim_events(retention).await);
        warn_of(
            "the ids of requests",
            store.prune_write_requests(REQUESTS_KEPT).await,
        );
        tokio::time::sleep(PERIOD.mul_f64(0.5 + fastrand::f64())).await;
    }
}

fn warn_of(what: &str, pruned: Result<(), StoreError>) {
    if let Err(error) = pruned {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(%error, cause, "could not prune {what}");
    }
}
