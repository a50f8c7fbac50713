//! Metrics that only the database can tell.

use std::convert::Infallible;
use std::time::Duration;

use crate::store::{Store, StoreError};

/// How often the database is asked.
const PERIOD: Duration = Duration::from_secs(15);

/// Keeps the metrics up to date. Never returns.
pub async fn follow(store: Store) -> Infallible {
    loop {
        if let Err(error) = measure(&store).await {
            tracing::debug!(%error, "could not measure the database");
        }
        tokio::time::sleep(PERIOD).await;
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a metric is a floating-point number"
)]
async fn measure(store: &Store) -> Result<(), StoreError> {
    let waiting = store.count_unassigned().await?;
    metrics::gauge!("onrecord_propositions_waiting_claims").set(waiting as f64);
    let lag = store.claim_event_lag().await?;
    metrics::gauge!("onrecord_event_log_lag_seconds").set(lag.as_secs_f64());
    if let Some(bytes) = store.replica_lag().await? {
        metrics::gauge!("onrecord_replica_lag_bytes").set(bytes as f64);
    }
    Ok(())
}
