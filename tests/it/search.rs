//! Search over what was claimed: words, highlights, counts, pages and errors.

mod highlights;
mod large;
mod pages;

use std::collections::BTreeMap;

use onrecord::proto::ErrorReason::{
    InvalidEnumValue, InvalidField, InvalidPageSize, InvalidPageToken, NulCharacter,
    PageTokenFilterMismatch, RequiredFieldMissing,
};
use onrecord::proto::{
    ClaimFilter, ClaimKind, Document, SearchClaimsRequest, SearchClaimsResponse, SearchFacet,
    SearchOrder,
};
use prost_types::Timestamp;

use crate::harness::{TestServer, refused};

/// What some people said, each in an article of its own, a month after the one before.
const SAID: [(&str, &str); 6] = [
    (
        "Ostbridge Courier",
        "“The bridges were closed for repairs,” said Ann Lee.",
    ),
    (
        "Ostbridge Courier",
        "“Nobody closes a bridge at noon,” said Marek Dolan.",
    ),
    ("Radio Estuary", "“We closed the old bridge,” said Ann Lee."),
    ("Radio Estuary", "“The ferry is late,” said Ida Brandt."),
    (
        "Ostbridge Courier",
        "Ida Brandt denied that the ferry to the bridge was full.",
    ),
    ("Radio Estuary", "“Repairs cost too much,” said Ann Lee."),
];

async fn server() -> TestServer {
    let server = TestServer::start().await;
    for (n, (publisher, text)) in (0..).zip(SAID) {
        let document = Document {
            text: text.to_owned(),
            publisher: publisher.to_owned(),
            publish_time: Some(Timestamp {
                seconds: 1_704_067_200 + n * 31 * 86_400,
                nanos: 0,
            }),
            ..Document::default()
        };
        server.ingest(document).await;
    }
    server
}

fn query(query: &str) -> SearchClaimsRequest {
    SearchClaimsRequest {
        query: query.to_owned(),
        ..SearchClaimsRequest::default()
    }
}

async fn search(server: &TestServer, request: SearchClaimsRequest) -> SearchClaimsResponse {
    let found = server.client.search_claims(request.clone()).await;
    found.unwrap_or_else(|error| panic!("{request:?}: {error}"))
}

