use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinSet;

use super::management::{Management, ManagementPort};
use super::readiness::Readiness;
use crate::service::extraction::describe_engines;
use crate::service::figures;
use crate::store::Store;
use crate::telemetry::{LogControl, Metrics};

/// How often the collected metrics are tidied up.
const TIDY: Duration = Duration::from_secs(5);

/// What a server tells of itself besides its log.
#[derive(Debug, Clone)]
pub struct ObservabilityOptions {
    /// The address for operators: metrics, health, and the log's filter.
    pub management_listen: Option<SocketAddr>,
    /// What changes the log's filter, if there is a log.
    pub log: Option<LogControl>,
    /// Calls that take longer are logged at level info.
    pub slow_call: Duration,
    /// The share of calls that are traced, of those whose callers do not say whether they are.
    pub trace_ratio: f32,
}

impl Default for ObservabilityOptions {
    /// No address for operators; calls are slow after a second, and not traced.
    fn default() -> Self {
        Self {
            management_listen: None,
            log: None,
            slow_call: Duration::from_secs(1),
            trace_ratio: 0.0,
        }
    }
}

/// Starts to serve the port and to keep the metrics up to date, in tasks that never end by themselves.
pub(super) fn start(
    background: &mut JoinSet<Infallible>,
    port: ManagementPort,
    readiness: Readiness,
    log: Option<LogControl>,
    store: Option<Store>,
) {
    if let Some(address) = port.address() {
        tracing::info!(%address, "the management port is open");
    }
    describe_engines();
    background.spawn(tidy(port.metrics.clone()));
    if let Some(store) = store.clone() {
        background.spawn(figures::follow(store));
    }
    let management = Management {
        metrics: port.metrics.clone(),
        readiness,
        log,
        store,
    };
    background.spawn(async {
        port.serve(management).await;
        std::future::pending().await
    });
}

async fn tidy(metrics: Metrics) -> Infallible {
    loop {
        metrics.tidy();
        tokio::time::sleep(TIDY).await;
    }
}
