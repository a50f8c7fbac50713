use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry::{Context, global};
use opentelemetry_otlp::tonic_types::transport::ClientTlsConfig;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::DynFilterFn;
use tracing_subscriber::layer::{self, Filter};
use tracing_subscriber::registry::LookupSpan;

use super::statements::{StatementSpans, is_sampled};

/// How long the collector may take for one batch of spans.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the last spans may take to be sent when the program ends.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(3);
/// Names the program among those that send to a collector, unless `OTEL_SERVICE_NAME` does.
const SERVICE: &str = "onrecord";

/// The target of the spans of calls that are traced.
pub const TRACED_CALLS: &str = "onrecord::traced_calls";

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
    /// an authority that the system trusts. Exported are spans with the target [`TRACED_CALLS`], and those within them. Has
    /// to be called in a Tokio runtime.
    ///
    /// # Errors
    /// If the endpoint is invalid. A collector that is away is no error.
    pub fn start(endpoint: &str) -> Result<Self, TracesError> {
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
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::AlwaysOn)
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

    /// The layer that exports our own spans.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SERVICE))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(traced_calls())
    }

    /// The layer that makes a span of every statement.
    pub(super) fn statements<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        StatementSpans::layer(self.provider.tracer(SERVICE))
    }
}

/// Lets through the spans of calls that are traced, our own spans within them, down to those of transactions, and the
/// lines logged in them. Within other calls no spans are made for export.
fn traced_calls<S: Subscriber>() -> impl Filter<S> {
    let filter = DynFilterFn::new(|metadata, _: &layer::Context<'_, S>| {
        metadata.target() == TRACED_CALLS
            || (is_exported(metadata) && Context::map_current(is_sampled))
    });
    filter
        .with_callsite_filter(|metadata| {
            if metadata.target() == TRACED_CALLS {
                Interest::always()
            } else if is_exported(metadata) {
                Interest::sometimes()
            } else {
                Interest::never()
            }
        })
        .with_max_level_hint(LevelFilter::DEBUG)
}

/// Whether what happens in a traced call is exported. Spans of libraries would include the exporter's.
fn is_exported(metadata: &Metadata<'_>) -> bool {
    let least = if metadata.is_span() {
        Level::DEBUG
    } else {
        Level::INFO
    };
    let is_ours = metadata.target().split("::").next() == Some(SERVICE);
    is_ours && *metadata.level() <= least
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
