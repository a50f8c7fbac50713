//! The port for operators: metrics, health, and the log's filter, over plain HTTP.
//!
//! It knows neither encryption nor callers: whoever reaches it may read all metrics and change what is logged. It is
//! off unless an address is given, and belongs where only operators and their tools reach it, as a pod's own address.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use super::readiness::Readiness;
use crate::store::Store;
use crate::telemetry::{LogControl, Metrics};

/// The text format of Prometheus.
const TEXT: (header::HeaderName, &str) = (
    header::CONTENT_TYPE,
    "text/plain; version=0.0.4; charset=utf-8",
);
const JSON: (header::HeaderName, &str) = (header::CONTENT_TYPE, "application/json");

/// The port, bound but not yet served.
#[derive(Debug)]
pub(super) struct ManagementPort {
    listener: TcpListener,
    pub metrics: Metrics,
}

/// What the port tells of and changes.
#[derive(Debug, Clone)]
pub(super) struct Management {
    pub metrics: Metrics,
    pub readiness: Readiness,
    pub log: Option<LogControl>,
    pub store: Option<Store>,
}

impl ManagementPort {
    /// Binds the port.
    pub(super) async fn bind(address: SocketAddr, metrics: Metrics) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { listener, metrics })
    }

    /// The address, with the actual port.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Serves for as long as it is polled.
    pub(super) async fn serve(self, management: Management) {
        let router = Router::new()
            .route("/metrics", get(metrics))
            .route("/livez", get(async || "ok\n"))
            .route("/readyz", get(readiness))
            .route("/log", get(log_filter).put(set_log_filter))
            .with_state(management);
        if let Err(error) = axum::serve(self.listener, router).await {
            tracing::error!(%error, "the management port failed");
        }
    }
}

async fn metrics(State(management): State<Management>) -> impl IntoResponse {
    if let Some(store) = &management.store {
        store.count_connections();
    }
    ([TEXT], management.metrics.render())
}

/// Answers from what the last probe found: a probe of its own would be one more load on a database in trouble.
async fn readiness(State(management): State<Management>) -> impl IntoResponse {
    let (ready, services) = management.readiness.report();
    let code = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = serde_json::json!({ "ready": ready, "services": services });
    (code, [JSON], format!("{body}\n"))
}

async fn log_filter(State(management): State<Management>) -> Result<String, (StatusCode, String)> {
    let filter = management.log.as_ref().map(LogControl::filter);
    match filter {
        Some(Ok(filter)) => Ok(format!("{filter}\n")),
        Some(Err(error)) => Err((StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n"))),
        None => Err(no_log()),
    }
}

async fn set_log_filter(
    State(management): State<Management>,
    filter: String,
) -> Result<String, (StatusCode, String)> {
    let log = management.log.as_ref().ok_or_else(no_log)?;
    log.set_filter(filter.trim())
        .map_err(|error| (StatusCode::BAD_REQUEST, format!("{error}\n")))?;
    tracing::info!(filter = filter.trim(), "the log's filter was changed");
    log_filter(State(management)).await
}

fn no_log() -> (StatusCode, String) {
    let message = "this server's log cannot be changed\n".to_owned();
    (StatusCode::NOT_FOUND, message)
}
