//! Requests for counts that are refused.

use onrecord::proto::ErrorReason::{
    self, ActorNotFound, InvalidEnumValue, InvalidField, InvalidPageSize, InvalidPageToken,
    InvalidResourceName, NulCharacter, PageTokenFilterMismatch, RequiredFieldMissing,
};
use onrecord::proto::{ClaimFilter, GetTimelineRequest, ListSourcingStatsRequest, SourcingGroup};

use super::{RADIO, actor, at, server, year};
use crate::harness::{TestServer, refused};

const ID: &str = "0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";

fn by_actor(filter: ClaimFilter) -> ListSourcingStatsRequest {
    ListSourcingStatsRequest {
        group_by: SourcingGroup::Actor.into(),
        filter: Some(filter),
        ..ListSourcingStatsRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_needs_an_actor_that_is_there() {
    let server = TestServer::start().await;
    for (actor, reason, fields) in [
        (String::new(), RequiredFieldMissing, &["actor"][..]),
        ("actors/local-1".to_owned(), InvalidResourceName, &["actor"]),
        (format!("claims/{ID}"), InvalidResourceName, &["actor"]),
        (format!("actors/{ID}"), ActorNotFound, &[]),
    ] {
        let request = GetTimelineRequest {
            actor,
            ..GetTimelineRequest::default()
        };
        refused(server.client.get_timeline(request), reason, fields).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_is_bounded() {
    let server = server().await;
    let days = GetTimelineRequest {
        actor: actor(&server, "Ann Lee").await.name,
        unit: 1,
        ..GetTimelineRequest::default()
    };
    let longest = GetTimelineRequest {
        start_time: Some(at("2022-01-01T00:00:00Z")),
        end_time: Some(at("2024-09-27T00:00:00Z")),
        ..days.clone()
    };
    let found = server.client.get_timeline(longest.clone()).await;
    assert_eq!(found.expect("1,000 days").buckets.len(), 4);
    for (request, reason, field) in [
        (
            GetTimelineRequest {
                end_time: Some(at("2024-09-27T00:00:00.000001Z")),
                ..longest.clone()
            },
            InvalidField,
            "unit",
        ),
        // Up to the last claim.
        (
            GetTimelineRequest {
                start_time: Some(at("2021-01-01T00:00:00Z")),
                ..days.clone()
            },
            InvalidField,
            "unit",
        ),
        (
            GetTimelineRequest {
                end_time: longest.start_time,
                ..longest.clone()
            },
            InvalidField,
            "end_time",
        ),
        (
            GetTimelineRequest { unit: 9, ..days },
            InvalidEnumValue,
            "unit",
        ),
    ] {
        refused(server.client.get_timeline(request), reason, &[field]).await;
    }
}

fn bad_filters() -> Vec<(ClaimFilter, ErrorReason, &'static str)> {
    vec![
        (ClaimFilter::default(), InvalidField, "filter"),
        (
            ClaimFilter {
                end_publish_time: None,
                ..year()
            },
            InvalidField,
            "filter",
        ),
        (
            ClaimFilter {
                end_publish_time: Some(at("2025-01-01T00:00:01Z")),
                ..year()
            },
            InvalidField,
            "filter",
        ),
        (
            ClaimFilter {
                language_code: "en".to_owned(),
                ..ClaimFilter::default()
            },
            InvalidField,
            "filter",
        ),
        (
            ClaimFilter {
                actor: "actors/1".to_owned(),
                ..year()
            },
            InvalidResourceName,
            "filter.actor",
        ),
        (
            ClaimFilter {
                publisher: "\0".to_owned(),
                ..year()
            },
            NulCharacter,
            "filter.publisher",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_for_counts_are_refused() {
    let server = TestServer::start().await;
    for (filter, reason, field) in bad_filters() {
        let call = server.client.list_sourcing_stats(by_actor(filter));
        refused(call, reason, &[field]).await;
    }
    let nothing = ListSourcingStatsRequest::default();
    refused(
        server.client.list_sourcing_stats(nothing),
        RequiredFieldMissing,
        &["group_by", "filter"],
    )
    .await;
    for (request, reason, field) in [
        (
            ListSourcingStatsRequest {
                group_by: 9,
                ..by_actor(year())
            },
            InvalidEnumValue,
            "group_by",
        ),
        (
            ListSourcingStatsRequest {
                page_size: -1,
                ..by_actor(year())
            },
            InvalidPageSize,
            "page_size",
        ),
        (
            ListSourcingStatsRequest {
                page_token: "AAAA".to_owned(),
                ..by_actor(year())
            },
            InvalidPageToken,
            "page_token",
        ),
    ] {
        refused(server.client.list_sourcing_stats(request), reason, &[field]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_for_its_own_group_and_filter_only() {
    let server = server().await;
    let page = ListSourcingStatsRequest {
        page_size: 1,
        ..by_actor(year())
    };
    let page = server.client.list_sourcing_stats(page).await;
    let page_token = page.expect("a page").next_page_token;
    assert_ne!(page_token, "");
    let radio = ClaimFilter {
        publisher: RADIO.to_owned(),
        ..year()
    };
    for request in [
        by_actor(radio),
        ListSourcingStatsRequest {
            group_by: SourcingGroup::Kind.into(),
            ..by_actor(year())
        },
    ] {
        let request = ListSourcingStatsRequest {
            page_token: page_token.clone(),
            ..request
        };
        let call = server.client.list_sourcing_stats(request);
        refused(call, PageTokenFilterMismatch, &["page_token"]).await;
    }
}
