//! The client: its documented example, its retries, its deadline and its streams.

mod fake;

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::{ClaimFilter, GetClaimRequest, ListClaimsRequest, ReviewClaimRequest};
use tonic::{Code, Status};

use crate::client_example::example;
use crate::harness::{NEWS, TestServer, url};
use fake::Fake;

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_example_works() {
    let server = TestServer::start().await;
    let lines = example(&url(server.address))
        .await
        .expect("the example runs");
    assert_eq!(lines, ["Ann Lee: “The bridge is safe,”"]);
}

/// Calls a server that answers these codes in turn, then OK, and tells what comes of it after how many calls.
async fn check(answers: &[Code], options: ClientOptions, expect: Code, calls: usize) {
    let fake = Fake::start(answers).await;
    let client = Client::connect_with(url(fake.address), options)
        .await
        .expect("connect");
    let answer = client.get_claim(GetClaimRequest::default()).await;
    let code = answer.map_or_else(|status| status.code(), |_| Code::Ok);
    assert_eq!((code, fake.calls()), (expect, calls), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unavailable_is_tried_again_and_nothing_else() {
    let options = ClientOptions::default();
    let gone = Code::Unavailable;
    check(&[], options, Code::Ok, 1).await;
    check(&[gone; 2], options, Code::Ok, 3).await;
    check(&[gone; 9], options, gone, 5).await;
    check(&[gone, Code::NotFound], options, Code::NotFound, 2).await;
    for code in [
        Code::Internal,
        Code::InvalidArgument,
        Code::ResourceExhausted,
        Code::DeadlineExceeded,
    ] {
        check(&[code], options, code, 1).await;
    }
    let once = ClientOptions {
        attempts: 1,
        ..options
    };
    check(&[gone], once, gone, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_tried_again_only_with_an_id() {
    for (request_id, expect) in [("", (Code::Unavailable, 1)), ("one", (Code::Ok, 2))] {
        let fake = Fake::start(&[Code::Unavailable]).await;
        let client = Client::connect(url(fake.address)).await.expect("connect");
        let request = ReviewClaimRequest {
            request_id: request_id.to_owned(),
            ..ReviewClaimRequest::default()
        };
        let answer = client.review_claim(request).await;
        let code = answer.map_or_else(|status| status.code(), |_| Code::Ok);
        assert_eq!((code, fake.calls()), expect, "{request_id:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_at_its_deadline() {
    let options = ClientOptions {
        deadline: Duration::from_millis(100),
        attempts: u32::MAX,
        ..ClientOptions::default()
    };
    let silent = Fake::silent().await;
    let client = Client::connect_with(url(silent.address), options)
        .await
        .expect("connect");
    let answer = client.get_claim(GetClaimRequest::default()).await;
    assert_eq!(
        answer.expect_err("no answer").code(),
        Code::DeadlineExceeded
    );

    // There is no time for all these attempts.
    let fake = Fake::start(&[Code::Unavailable; 100]).await;
    let client = Client::connect_with(url(fake.address), options)
        .await
        .expect("connect");
    let answer = client.get_claim(GetClaimRequest::default()).await;
    assert!(matches!(
        answer.expect_err("no answer").code(),
        Code::Unavailable | Code::DeadlineExceeded
    ));
    assert!(fake.calls() < 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_over_pages_stops_at_an_error() {
    let fake = Fake::start(&[Code::Ok, Code::Ok, Code::Internal, Code::Ok]).await;
    let client = Client::connect(url(fake.address)).await.expect("connect");
    let items = client.all_claims(ListClaimsRequest::default());
    let items: Vec<Result<_, Status>> = items.collect().await;
    let names: Vec<String> = items
        .iter()
        .map(|item| {
            item.as_ref()
                .map_or_else(|e| e.code().to_string(), |c| c.name.clone())
        })
        .collect();
    let failed = Code::Internal.to_string();
    assert_eq!(
        names,
        ["claims/1a", "claims/1b", "claims/2a", "claims/2b", &failed]
    );
    assert_eq!(fake.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_asks_for_a_page_when_it_is_needed() {
    let fake = Fake::start(&[]).await;
    let client = Client::connect(url(fake.address)).await.expect("connect");
    let mut items = client.all_claims(ListClaimsRequest::default());
    assert_eq!(fake.calls(), 0);
    for calls in [1, 1, 2, 2, 3, 3] {
        assert!(items.try_next().await.expect("a claim").is_some());
        assert_eq!(fake.calls(), calls);
    }
    assert_eq!(items.try_next().await.expect("the end"), None);
    assert_eq!(fake.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_while_it_is_asked_is_unavailable() {
    let mut silent = Fake::silent().await;
    let client = Client::connect(url(silent.address)).await.expect("connect");
    let call = client.get_claim(GetClaimRequest::default());
    let death = async {
        silent.called().await;
        silent.kill();
    };
    let (answer, ()) = tokio::join!(call, death);
    assert_eq!(answer.expect_err("no answer").code(), Code::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_restarts_is_found_again() {
    let mut first = TestServer::start().await;
    first.ingest_text(NEWS).await;
    let address = first.address;
    let client = Client::connect(url(address)).await.expect("connect");
    // It outlives its first server.
    let database = first.database.take().expect("a database");
    first.stop().await;
    let options = onrecord::server::ServerOptions {
        listen: address,
        ..TestServer::options()
    };
    let second = TestServer::launch(Some(database.store()), options).await;
    let request = ListClaimsRequest {
        filter: Some(ClaimFilter::default()),
        ..Default::default()
    };
    let claims: Vec<_> = client
        .all_claims(request)
        .try_collect()
        .await
        .expect("list");
    assert!(!claims.is_empty());
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_nobody_listens_is_an_error() {
    for address in ["http://127.0.0.1:1", "no address", ""] {
        assert!(Client::connect(address).await.is_err(), "{address}");
    }
}
