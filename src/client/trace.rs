use opentelemetry::global;
use opentelemetry::propagation::Injector;
use tonic::metadata::{MetadataKey, MetadataMap};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Adds the trace that the current span belongs to, as `traceparent`, so that the server continues it. Does nothing
/// unless the program has set a propagator and exports its spans.
pub(super) fn continue_in(metadata: &mut MetadataMap) {
    let context = Span::current().context();
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut Metadata(metadata));
    });
}

struct Metadata<'m>(&'m mut MetadataMap);

impl Injector for Metadata<'_> {
    fn set(&mut self, key: &str, value: String) {
        let key = MetadataKey::from_bytes(key.as_bytes());
        if let (Ok(key), Ok(value)) = (key, value.parse()) {
            self.0.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::global;
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tonic::metadata::MetadataMap;
    use tracing_subscriber::layer::SubscriberExt;

    use super::continue_in;

    #[test]
    fn a_span_that_is_exported_is_the_servers_parent() {
        let mut metadata = MetadataMap::new();
        continue_in(&mut metadata);
        assert!(metadata.get("traceparent").is_none());

        global::set_text_map_propagator(TraceContextPropagator::new());
        let provider = SdkTracerProvider::builder().build();
        let exports = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(exports);
        tracing::subscriber::with_default(subscriber, || {
            tracing::info_span!("work").in_scope(|| continue_in(&mut metadata));
        });
        let parent = metadata.get("traceparent").unwrap().to_str().unwrap();
        assert!(
            parent.starts_with("00-") && parent.ends_with("-01"),
            "{parent}"
        );
    }
}
