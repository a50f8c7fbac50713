//! What ends a stream, and what does not.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use onrecord::proto::ErrorReason;
use onrecord::server::ServerOptions;
use onrecord::store::{PoolOptions, Store};
use tokio::time::sleep;

use super::{Articles, ingest, text};
use crate::harness::{Fault, TestServer};
use crate::outage::postgres;

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_outlives_the_database() {
    let parent = tempfile::tempdir().expect("a directory");
    // As root, the server runs as a user who has to get in.
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(parent.path(), open).expect("permissions");
    let data_dir = parent.path().join("data");
    let Some(running) = postgres(&data_dir).await else {
        return;
    };
    let store = Store::connect(running.connect_options(), PoolOptions::default());
    store.migrate().await.expect("migrate");
    let server = TestServer::with(Some(store)).await;
    let mut articles = Articles::begin(&server).await;
    assert!(articles.stored(&text(0)).await.expect("stored").created);

    running.stop().await.expect("stops");
    for number in 0..3 {
        let fault = articles
            .stored(&text(number))
            .await
            .expect_err("no database");
        assert_eq!(fault.reason, ErrorReason::DatabaseUnavailable);
    }

    let running = postgres(&data_dir).await.expect("it was here before");
    for number in 0..3 {
        let stored = articles.stored(&text(number)).await.expect("stored");
        assert_eq!(stored.created, number > 0);
    }
    running.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_answers_what_it_took_and_says_so() {
    let mut server = TestServer::start().await;
    let mut articles = Articles::begin(&server).await;
    articles.stored(&text(0)).await.expect("stored");
    server.ask_to_stop();
    let status = articles.answer().await.expect_err("the end");
    assert_eq!(Fault::of(&status).reason, ErrorReason::ServerStopping);
    drop(articles);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_where_a_server_stops_amid_a_stream() {
    let mut server = TestServer::start().await;
    let mut articles = Articles::begin(&server).await;
    let sender = articles.sender.clone();
    // Who goes on to write may find the connection closed before the last answers are read.
    let enough = Arc::new(AtomicBool::new(false));
    let sends = Arc::clone(&enough);
    let sending = tokio::spawn(async move {
        for number in (0..100_000).take_while(|_| !sends.load(Ordering::Relaxed)) {
            let request = onrecord::proto::StreamIngestArticlesRequest {
                id: text(number),
                request: Some(ingest(&text(number))),
            };
            if sender.send(request).await.is_err() {
                return;
            }
        }
    });
    let mut stored = 0;
    let end = loop {
        match articles.answer().await {
            Ok((_, outcome)) => stored += i64::from(outcome.expect("stored").created),
            Err(status) => break status,
        }
        if stored == 5 {
            enough.store(true, Ordering::Relaxed);
            server.ask_to_stop();
        }
    };
    assert_eq!(Fault::of(&end).reason, ErrorReason::ServerStopping);
    drop(articles);
    sending.await.expect("no panic");
    let rows = server.database.as_ref().expect("a database").rows().await;
    assert_eq!(rows["articles"], stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_ends_the_stream_behind_the_answers() {
    let server = TestServer::start().await;
    let mut articles = Articles::begin(&server).await;
    articles.send(&text(0)).await;
    articles.send(&"x".repeat(2 << 20)).await;
    let (id, outcome) = articles.answer().await.expect("an answer");
    assert_eq!((id, outcome.is_ok()), (text(0), true));
    let status = articles.answer().await.expect_err("the end");
    assert_eq!(Fault::of(&status).reason, ErrorReason::MessageTooLarge);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_may_take_longer_than_a_call() {
    let time = Duration::from_secs(2);
    let database = crate::harness::Database::create().await;
    let options = ServerOptions {
        request_timeout: time,
        ..TestServer::options()
    };
    let server = TestServer::launch(Some(database.store()), options).await;
    let mut articles = Articles::begin(&server).await;
    for number in 0..3 {
        articles.stored(&text(number)).await.expect("stored");
        sleep(time / 2 + Duration::from_millis(200)).await;
    }
}
