//! What a stream may take of the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use onrecord::proto::extraction_service_client::ExtractionServiceClient;
use onrecord::proto::{
    EngineKind, ErrorReason, ExtractClaimsRequest, StreamExtractClaimsRequest,
    StreamExtractClaimsResponse,
};
use onrecord::server::{LimitOptions, ServerOptions};
use tokio::time::sleep;
use tonic::transport::Endpoint;
use tonic::{Status, Streaming};

use super::text;
use crate::harness::{Fault, TestServer, document, eventually, refused, url};

/// More than any buffer on the way holds.
const MANY: usize = 2_000;
const PAUSE: Duration = Duration::from_millis(500);

fn extract(text: &str) -> ExtractClaimsRequest {
    ExtractClaimsRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    }
}

/// Sends so many long documents as fast as they are taken, and counts those that were.
async fn begin(address: SocketAddr) -> (Streaming<StreamExtractClaimsResponse>, Arc<AtomicUsize>) {
    let long = "It rained. ".repeat(1_000) + &(0..30).map(text).collect::<String>();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let requests = stream::iter(0..MANY).map(move |number| {
        count.fetch_add(1, Ordering::SeqCst);
        StreamExtractClaimsRequest {
            id: number.to_string(),
            request: Some(extract(&format!("{number} {long}"))),
        }
    });
    // Small windows, so that what a reader does not take is not taken by the connection for it.
    let endpoint = Endpoint::from_shared(url(address)).expect("an address");
    let endpoint = endpoint
        .initial_stream_window_size(64 << 10)
        .initial_connection_window_size(64 << 10);
    let channel = endpoint.connect().await.expect("connect");
    let mut client = ExtractionServiceClient::new(channel);
    let answers = client.stream_extract_claims(requests).await;
    (answers.expect("begin").into_inner(), taken)
}

/// Waits until nothing more is taken, and tells how much was. Nothing tells that nothing more will come: on a machine
/// so busy that the server takes nothing for a while, this ends early and the test sees less.
async fn settled(taken: &AtomicUsize) -> usize {
    let mut last = usize::MAX;
    loop {
        let now = taken.load(Ordering::SeqCst);
        if now == last {
            return now;
        }
        last = now;
        sleep(2 * PAUSE).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_take_answers_cannot_send_on() {
    let server = TestServer::with(None).await;
    let (mut answers, taken) = begin(server.address).await;
    let stalled = settled(&taken).await;
    assert!(stalled < MANY / 5, "{stalled} documents taken");
    for _ in 0..stalled {
        answers.message().await.expect("an answer").expect("one");
    }
    eventually("more documents to be taken", async || {
        (taken.load(Ordering::SeqCst) > stalled).then_some(())
    })
    .await;
    let further = settled(&taken).await;
    assert!(further < 2 * MANY / 5, "{further} documents taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_keeps_its_place_until_it_is_given_up() {
    let options = ServerOptions {
        limits: LimitOptions {
            max_streams: 1,
            max_reading: 1,
            ..LimitOptions::default()
        },
        ..TestServer::options()
    };
    let server = TestServer::launch(None, options).await;
    let address = server.address;
    // A runtime of the client's own, with which its connection ends.
    let caller = tokio::runtime::Runtime::new().expect("a runtime");
    let streaming = caller.spawn(async move {
        let (mut answers, _) = begin(address).await;
        // Even with a single place for documents it goes on.
        for _ in 0..5 {
            answers.message().await.expect("an answer").expect("one");
        }
        answers
    });
    let answers = streaming.await.expect("no panic");
    refused(another(&server), ErrorReason::Overloaded, &[]).await;

    drop(answers);
    caller.shutdown_background();
    eventually("the stream's place", async || {
        match another(&server).await {
            Ok(()) => Some(()),
            Err(status) => {
                assert_eq!(Fault::of(&status).reason, ErrorReason::Overloaded);
                None
            }
        }
    })
    .await;
}

/// Begins another stream, without any document.
async fn another(server: &TestServer) -> Result<(), Status> {
    let answers = server.client.stream_extract_claims(stream::empty()).await;
    answers.map(drop)
}
