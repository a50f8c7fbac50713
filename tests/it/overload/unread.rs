//! Responses that nobody reads.

use std::time::{Duration, Instant};

use onrecord::proto::extraction_service_client::ExtractionServiceClient;
use onrecord::proto::{EngineKind, ErrorReason, ExtractClaimsRequest, WatchClaimsRequest};
use onrecord::server::{LimitOptions, ServerOptions};
use tokio::time::sleep;
use tonic::transport::Endpoint;

use super::PATIENCE;
use crate::harness::{Database, Fault, TestServer, document, url};

fn options(limits: LimitOptions) -> ServerOptions {
    ServerOptions {
        limits,
        ..TestServer::options()
    }
}

/// A text whose response is far larger than a window of HTTP/2.
fn large() -> ExtractClaimsRequest {
    let text = "“It rained,” said Ann Lee. “It did not,” said Marek Dolan. ".repeat(500);
    ExtractClaimsRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        include_traces: true,
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unread_response_gives_its_place_back() {
    let limits = LimitOptions {
        max_streams: 2,
        response_idle_timeout: Duration::from_millis(300),
        ..LimitOptions::default()
    };
    let server = TestServer::launch(None, options(limits)).await;
    let mut unread = Vec::new();
    for _ in 0..2 {
        let endpoint = Endpoint::from_shared(url(server.address)).expect("an address");
        let channel = endpoint
            .initial_stream_window_size(1 << 10)
            .initial_connection_window_size(64 << 10)
            .connect()
            .await
            .expect("connect");
        let requests = (0..9).map(|number| onrecord::proto::StreamExtractClaimsRequest {
            id: number.to_string(),
            request: Some(large()),
        });
        let answers = ExtractionServiceClient::new(channel)
            .stream_extract_claims(futures_util::stream::iter(requests.collect::<Vec<_>>()))
            .await;
        unread.push(answers.expect("a place").into_inner());
    }
    let end = Instant::now() + PATIENCE;
    loop {
        let another = server
            .client
            .stream_extract_claims(futures_util::stream::empty());
        match another.await {
            Ok(_) => break,
            Err(status) => assert_eq!(Fault::of(&status).reason, ErrorReason::Overloaded),
        }
        assert!(Instant::now() < end, "the places did not come back");
        sleep(Duration::from_millis(20)).await;
    }
    // Who reads after all learns what happened.
    let mut answers = unread.remove(0);
    let status = loop {
        match answers.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the end of a response that was given up"),
            Err(status) => break status,
        }
    };
    assert_eq!(Fault::of(&status).reason, ErrorReason::StreamExpired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_grows_old_and_its_client_goes_on_without_noticing() {
    let limits = LimitOptions {
        max_stream_age: Duration::from_millis(300),
        ..LimitOptions::default()
    };
    let database = Database::create().await;
    let store = database.store();
    let server = TestServer::launch(Some(store), options(limits)).await;
    let mut watch = server.claim_service().await;
    let answers = watch.watch_claims(WatchClaimsRequest::default()).await;
    let mut answers = answers.expect("begin").into_inner();
    let status = loop {
        match answers.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended without a reason"),
            Err(status) => break status,
        }
    };
    assert_eq!(Fault::of(&status).reason, ErrorReason::StreamExpired);

    // The wrapper resumes by itself, over as many ends as it takes.
    let mut changes = server.client.watch_claims(WatchClaimsRequest::default());
    let writing = async {
        for number in 0..4 {
            sleep(Duration::from_millis(250)).await;
            let text = format!("Ann Lee said bridge {number} was safe.");
            server.ingest_text(&text).await;
        }
    };
    let reading = async {
        use futures_util::StreamExt;
        for number in 0..4 {
            let change = changes.next().await.expect("it goes on").expect("no error");
            let text = change
                .claim
                .and_then(|claim| claim.content)
                .expect("a claim")
                .text;
            assert!(text.contains(&number.to_string()), "{text}");
        }
    };
    let both = async { tokio::join!(writing, reading) };
    tokio::time::timeout(PATIENCE, both)
        .await
        .expect("all changes");
}
