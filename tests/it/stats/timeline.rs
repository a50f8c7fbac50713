//! Timelines of an actor.

use onrecord::proto::{
    ClaimKind, GetTimelineRequest, GetTimelineResponse, MergeActorsRequest, TimelineUnit,
};

use super::{actor, at, server};
use crate::harness::TestServer;

/// A bucket: when it begins, claims by the actor and about it, and those by the actor by kind.
type Bucket = (String, i64, i64, Vec<(ClaimKind, i64)>);

async fn timeline(server: &TestServer, request: GetTimelineRequest) -> GetTimelineResponse {
    let found = server.client.get_timeline(request.clone()).await;
    found.unwrap_or_else(|error| panic!("{request:?}: {error}"))
}

fn buckets(found: &GetTimelineResponse) -> Vec<Bucket> {
    let buckets = found.buckets.iter().map(|bucket| {
        let kinds = bucket.kinds.iter();
        let kinds = kinds.map(|count| (count.kind(), count.claim_count));
        (
            bucket.start_time.expect("a time").to_string(),
            bucket.claim_count,
            bucket.about_count,
            kinds.collect(),
        )
    });
    buckets.collect()
}

fn bucket(start: &str, by: i64, about: i64, kinds: &[(ClaimKind, i64)]) -> Bucket {
    (format!("{start}T00:00:00Z"), by, about, kinds.to_vec())
}

const SAID: ClaimKind = ClaimKind::Assertion;
const JUDGED: ClaimKind = ClaimKind::Evaluation;
const PROMISED: ClaimKind = ClaimKind::Commitment;
const DENIED: ClaimKind = ClaimKind::Denial;

#[tokio::test(flavor = "multi_thread")]
async fn claims_are_counted_in_the_bucket_of_their_article() {
    let server = server().await;
    let ann = actor(&server, "Ann Lee").await.name;
    let of_unit = async |unit: TimelineUnit| {
        let request = GetTimelineRequest {
            actor: ann.clone(),
            unit: unit.into(),
            ..GetTimelineRequest::default()
        };
        timeline(&server, request).await
    };
    let found = of_unit(TimelineUnit::Day).await;
    assert_eq!(
        buckets(&found),
        [
            bucket("2024-01-01", 1, 0, &[(SAID, 1)]),
            bucket("2024-01-07", 1, 0, &[(SAID, 1)]),
            bucket("2024-01-08", 1, 0, &[(PROMISED, 1)]),
            bucket("2024-02-01", 0, 1, &[]),
        ]
    );
    assert_eq!(found.first_claim_time, Some(at("2024-01-01T09:00:00Z")));
    assert_eq!(found.last_claim_time, Some(at("2024-02-01T12:00:00Z")));
    assert!(!found.sampled);
    assert_eq!(
        buckets(&of_unit(TimelineUnit::Week).await),
        [
            bucket("2024-01-01", 2, 0, &[(SAID, 2)]),
            bucket("2024-01-08", 1, 0, &[(PROMISED, 1)]),
            bucket("2024-01-29", 0, 1, &[]),
        ]
    );
    let months = [
        bucket("2024-01-01", 3, 0, &[(SAID, 2), (PROMISED, 1)]),
        bucket("2024-02-01", 0, 1, &[]),
    ];
    assert_eq!(buckets(&of_unit(TimelineUnit::Month).await), months);
    assert_eq!(buckets(&of_unit(TimelineUnit::Unspecified).await), months);
    assert_eq!(
        buckets(&of_unit(TimelineUnit::Year).await),
        [bucket("2024-01-01", 3, 1, &[(SAID, 2), (PROMISED, 1)])]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_holds_its_start_and_not_its_end() {
    let server = server().await;
    let request = GetTimelineRequest {
        actor: actor(&server, "Ann Lee").await.name,
        start_time: Some(at("2024-01-07T23:59:59Z")),
        end_time: Some(at("2024-02-01T12:00:00Z")),
        ..GetTimelineRequest::default()
    };
    let found = timeline(&server, request.clone()).await;
    let january = bucket("2024-01-01", 2, 0, &[(SAID, 1), (PROMISED, 1)]);
    assert_eq!(buckets(&found), [january]);
    assert_eq!(found.first_claim_time, Some(at("2024-01-07T23:59:59Z")));
    assert_eq!(found.last_claim_time, Some(at("2024-01-08T00:00:00Z")));

    let later = GetTimelineRequest {
        start_time: Some(at("2024-03-01T00:00:00Z")),
        end_time: None,
        ..request
    };
    let found = timeline(&server, later).await;
    assert_eq!(found, GetTimelineResponse::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_that_was_merged_is_followed() {
    let server = server().await;
    let (stays, goes) = (
        actor(&server, "Marek Dolan").await.name,
        actor(&server, "Ann Lee").await.name,
    );
    let months = async |actor: &str| {
        let request = GetTimelineRequest {
            actor: actor.to_owned(),
            ..GetTimelineRequest::default()
        };
        buckets(&timeline(&server, request).await)
    };
    assert_eq!(
        months(&stays).await,
        [
            bucket("2024-01-01", 1, 1, &[(DENIED, 1)]),
            bucket("2024-02-01", 1, 0, &[(JUDGED, 1)]),
        ]
    );
    let merge = MergeActorsRequest {
        name: stays.clone(),
        sources: vec![goes.clone()],
        requested_by: "desk@example.org".to_owned(),
        ..MergeActorsRequest::default()
    };
    server.client.merge_actors(merge).await.expect("merge");
    // Who spoke of the other speaks of himself now.
    let together = [
        bucket("2024-01-01", 4, 0, &[(SAID, 2), (PROMISED, 1), (DENIED, 1)]),
        bucket("2024-02-01", 1, 0, &[(JUDGED, 1)]),
    ];
    assert_eq!(months(&stays).await, together);
    assert_eq!(months(&goes).await, together);
}