/// Which of the sayings a search finds, newest first.
async fn found(server: &TestServer, request: SearchClaimsRequest) -> Vec<usize> {
    let request = SearchClaimsRequest {
        order_by: SearchOrder::PublishTime.into(),
        ..request
    };
    let response = search(server, request).await;
    let contents = response.hits.into_iter().map(|hit| {
        let claim = hit.claim.expect("a claim");
        claim.content.expect("a content").text
    });
    contents
        .map(|content| {
            let said = SAID.iter().position(|(_, text)| text.contains(&content));
            said.expect("one of the sayings")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn words_phrases_choices_and_exclusions() {
    let server = server().await;
    for (words, expected) in [
        ("bridge", &[4, 2, 1, 0][..]),
        ("BRIDGES closing", &[2, 1, 0]),
        ("\"closed for repairs\"", &[0]),
        ("\"repairs closed\"", &[]),
        ("\"old bridge\"", &[2]),
        ("bridge -closed", &[4]),
        ("ferry OR repairs", &[5, 4, 3, 0]),
        ("ferry -\"to the bridge\"", &[3]),
        ("the ferry", &[4, 3]),
        ("nothing", &[]),
        ("bridge <> & | ! :* ( ' \\", &[4, 2, 1, 0]),
        ("\"bridge", &[4, 2, 1, 0]),
    ] {
        assert_eq!(found(&server, query(words)).await, expected, "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_and_filters_combine() {
    let server = server().await;
    let of_publisher = SearchClaimsRequest {
        filter: Some(ClaimFilter {
            publisher: "Ostbridge Courier".to_owned(),
            ..ClaimFilter::default()
        }),
        ..query("bridge")
    };
    assert_eq!(found(&server, of_publisher).await, [4, 1, 0]);
    let denials = SearchClaimsRequest {
        filter: Some(ClaimFilter {
            kind: ClaimKind::Denial.into(),
            ..ClaimFilter::default()
        }),
        ..query("ferry")
    };
    assert_eq!(found(&server, denials).await, [4]);
    for (name, expected) in [
        ("Anne Lee", &[2, 0][..]),
        ("ann lee", &[2, 0]),
        ("Marrek Dolan", &[1]),
        ("Zebedee", &[]),
    ] {
        let of_actor = SearchClaimsRequest {
            actor_query: name.to_owned(),
            ..query("bridge")
        };
        assert_eq!(found(&server, of_actor).await, expected, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_come_first() {
    let server = server().await;
    let hits = search(&server, query("closed bridge")).await.hits;
    let ranks: Vec<f32> = hits.iter().map(|hit| hit.rank).collect();
    assert!(
        ranks.len() == 3 && ranks.is_sorted_by(|a, b| a >= b) && ranks[2] > 0.0,
        "{ranks:?}"
    );
    let claim = hits[0].claim.as_ref().expect("a claim");
    assert_eq!(claim.actor_display_name, "Ann Lee");
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_count_all_that_fits() {
    let server = server().await;
    let request = SearchClaimsRequest {
        facets: vec![
            SearchFacet::Publisher.into(),
            SearchFacet::Month.into(),
            SearchFacet::Actor.into(),
            SearchFacet::Kind.into(),
        ],
        page_size: 1,
        ..query("bridge")
    };
    let response = search(&server, request.clone()).await;
    assert_eq!(
        (response.match_count, response.sampled, response.hits.len()),
        (4, false, 1)
    );
    let facet = |n: usize| -> Vec<(&str, i64)> {
        let values = response.facets[n].values.iter();
        values
            .map(|value| (value.value.as_str(), value.count))
            .collect()
    };
    assert_eq!(facet(0), [("Ostbridge Courier", 3), ("Radio Estuary", 1)]);
    assert_eq!(
        facet(1),
        [
            ("2024-01", 1),
            ("2024-02", 1),
            ("2024-03", 1),
            ("2024-05", 1)
        ]
    );
    let names: BTreeMap<&str, i64> = response.facets[2]
        .values
        .iter()
        .map(|value| (value.display_name.as_str(), value.count))
        .collect();
    assert_eq!(
        names,
        BTreeMap::from([("Ann Lee", 2), ("Ida Brandt", 1), ("Marek Dolan", 1)])
    );
    assert!(facet(3).contains(&("CLAIM_KIND_DENIAL", 1)));

    let next = SearchClaimsRequest {
        page_token: response.next_page_token.clone(),
        ..request
    };
    let next = search(&server, next).await;
    assert_eq!(
        (next.match_count, next.facets.len(), next.hits.len()),
        (0, 0, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_searches_are_refused() {
    let server = server().await;
    let long = "x".repeat(501);
    for (words, reason) in [
        ("", RequiredFieldMissing),
        (" \n", RequiredFieldMissing),
        ("the of and", InvalidField),
        ("-bridge", InvalidField),
        ("ferry OR -bridge", InvalidField),
        ("\"\" - !", InvalidField),
        ("br\0idge", NulCharacter),
        (&long, InvalidField),
    ] {
        refused(
            server.client.search_claims(query(words)),
            reason,
            &["query"],
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_fields_of_searches_are_refused() {
    let server = server().await;
    for (request, reason, field) in [
        (
            SearchClaimsRequest {
                page_size: -1,
                ..query("a b")
            },
            InvalidPageSize,
            "page_size",
        ),
        (
            SearchClaimsRequest {
                facets: vec![0],
                ..query("a b")
            },
            InvalidField,
            "facets[0]",
        ),
        (
            SearchClaimsRequest {
                facets: vec![1, 1],
                ..query("a b")
            },
            InvalidField,
            "facets[1]",
        ),
        (
            SearchClaimsRequest {
                facets: vec![9],
                ..query("a b")
            },
            InvalidEnumValue,
            "facets[0]",
        ),
        (
            SearchClaimsRequest {
                order_by: 9,
                ..query("a b")
            },
            InvalidEnumValue,
            "order_by",
        ),
        (
            SearchClaimsRequest {
                view: 9,
                ..query("a b")
            },
            InvalidEnumValue,
            "view",
        ),
        (
            SearchClaimsRequest {
                actor_query: "ab".into(),
                ..query("a b")
            },
            InvalidField,
            "actor_query",
        ),
        (
            SearchClaimsRequest {
                page_token: "AAAA".into(),
                ..query("a b")
            },
            InvalidPageToken,
            "page_token",
        ),
    ] {
        refused(server.client.search_claims(request), reason, &[field]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_is_good_for_its_own_search_only() {
    let server = server().await;
    let page = SearchClaimsRequest {
        page_size: 1,
        ..query("bridge")
    };
    let token = search(&server, page).await.next_page_token;
    for request in [
        query("ferry"),
        SearchClaimsRequest {
            order_by: SearchOrder::PublishTime.into(),
            ..query("bridge")
        },
        SearchClaimsRequest {
            actor_query: "Ann".into(),
            ..query("bridge")
        },
        SearchClaimsRequest {
            filter: Some(ClaimFilter::default()),
            ..query("bridge")
        },
    ] {
        let request = SearchClaimsRequest {
            page_token: token.clone(),
            ..request
        };
        let call = server.client.search_claims(request);
        refused(call, PageTokenFilterMismatch, &["page_token"]).await;
    }
}
