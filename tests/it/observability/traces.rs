use std::fmt::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use onrecord::client::Client;
use onrecord::proto::article_service_client::ArticleServiceClient;
use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{Document, ExtractClaimsRequest, IngestArticleRequest, ListClaimsRequest};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use super::collector::Collector;
use super::{Observed, TEXT};
use crate::harness::document;
use crate::process::{Serve, program, wait_for};
use crate::security::{Authority, Files};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
const INGEST: &str = "onrecord.v1.ArticleService/IngestArticle";

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a string");
    }
    text
}

async fn channel(observed: &Observed) -> Channel {
    let endpoint = Endpoint::from_shared(observed.server.url()).expect("a URL");
    endpoint.connect().await.expect("connect")
}

/// Has an article stored by a caller who traces, and samples the call if `flags` say so.
async fn ingest(channel: Channel, trace: &str, flags: &str) {
    let mut request = Request::new(IngestArticleRequest {
        document: Some(Document {
            text: TEXT.to_owned(),
            ..Document::default()
        }),
        ..Default::default()
    });
    let traceparent = format!("00-{trace}-{PARENT}-{flags}");
    let traceparent = traceparent.parse().expect("metadata");
    request.metadata_mut().insert("traceparent", traceparent);
    let mut articles = ArticleServiceClient::new(channel);
    articles.ingest_article(request).await.expect("ingest");
}

/// The names of a span and all above it, up to the one the caller named.
fn path(span: &Span, spans: &[Span]) -> Vec<String> {
    let mut names = vec![span.name.clone()];
    let mut parent = &span.parent_span_id;
    while let Some(above) = spans.iter().find(|above| above.span_id == *parent) {
        names.insert(0, above.name.clone());
        parent = &above.parent_span_id;
    }
    assert_eq!(hex(parent), PARENT, "{names:?} leads elsewhere");
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_traced_from_its_caller_to_its_statements() {
    let collector = Collector::start().await;
    let endpoint = format!("http://{}", collector.address);
    let args = ["--otlp-endpoint", &endpoint, "--trace-ratio", "0"];
    let mut observed = Observed::start(&args).await;
    let channel = channel(&observed).await;
    ingest(channel.clone(), TRACE, "01").await;
    // Neither who says no, nor who says nothing where nothing is sampled.
    ingest(channel.clone(), "5bf92f3577b34da6a3ce929d0e0e4736", "00").await;
    let mut claims = ClaimServiceClient::new(channel);
    let list = ListClaimsRequest::default();
    claims.list_claims(list).await.expect("a page");
    observed.server.signal(Signal::SIGTERM);
    assert_eq!(observed.server.wait().code(), Some(0));

    let spans = collector.spans();
    let traces: Vec<String> = spans.iter().map(|span| hex(&span.trace_id)).collect();
    assert!(traces.iter().all(|trace| trace == TRACE), "{traces:?}");
    let paths: Vec<String> = spans
        .iter()
        .map(|span| path(span, &spans).join(" > "))
        .collect();
    for expected in [
        INGEST.to_owned(),
        format!("{INGEST} > ingest_article"),
        format!("{INGEST} > ingest_article > ingest > articles::ingest::INSERT_ARTICLE"),
    ] {
        assert!(paths.contains(&expected), "{expected} in {paths:#?}");
    }
    let call = spans.iter().find(|span| span.name == INGEST);
    let call = call.expect("the call");
    assert_eq!(call.kind(), SpanKind::Server);
    let code = call
        .attributes
        .iter()
        .find(|attribute| attribute.key == "rpc.response.status_code");
    assert!(format!("{code:?}").contains("\"OK\""), "{code:?}");
    let services = collector.services();
    assert!(services[0].contains("onrecord"), "{services:?}");
    assert!(!format!("{spans:?}").contains("zeppelin"));
}

/// Serves a call, and stops, in spite of such a collector.
async fn bear(endpoint: &str) {
    let mut observed = Observed::start(&["--otlp-endpoint", endpoint]).await;
    for _ in 0..3 {
        observed.ingest(TEXT).await;
    }
    let stopped = Instant::now();
    observed.server.signal(Signal::SIGTERM);
    assert_eq!(observed.server.wait().code(), Some(0));
    let took = stopped.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_or_silent_hurts_no_call() {
    bear("http://127.0.0.1:1").await;
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    bear(&format!("http://{address}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_are_sent_over_tls() {
    let (authority, files) = (Authority::new(), Files::new());
    let collector = Collector::start_with_tls(authority.server()).await;
    let mut command = program(&["serve"]);
    command.env("SSL_CERT_FILE", files.write("ca.pem", authority.pem()));
    let endpoint = format!("https://localhost:{}", collector.address.port());
    let nowhere = ["--database-url", "postgres://127.0.0.1:1/none"];
    let all = ["--trace-ratio", "1", "--otlp-endpoint", &endpoint];
    let server = Serve::spawn_with(command, &[&nowhere[..], &all].concat());
    let client = Client::connect(server.url()).await.expect("connect");
    let request = ExtractClaimsRequest {
        document: Some(document(TEXT)),
        ..Default::default()
    };
    client.extract_claims(request).await.expect("claims");
    wait_for("the trace", || {
        let spans = collector.spans();
        let call = |span: &Span| span.name.ends_with("ExtractClaims");
        spans.iter().any(call).then_some(())
    });
}
