//! Counts over tens of thousands of claims: every one is counted, or only the newest and it is said.

use futures_util::TryStreamExt;
use onrecord::domain::ActorId;
use onrecord::proto::{
    ClaimFilter, GetTimelineRequest, ListSourcingStatsRequest, SourcingGroup, SourcingStats,
};
use onrecord::store::{TimelineRange, TimelineUnit};
use uuid::Uuid;

use super::at;
use crate::harness::{Database, TestServer};
use crate::lists::plans::fill;

/// Of the made-up actors the second most frequent.
const COMMON: u128 = 0x0000_0000_0000_7000_8000_0000_0000_0002;

#[tokio::test(flavor = "multi_thread")]
async fn every_group_of_many_claims_is_counted() {
    let database = Database::create().await;
    fill(&mut database.connection().await).await;
    let server = TestServer::on(database).await;
    for (group, page_size) in [
        (SourcingGroup::Actor, 400),
        (SourcingGroup::Publisher, 7),
        (SourcingGroup::Gender, 1),
        (SourcingGroup::SourceClass, 2),
        (SourcingGroup::Kind, 3),
        (SourcingGroup::Month, 2),
    ] {
        let request = ListSourcingStatsRequest {
            group_by: group.into(),
            filter: Some(ClaimFilter {
                start_publish_time: Some(at("2020-01-01T00:00:00Z")),
                end_publish_time: Some(at("2021-01-01T00:00:00Z")),
                ..ClaimFilter::default()
            }),
            page_size,
            ..ListSourcingStatsRequest::default()
        };
        let rows = server.client.all_sourcing_stats(request);
        let rows: Vec<SourcingStats> = rows.try_collect().await.expect("counts");
        let claims: i64 = rows.iter().map(|row| row.claim_count).sum();
        assert_eq!(claims, 30_000, "{group:?}");
        assert!(
            rows.is_sorted_by(|a, b| (b.claim_count, &a.key) < (a.claim_count, &b.key)),
            "{group:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_claims_the_newest_are_counted() {
    let database = Database::create().await;
    fill(&mut database.connection().await).await;
    let store = database.store();
    let server = TestServer::on(database).await;
    let actor = ActorId(Uuid::from_u128(COMMON));
    let request = GetTimelineRequest {
        actor: format!("actors/{}", actor.0),
        ..GetTimelineRequest::default()
    };
    let whole = server.client.get_timeline(request).await.expect("counts");
    let by: i64 = whole.buckets.iter().map(|one| one.claim_count).sum();
    let about: i64 = whole.buckets.iter().map(|one| one.about_count).sum();
    assert!(by > 1_000 && about > 300 && by > about && !whole.sampled);

    let most = usize::try_from(by).expect("a number") - 1;
    for (most, sampled) in [(most, true), (most + 2, false)] {
        let range = TimelineRange::default();
        let counted = store.timeline(actor, range, TimelineUnit::Month, most);
        let counted = counted.await.expect("counts").expect("the actor");
        assert_eq!(counted.sampled, sampled, "{most}");
        let last = counted.counts.iter().map(|count| count.last).max();
        let last = last.expect("a claim");
        assert_eq!(whole.last_claim_time, Some(at(&last.to_rfc3339())));
        let of = |about| -> i64 {
            let part = counted.counts.iter().filter(|one| one.about == about);
            part.map(|one| one.claims).sum()
        };
        assert_eq!((of(false), of(true)), (by - i64::from(sampled), about));
    }
}
