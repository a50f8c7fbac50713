//! Lists of actors by their claims.

use futures_util::TryStreamExt;
use onrecord::proto::ErrorReason::PageTokenFilterMismatch;
use onrecord::proto::{Actor, ActorKind, ActorOrder, Document, ListActorsRequest};

use crate::harness::{TestServer, refused};

/// Three claims by Ann Lee, two each by Marek Dolan and Ida Brandt, one by Vera Lindqvist; Tom Pell only listens.
const PRINTED: [(&str, &str); 3] = [
    (
        "2024-01-01T09:00:00Z",
        "Ann Lee said that it rained. Marek Dolan said that it snowed. Ida Brandt said that it froze. \
         Ann Lee told Tom Pell that it was late.",
    ),
    (
        "2024-03-01T09:00:00Z",
        "Ida Brandt said that the ferry was late. Marek Dolan said that the bridge was closed.",
    ),
    (
        "2024-02-01T09:00:00Z",
        "Vera Lindqvist said that the tolls would rise. Ann Lee said that the tolls would fall.",
    ),
];

async fn server() -> TestServer {
    let server = TestServer::start().await;
    for (time, text) in PRINTED {
        let document = Document {
            text: text.to_owned(),
            publish_time: Some(time.parse().expect("a time")),
            ..Document::default()
        };
        server.ingest(document).await;
    }
    server
}

fn ordered(order_by: ActorOrder) -> ListActorsRequest {
    ListActorsRequest {
        order_by: order_by.into(),
        ..ListActorsRequest::default()
    }
}

async fn all(server: &TestServer, request: ListActorsRequest) -> Vec<Actor> {
    let actors = server.client.all_actors(request).try_collect();
    actors.await.expect("list actors")
}

#[tokio::test(flavor = "multi_thread")]
async fn actors_are_listed_by_how_many_claims_they_have_and_by_the_last() {
    let server = server().await;
    let mut expect = all(&server, ListActorsRequest::default()).await;
    expect.sort_by(|a, b| (b.claim_count, &a.name).cmp(&(a.claim_count, &b.name)));
    let counts: Vec<i64> = expect.iter().map(|one| one.claim_count).collect();
    assert_eq!(counts[..4], [3, 2, 2, 1]);
    assert!(counts.ends_with(&[0]), "{counts:?}");
    for page_size in 1..4 {
        let request = ListActorsRequest {
            page_size,
            ..ordered(ActorOrder::ClaimCount)
        };
        assert_eq!(all(&server, request).await, expect, "{page_size}");
    }

    expect.sort_by_key(|one| one.name.clone());
    expect.sort_by_key(|one| std::cmp::Reverse(one.last_claim_time.map(|time| time.seconds)));
    assert_eq!(expect.last().expect("actors").last_claim_time, None);
    for page_size in 1..4 {
        let request = ListActorsRequest {
            page_size,
            ..ordered(ActorOrder::LastClaimTime)
        };
        assert_eq!(all(&server, request).await, expect, "{page_size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rankings_can_be_filtered_and_a_token_is_good_for_its_own_only() {
    let server = server().await;
    let by_name = all(&server, ordered(ActorOrder::DisplayName)).await;
    assert_eq!(by_name, all(&server, ListActorsRequest::default()).await);
    let of_one = ListActorsRequest {
        display_name_prefix: "ida".to_owned(),
        kind: ActorKind::Person.into(),
        ..ordered(ActorOrder::ClaimCount)
    };
    let found = all(&server, of_one).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].display_name, "Ida Brandt");

    let orders = [
        ActorOrder::DisplayName,
        ActorOrder::ClaimCount,
        ActorOrder::LastClaimTime,
    ];
    for order in orders {
        let request = ListActorsRequest {
            page_size: 1,
            ..ordered(order)
        };
        let page = server.client.list_actors(request).await.expect("a page");
        for other in orders.into_iter().filter(|other| *other != order) {
            let request = ListActorsRequest {
                page_token: page.next_page_token.clone(),
                ..ordered(other)
            };
            let call = server.client.list_actors(request);
            refused(call, PageTokenFilterMismatch, &["page_token"]).await;
        }
    }
}
