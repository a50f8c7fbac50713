use std::collections::{BTreeMap, BTreeSet};

use http::uri::PathAndQuery;
use onrecord::proto::{GetClaimRequest, ListClaimsRequest, ReextractArticlesRequest};
use tonic::client::Grpc;
use tonic::transport::Endpoint;
use tonic_prost::ProstCodec;

use super::http::get;
use super::{Observed, TEXT};

/// A name and its labels.
pub type Series = (String, BTreeMap<String, String>);

/// What `/metrics` says, read from the text format.
pub fn read(text: &str) -> BTreeMap<Series, f64> {
    let samples = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    samples.map(sample).collect()
}

fn sample(line: &str) -> (Series, f64) {
    let (series, value) = line.rsplit_once(' ').expect("a value");
    let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
    let labels = labels.strip_suffix('}').expect("a brace");
    // No label of ours holds a comma or a quotation mark.
    let labels = labels.split_terminator(',').map(|label| {
        let (name, value) = label.split_once('=').expect("a label");
        (name.to_owned(), value.trim_matches('"').to_owned())
    });
    let series = (name.to_owned(), labels.collect());
    (series, value.parse().expect("a number"))
}

/// The sum over all series of this name that have these labels.
fn sum(metrics: &BTreeMap<Series, f64>, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let fits = |(of, have): &Series| {
        let has = |(label, value): &(&str, &str)| have.get(*label).is_some_and(|v| v == value);
        of == name && labels.iter().all(has)
    };
    let values: Vec<f64> = metrics
        .iter()
        .filter(|(series, _)| fits(series))
        .map(|(_, value)| *value)
        .collect();
    (!values.is_empty()).then(|| values.iter().sum())
}

/// Waits until a metric has this value, since a call ends a moment after its caller has the answer.
pub async fn until(observed: &Observed, name: &str, labels: &[(&str, &str)], value: f64) {
    for _ in 0..3_000 {
        let (_, text) = get(observed.management, "/metrics").await;
        let now = sum(&read(&text), name, labels);
        if now.is_some_and(|now| (now - value).abs() < 1e-9) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{name}{labels:?} is never {value}");
}

async fn call_unknown(observed: &Observed, path: &'static str) {
    let endpoint = Endpoint::from_shared(observed.server.url()).expect("a URL");
    let mut grpc = Grpc::new(endpoint.connect().await.expect("connect"));
    grpc.ready().await.expect("a connection");
    let codec: ProstCodec<GetClaimRequest, GetClaimRequest> = ProstCodec::default();
    let request = tonic::Request::new(GetClaimRequest::default());
    let path = PathAndQuery::from_static(path);
    let refused = grpc.unary(request, path, codec).await;
    refused.expect_err("there is no such method");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_can_be_counted() {
    let observed = Observed::start(&["--propositions", "off"]).await;
    until(&observed, "onrecord_panics_total", &[], 0.0).await;
    until(&observed, "onrecord_propositions_waiting_claims", &[], 0.0).await;
    observed.ingest(TEXT).await;
    for _ in 0..2 {
        let request = ListClaimsRequest::default();
        observed.client.list_claims(request).await.expect("a page");
    }
    for path in ["/onrecord.v1.ClaimService/Guess", "/a.b/C", "/a.b/D"] {
        call_unknown(&observed, path).await;
    }
    let list = ("method", "onrecord.v1.ClaimService/ListClaims");
    for (name, labels, value) in [
        ("onrecord_rpc_calls_total", &[list, ("code", "OK")][..], 2.0),
        ("onrecord_rpc_duration_seconds_count", &[list], 2.0),
        ("onrecord_rpc_in_flight", &[list], 0.0),
        (
            "onrecord_rpc_calls_total",
            &[("method", "unknown"), ("code", "UNIMPLEMENTED")],
            3.0,
        ),
        (
            "onrecord_extraction_words_total",
            &[("engine", "model")],
            11.0,
        ),
        ("onrecord_extraction_duration_seconds_count", &[], 1.0),
        ("onrecord_extraction_queue_seconds_count", &[], 1.0),
        ("onrecord_extraction_queue_length", &[], 0.0),
        (
            "onrecord_transactions_total",
            &[("name", "ingest"), ("outcome", "committed")],
            1.0,
        ),
        (
            "onrecord_transaction_duration_seconds_count",
            &[("name", "ingest")],
            1.0,
        ),
        (
            "onrecord_database_connections_max",
            &[("pool", "reads")],
            8.0,
        ),
        (
            "onrecord_database_connections_max",
            &[("pool", "planned_once")],
            8.0,
        ),
        ("onrecord_database_connections", &[("state", "in_use")], 0.0),
        ("onrecord_serving", &[], 7.0),
        (
            "onrecord_build_info",
            &[("version", env!("CARGO_PKG_VERSION"))],
            1.0,
        ),
        ("onrecord_model_info", &[], 2.0),
        ("onrecord_event_log_lag_seconds", &[], 0.0),
    ] {
        until(&observed, name, labels, value).await;
    }
    let (_, text) = get(observed.management, "/metrics").await;
    let metrics = read(&text);
    // Processor time is counted in whole seconds.
    for (name, least) in [
        ("onrecord_database_acquire_seconds_count", 1.0),
        ("process_cpu_seconds_total", 0.0),
        ("process_resident_memory_bytes", 1e6),
        ("process_open_fds", 3.0),
        ("process_start_time_seconds", 1e9),
    ] {
        assert!(sum(&metrics, name, &[]) >= Some(least), "{name} in {text}");
    }
    let described: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next())
        .collect();
    for (name, _) in metrics
        .keys()
        .filter(|(name, _)| name.starts_with("onrecord_"))
    {
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix));
        assert!(
            described.contains(family.unwrap_or(name)),
            "{name} has no help"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_that_operations_read_are_counted() {
    let observed = Observed::start(&["--propositions", "off"]).await;
    observed.ingest(TEXT).await;
    let request = ReextractArticlesRequest {
        requested_by: "ops@example.org".to_owned(),
        ..Default::default()
    };
    let started = observed.client.reextract_articles(request).await;
    started.expect("started");
    let done = [("outcome", "done")];
    until(&observed, "onrecord_operation_articles_total", &done, 1.0).await;
}
