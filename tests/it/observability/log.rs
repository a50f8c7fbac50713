use nix::sys::signal::Signal;
use onrecord::client::Client;
use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{Document, ExtractClaimsRequest, GetClaimRequest, WatchClaimsRequest};
use tonic::Request;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::metrics::until;
use super::{Observed, TEXT, calls, parse};
use crate::process::{run, wait_for};

const GET: &str = "onrecord.v1.ClaimService/GetClaim";
const WATCH: &str = "onrecord.v1.ClaimService/WatchClaims";
const EXTRACT: &str = "onrecord.v1.ExtractionService/ExtractClaims";
const CHECK: &str = "grpc.health.v1.Health/Check";
const NO_CLAIM: &str = "claims/00000000-0000-7000-8000-000000000000";

async fn channel(observed: &Observed) -> Channel {
    let endpoint = Endpoint::from_shared(observed.server.url()).expect("a URL");
    endpoint.connect().await.expect("connect")
}

fn no_claim() -> GetClaimRequest {
    GetClaimRequest {
        name: NO_CLAIM.to_owned(),
        ..Default::default()
    }
}

async fn extract(client: &Client) {
    let request = ExtractClaimsRequest {
        document: Some(Document {
            text: TEXT.to_owned(),
            ..Document::default()
        }),
        ..Default::default()
    };
    let read = client.extract_claims(request).await.expect("read");
    assert!(!read.claims.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_is_one_line_without_any_text() {
    let observed = Observed::start(&["--log", "info,onrecord::server=debug"]).await;
    extract(&observed.client).await;
    let call = observed.call(EXTRACT, "OK");
    assert_eq!(call["level"], "DEBUG");
    assert_eq!(
        [&call["request_messages"], &call["response_messages"]],
        [1, 1]
    );
    // Five bytes before each message; the request holds the text.
    let bytes = call["request_bytes"].as_u64().expect("a number");
    assert!((TEXT.len() as u64..400).contains(&bytes), "{call}");
    assert!(call["response_bytes"].as_u64() > Some(5), "{call}");
    assert!(call["seconds"].as_f64() > Some(0.0), "{call}");
    let peer = call["peer"].as_str().expect("an address");
    assert!(peer.starts_with("127.0.0.1:"), "{call}");

    let failed = observed.client.get_claim(no_claim()).await;
    failed.expect_err("there is no such claim");
    let call = observed.call(GET, "NOT_FOUND");
    assert_eq!(call["reason"], "CLAIM_NOT_FOUND");

    let mut health = HealthClient::new(channel(&observed).await);
    let all = HealthCheckRequest::default();
    health.check(all).await.expect("a status");
    assert_eq!(observed.call(CHECK, "OK")["level"], "DEBUG");

    assert_eq!(calls(&observed.server).len(), 3);
    let log = observed.server.log();
    for word in ["zeppelin", "hangar", "Quirina", "Blauwvoet"] {
        assert!(!log.contains(word), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_told_of_when_it_ends_also_where_its_caller_vanishes() {
    let observed = Observed::start(&["--log", "info,onrecord::server=debug"]).await;
    let mut claims = ClaimServiceClient::new(channel(&observed).await);
    let request = WatchClaimsRequest::default();
    let watch = claims.watch_claims(request).await.expect("a stream");
    let mut watch = watch.into_inner();
    observed.ingest(TEXT).await;
    watch.message().await.expect("an event").expect("an event");
    assert!(
        calls(&observed.server)
            .iter()
            .all(|call| call["method"] != WATCH)
    );
    drop(watch);
    let call = observed.call(WATCH, "CANCELLED");
    assert!(call["response_messages"].as_u64() >= Some(1), "{call}");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_level_info_only_what_needs_attention_is_told_of() {
    let observed = Observed::start(&["--slow-call", "60"]).await;
    extract(&observed.client).await;
    drop(observed.client.get_claim(no_claim()).await);
    // The metrics have counted the call, so its line would be there.
    let labels = [("method", GET), ("code", "NOT_FOUND")];
    until(&observed, "onrecord_rpc_calls_total", &labels, 1.0).await;
    assert_eq!(calls(&observed.server), [""; 0]);
    drop(observed);

    let observed = Observed::start(&["--slow-call", "0"]).await;
    extract(&observed.client).await;
    assert_eq!(observed.call(EXTRACT, "OK")["level"], "INFO");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_has_the_id_that_its_caller_gave_it() {
    let observed = Observed::start(&["--log", "info,onrecord::server=debug"]).await;
    let mut claims = ClaimServiceClient::new(channel(&observed).await);
    let mut id = async |name: Option<(&'static str, &str)>| {
        let mut request = Request::new(no_claim());
        if let Some((name, value)) = name {
            let value = value.parse().expect("metadata");
            request.metadata_mut().insert(name, value);
        }
        let refused = claims.get_claim(request).await.expect_err("no such claim");
        let id = refused.metadata().get("x-request-id").expect("an id");
        id.to_str().expect("ASCII").to_owned()
    };
    assert_eq!(id(Some(("x-request-id", "desk-7/1"))).await, "desk-7/1");
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    assert_eq!(id(Some(("traceparent", &parent))).await, trace);
    let made = id(None).await;
    assert_eq!(made.len(), 32);
    let long = "x".repeat(129);
    assert_ne!(id(Some(("x-request-id", &long))).await, long);
    let told = wait_for("the calls", || {
        let calls = calls(&observed.server);
        (calls.len() == 4).then_some(calls)
    });
    let ids: Vec<_> = told.iter().map(|call| &call["request_id"]).collect();
    assert_eq!(ids[..3], ["desk-7/1", trace, &made]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_json_every_line_of_a_life_is_json() {
    let mut observed = Observed::start(&["--log", "debug", "--demo"]).await;
    observed.server.wait_for_output("Ctrl-C ends the server");
    extract(&observed.client).await;
    drop(observed.client.get_claim(no_claim()).await);
    let address = observed.server.address.to_string();
    let taken = run(&["serve", "--log-format", "json", "--listen", &address]);
    observed.server.signal(Signal::SIGTERM);
    assert_eq!(observed.server.wait().code(), Some(0));
    let lines = super::lines(&observed.server);
    assert!(lines.len() > 20, "{lines:?}");

    for (ran, code, part) in [
        (taken, 1, "cannot listen"),
        (
            run(&["serve", "--log-format=json", "--listen", "nonsense"]),
            2,
            "--listen",
        ),
        (
            run(&["serve", "--log-format", "json", "--log", "onrecord=loud"]),
            1,
            "--log",
        ),
        (
            run(&["serve", "--log-format", "json", "--max-in-flight", "0"]),
            1,
            "--max-in-flight",
        ),
        (
            run(&[
                "health",
                "--log-format",
                "json",
                "--server",
                "http://127.0.0.1:1",
            ]),
            1,
            "127.0.0.1:1",
        ),
    ] {
        assert_eq!(ran.code, Some(code), "{}", ran.stderr);
        let lines = parse(&ran.stderr);
        let last = lines.last().expect("a line");
        let message = last["message"].as_str().expect("a message");
        assert!(message.contains(part), "{message}");
        assert_eq!(last["level"], "ERROR");
    }
}
