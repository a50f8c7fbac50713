use std::sync::{Mutex, PoisonError};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;

pub use metrics_exporter_prometheus::BuildError;

/// The upper bounds of all histograms, in seconds: what is measured takes from below a millisecond to a minute, the
/// default time limit of a call.
const BUCKETS: [f64; 15] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];

/// All metrics with what they mean.
const COUNTERS: [(&str, &str); 6] = [
    (
        "onrecord_rpc_calls_total",
        "Finished calls, by method and gRPC code.",
    ),
    (
        "onrecord_extraction_words_total",
        "Words of the documents that were read, by engine.",
    ),
    (
        "onrecord_transactions_total",
        "Finished transactions, by name and outcome.",
    ),
    (
        "onrecord_transaction_retries_total",
        "Repetitions of transactions that conflicted with others, by name.",
    ),
    (
        "onrecord_operation_articles_total",
        "Articles that operations read again, by outcome: done or failed.",
    ),
    (
        "onrecord_panics_total",
        "Panics in the program, whether or not a caller was told of them.",
    ),
];
const GAUGES: [(&str, &str); 12] = [
    ("onrecord_rpc_in_flight", "Calls in flight, by method."),
    (
        "onrecord_serving",
        "1 while a service reports SERVING, 0 otherwise.",
    ),
    (
        "onrecord_extraction_queue_length",
        "Documents that wait for a thread.",
    ),
    (
        "onrecord_database_connections",
        "Open connections of a pool, by state: in_use or idle.",
    ),
    (
        "onrecord_database_connections_max",
        "Most connections that a pool may open.",
    ),
    (
        "onrecord_propositions_waiting_claims",
        "Claims that wait to be assigned to a proposition; counted up to 100000.",
    ),
    (
        "onrecord_event_log_lag_seconds",
        "Age of the oldest claim event that watchers cannot be told of yet.",
    ),
    (
        "onrecord_replica_up",
        "1 while read-only calls go to the replica, 0 while they go to the primary.",
    ),
    (
        "onrecord_replica_lag_bytes",
        "Write-ahead log that the replica has not replayed yet.",
    ),
    ("onrecord_build_info", "1, with the program's version."),
    ("onrecord_model_info", "1, with the version of each engine."),
    (
        "onrecord_rpc_in_flight_max",
        "Most calls that may be in flight.",
    ),
];
const HISTOGRAMS: [(&str, &str); 5] = [
    (
        "onrecord_rpc_duration_seconds",
        "Duration of calls, by method and gRPC code; of streams, until their end.",
    ),
    (
        "onrecord_extraction_duration_seconds",
        "Time to read a document, by engine, without waiting for a thread.",
    ),
    (
        "onrecord_extraction_queue_seconds",
        "Time that documents waited for a thread.",
    ),
    (
        "onrecord_database_acquire_seconds",
        "Time that callers waited for a connection to the database.",
    ),
    (
        "onrecord_transaction_duration_seconds",
        "Duration of transactions, repetitions included, by name.",
    ),
];

/// Collects the program's metrics. Clones are the same.
#[derive(Debug, Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    process: Collector,
}

static INSTALLED: Mutex<Option<Metrics>> = Mutex::new(None);

impl Metrics {
    /// Starts collecting; a program does so at most once, and a second call returns the first's.
    ///
    /// # Errors
    /// If something else collects metrics already.
    pub fn install() -> Result<Self, BuildError> {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = &*installed {
            return Ok(metrics.clone());
        }
        let handle = PrometheusBuilder::new()
            .set_buckets(&BUCKETS)?
            .install_recorder()?;
        describe();
        let process = Collector::default();
        process.describe();
        let metrics = Self { handle, process };
        *installed = Some(metrics.clone());
        Ok(metrics)
    }

    /// All metrics in the Prometheus text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.process.collect();
        self.handle.render()
    }

    /// Tidies up what was collected; without it memory would grow while nobody asks.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }
}

/// Describes all metrics. Those without labels start at once, at zero, so that a first increase can be seen.
fn describe() {
    for (name, help) in COUNTERS {
        metrics::describe_counter!(name, help);
    }
    for (name, help) in GAUGES {
        metrics::describe_gauge!(name, help);
    }
    for (name, help) in HISTOGRAMS {
        metrics::describe_histogram!(name, metrics::Unit::Seconds, help);
    }
    metrics::counter!("onrecord_panics_total").absolute(0);
    metrics::gauge!("onrecord_extraction_queue_length").set(0);
    metrics::gauge!("onrecord_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1);
}
