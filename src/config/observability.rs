use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use super::values::{address, seconds, unit_interval};

/// What the server tells of itself besides its log.
#[derive(Debug, Clone, Args)]
pub struct Observability {
    /// Address and port for operators, over plain HTTP without authentication: metrics, health, and the log's filter.
    /// Bind it where only operators and their tools can reach it [default: none]
    #[arg(
        long,
        env = "ONRECORD_MANAGEMENT_LISTEN",
        value_name = "ADDR",
        value_parser = address
    )]
    pub management_listen: Option<SocketAddr>,

    /// Calls that take longer are logged at level info, in seconds; the others at level debug
    #[arg(long, env = "ONRECORD_SLOW_CALL", default_value = "1", value_name = "SECONDS",
          value_parser = seconds)]
    pub slow_call: Duration,

    /// OpenTelemetry collector that traces are sent to, over OTLP/gRPC, such as http://localhost:4317
    /// [default: $OTEL_EXPORTER_OTLP_ENDPOINT, else none]
    #[arg(long, env = "ONRECORD_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// Share of calls that are traced, from 0 to 1. A caller that sends a traceparent decides for itself
    #[arg(
        long,
        env = "ONRECORD_TRACE_RATIO",
        default_value = "1",
        value_name = "P",
        value_parser = unit_interval
    )]
    pub trace_ratio: f32,
}

impl Observability {
    /// Where traces are sent to, if anywhere.
    #[must_use]
    pub fn collector(&self) -> Option<String> {
        let standard = || std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").ok();
        // An empty variable, as left by compose files, means none.
        let endpoint = self.otlp_endpoint.clone().or_else(standard)?;
        (!endpoint.is_empty()).then_some(endpoint)
    }

    /// The share of calls that are traced: none where traces are not sent anywhere.
    #[must_use]
    pub fn share_of_traces(&self) -> f32 {
        self.collector().map_or(0.0, |_| self.trace_ratio)
    }
}
