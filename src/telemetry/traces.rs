use std::time::Duration;

use opentelemetry::global;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::tonic_types::transport::ClientTlsConfig;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use super::statements::StatementSpans;

/// How long the collector may take for one batch of spans.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the last spans may take to be sent when the program ends.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(3);
/// Names the program among those that send to a collector, unless `OTEL_SERVICE_NAME` does.
const SERVICE: &str = "onrecord";

/// Exports spans to an OpenTelemetry collector, over OTLP/gRPC, in the background. Where the collector is slow or
/// away, spans are dropped; calls never wait.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

/// Why traces cannot be exported.
#[derive(Debug, thiserror::Error)]
#[error("cannot export traces to {endpoint}")]
pub struct TracesError {
    endpoint: String,
    source: ExporterBuildError,
}

impl Traces {
    /// Starts exporting to `endpoint`, over TLS if it begins with `https://`: the collector's certificate then has to be of
    /// an authority that the system trusts. A call whose caller traces it is traced if the caller says so; of the others,
    /// the share `ratio`. Has to be called in a Tokio runtime.
    ///
    /// # Errors
    /// If the endpoint is invalid. A collector that is away is no error.
    pub fn start(endpoint: &str, ratio: f64) -> Result<Self, TracesError> {
        let mut exporter = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(EXPORT_TIMEOUT);
        if endpoint.starts_with("https://") {
            let tls = ClientTlsConfig::new().with_native_roots();
            exporter = exporter.with_tls_config(tls);
        }
        let exporter = exporter.build().map_err(|source| TracesError {
            endpoint: endpoint.to_owned(),
            source,
        })?;
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio)));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(sampler)
            .with_resource(resource())
            .build();
        global::set_text_map_propagator(TraceContextPropagator::new());
        Ok(Self { provider })
    }

    /// Sends the last spans, for a few seconds at most, and ends the export.
    pub fn stop(self) {
        if let Err(error) = self.provider.shutdown_with_timeout(FLUSH_TIMEOUT) {
            tracing::warn!(%error, "some traces were not exported");
        }
    }

    /// The layer that exports our own spans. Those of libraries would include the exporter's.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SERVICE))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target(SERVICE, LevelFilter::INFO))
    }

    /// The layer that makes a span of every statement.
    pub(super) fn statements<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        StatementSpans::layer(self.provider.tracer(SERVICE))
    }
}

fn resource() -> Resource {
    let resource = Resource::builder();
    let resource = if std::env::var_os("OTEL_SERVICE_NAME").is_some() {
        resource
    } else {
        resource.with_service_name(SERVICE)
    };
    let version = opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    resource.with_attribute(version).build()
}
