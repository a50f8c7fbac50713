//! Who has to wait for whom.

use std::num::NonZeroU32;
use std::time::Instant;

use futures_util::future::join_all;
use onrecord::proto::{EngineKind, ErrorReason, ExtractClaimsRequest, ListClaimsRequest};
use onrecord::server::{LimitOptions, RateLimit, ServerOptions};
use tonic::Code;

use super::{PATIENCE, caller, reading, retry_delay, short};
use crate::harness::{Fault, TestServer};

/// Texts that occupy a thread for a while: as long as the test server takes them.
fn laborious() -> ExtractClaimsRequest {
    reading(800, EngineKind::Rules)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_with_many_texts_does_not_keep_out_one_with_few() {
    let server = TestServer::with(None).await;
    let greedy = caller(&server, PATIENCE).await;
    let many = tokio::spawn(async move {
        let outcomes = join_all((0..60).map(|_| greedy.extract_claims(laborious()))).await;
        outcomes.iter().filter(|outcome| outcome.is_ok()).count()
    });
    let modest = caller(&server, PATIENCE).await;
    for _ in 0..4 {
        modest.extract_claims(short()).await.expect("its turn");
    }
    assert!(
        !many.is_finished(),
        "the other caller has to be at work meanwhile"
    );
    assert!(many.await.expect("no panic") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_texts_do_not_hold_up_short_ones() {
    let server = TestServer::with(None).await;
    let writer = caller(&server, PATIENCE).await;
    let long = tokio::spawn(async move {
        let long = || reading(800, EngineKind::Model);
        join_all((0..3).map(|_| writer.extract_claims(long()))).await
    });
    let reader = caller(&server, PATIENCE).await;
    for _ in 0..5 {
        let read = reader.extract_claims(short()).await;
        read.expect("read beside the long ones");
    }
    assert!(
        !long.is_finished(),
        "the long texts have to be at work meanwhile"
    );
    long.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_in_time_is_refused_at_once_and_told_when_to_come_back() {
    let server = TestServer::with(None).await;
    // The server learns how long such a text takes here.
    let teacher = caller(&server, PATIENCE).await;
    let begin = Instant::now();
    teacher.extract_claims(laborious()).await.expect("read");
    let deadline = begin.elapsed() * 5;
    let impatient = caller(&server, deadline).await;
    let begin = Instant::now();
    let calls = (0..100).map(|_| async {
        let outcome = impatient.extract_claims(laborious()).await;
        (outcome, begin.elapsed())
    });
    let outcomes = join_all(calls).await;
    let done = outcomes
        .iter()
        .filter(|(outcome, _)| outcome.is_ok())
        .count();
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|(outcome, after)| Some((outcome.as_ref().err()?, after)))
        .filter(|(status, _)| status.code() == Code::ResourceExhausted)
        .collect();
    assert!(done > 0, "nothing was done");
    assert!(refused.len() > 50, "only {} refused", refused.len());
    let early = refused
        .iter()
        .filter(|(_, after)| **after < deadline / 2)
        .count();
    assert!(
        early * 2 > refused.len(),
        "{early} of {} at once",
        refused.len()
    );
    for (status, _) in refused {
        assert_eq!(Fault::of(status).reason, ErrorReason::Overloaded);
        assert!(
            retry_delay(status).is_some_and(|delay| !delay.is_zero()),
            "{status:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lookups_have_places_of_their_own() {
    let options = ServerOptions {
        max_in_flight: 4,
        limits: LimitOptions {
            max_reading: 8,
            ..LimitOptions::default()
        },
        ..TestServer::options()
    };
    let server = TestServer::launch(
        Some(crate::harness::Database::create().await.store()),
        options,
    )
    .await;
    let greedy = caller(&server, PATIENCE).await;
    let many = tokio::spawn(async move {
        let calls = (0..30).map(|_| greedy.extract_claims(laborious()));
        let outcomes = join_all(calls).await;
        outcomes.into_iter().filter(Result::is_err).count()
    });
    for _ in 0..50 {
        let page = server
            .client
            .list_claims(ListClaimsRequest::default())
            .await;
        page.expect("a lookup beside texts that are read");
    }
    assert!(
        many.await.expect("no panic") >= 22,
        "more texts than there are places"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_refuses_or_in_a_dry_run_does_not() {
    for (dry_run, refused) in [(false, 7), (true, 0)] {
        let few = NonZeroU32::new(3).expect("not zero");
        let rate = RateLimit {
            per_second: NonZeroU32::MIN,
            burst: few,
            dry_run,
        };
        let options = ServerOptions {
            limits: LimitOptions {
                rate: Some(rate),
                ..LimitOptions::default()
            },
            ..TestServer::options()
        };
        let server = TestServer::launch(None, options).await;
        let calls = (0..10).map(|_| server.client.extract_claims(short()));
        let outcomes = join_all(calls).await;
        let limited = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        let limited = limited.filter(|status| {
            let is_limited = retry_delay(status).is_some();
            is_limited && Fault::of(status).reason == ErrorReason::RateLimited
        });
        // On a slow machine a second passes, in which one more is let in.
        let limited = limited.count();
        assert!(limited <= refused && limited + 2 >= refused, "{limited}");
    }
}
