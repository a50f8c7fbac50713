//! Tokens that are no good, or not any more, and watches that cannot be.

use std::time::Duration;

use onrecord::proto::ErrorReason::{
    DatabaseUnavailable, InvalidResourceName, InvalidResumeToken, ResumeTokenExpired,
};
use onrecord::proto::{ClaimFilter, WatchClaimsRequest};

use super::{Watch, request};
use crate::harness::{TestServer, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_is_refused_field_by_field() {
    let server = TestServer::start().await;
    let bad = WatchClaimsRequest {
        filter: Some(ClaimFilter {
            actor: "actors/x".into(),
            min_confidence: 2.0,
            ..ClaimFilter::default()
        }),
        encoding_type: 99,
        resume_token: "x".into(),
    };
    let fields = [
        "filter.actor",
        "filter.min_confidence",
        "resume_token",
        "encoding_type",
    ];
    refused(Watch::begin(&server, bad), InvalidResourceName, &fields).await;
    let token = Watch::all(&server).await.token;
    let confident = ClaimFilter {
        min_confidence: 0.5,
        ..ClaimFilter::default()
    };
    let other = request(&token, Some(confident));
    refused(
        Watch::begin(&server, other),
        InvalidResumeToken,
        &["resume_token"],
    )
    .await;
    let listed = request(&token[1..], None);
    refused(
        Watch::begin(&server, listed),
        InvalidResumeToken,
        &["resume_token"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_nothing_is_watched() {
    let server = TestServer::with(None).await;
    let call = Watch::begin(&server, WatchClaimsRequest::default());
    refused(call, DatabaseUnavailable, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_older_than_the_log_is_told_so() {
    let server = TestServer::start().await;
    let old = Watch::all(&server).await.token;
    server
        .ingest_text("“One,” said Ann Lee. “Two,” said Tom Pell.")
        .await;
    let mut watch = Watch::after(&server, &old).await;
    watch.created(1).await;
    let middle = watch.token.clone();
    watch.created(1).await;
    let newest = watch.token.clone();
    let store = server.database.as_ref().expect("a database").store();
    store
        .prune_claim_events(Duration::from_hours(1))
        .await
        .expect("prune nothing");
    Watch::after(&server, &old).await.created(2).await;

    store
        .prune_claim_events(Duration::ZERO)
        .await
        .expect("prune all");
    for token in [&old, &middle] {
        let mut watch = Watch::after(&server, token).await;
        assert_eq!(watch.end().await.reason, ResumeTokenExpired);
    }
    let mut resumed = Watch::after(&server, &newest).await;
    let mut anew = Watch::all(&server).await;
    server.ingest_text("“Three,” said Ann Lee.").await;
    assert_eq!(resumed.created(1).await, anew.created(1).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_a_database_that_was_restored_is_no_good() {
    let server = TestServer::start().await;
    server.ingest_text("“One,” said Ann Lee.").await;
    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    // As after a dump of a cluster that had counted further.
    sqlx::query("UPDATE claim_events SET tx = tx + 1000000000")
        .execute(&mut connection)
        .await
        .expect("events of the future");
    sqlx::query("UPDATE claim_events_pruned SET tx = 1000000000000")
        .execute(&mut connection)
        .await
        .expect("pruned in the future");
    let store = database.store();
    let week = Duration::from_hours(168);
    store.prune_claim_events(week).await.expect("prune");
    let mut watch = Watch::all(&server).await;
    server.ingest_text("“Two,” said Ann Lee.").await;
    watch.created(1).await;
    watch.is_silent().await;
    assert_eq!(database.rows().await["claim_events"], 1);
}
