//! Has this been claimed before, by whom, and who says the opposite: over made-up articles.

mod copies;
mod related;

use onrecord::proto::ErrorReason::{
    InvalidEnumValue, InvalidField, InvalidResourceName, NulCharacter, RequiredFieldMissing,
};
use onrecord::proto::{
    ClaimFilter, ClaimMatch, ContradictionReason, Document, EncodingType, MatchClaimsRequest,
    MatchClaimsResponse, MatchDepth, Relation,
};
use prost_types::Timestamp;

use crate::harness::{Ruler, TestServer, refused};

const CLAIM: &str = "The night ferry will carry 400 cars from June.";

/// What was said, in an article of its own each, the newest first and a day apart.
const SAID: [&str; 6] = [
    "Ida Brandt said that the night ferry would carry 400 cars from June.",
    "Marek Dolan said that the night ferry will not carry 400 cars from June.",
    "Ann Lee said that the night ferry will carry 250 cars from June.",
    "Ida Brandt said: “The night ferry will carry 400 cars from June.”",
    "🦀 Ann Lee said that the night ferry will carry 400 cars from June.",
    "Marek Dolan said that the baker on the hill had sold his shop.",
];

/// The article of one saying, `days` days old.
fn article(text: &str, days: i64) -> Document {
    Document {
        text: text.to_owned(),
        publish_time: Some(Timestamp {
            seconds: 1_704_067_200 - days * 86_400,
            nanos: 0,
        }),
        ..Document::default()
    }
}

async fn server() -> TestServer {
    let server = TestServer::start().await;
    for (days, text) in (0..).zip(SAID) {
        server.ingest(article(text, days)).await;
    }
    server
}

fn text(text: &str) -> MatchClaimsRequest {
    MatchClaimsRequest {
        text: text.to_owned(),
        ..MatchClaimsRequest::default()
    }
}

fn content(one: &ClaimMatch) -> &str {
    let claim = one.claim.as_ref().expect("a claim");
    &claim.content.as_ref().expect("a content").text
}

async fn matches(server: &TestServer, request: MatchClaimsRequest) -> MatchClaimsResponse {
    let found = server.client.match_claims(request.clone()).await;
    found.unwrap_or_else(|error| panic!("{request:?}: {error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_said_it_first_and_who_says_otherwise() {
    let server = server().await;
    for depth in [MatchDepth::Words, MatchDepth::Meaning] {
        let request = MatchClaimsRequest {
            depth: depth.into(),
            ..text(CLAIM)
        };
        let found = matches(&server, request).await;
        let of = |relation: Relation| {
            let all = found.matches.iter();
            all.filter(move |one| one.relation() == relation)
        };
        assert_eq!(of(Relation::Repeats).count(), 3, "{depth:?}: {found:#?}");
        let first = found.first_claim.as_ref().expect("the first");
        assert_eq!(first.actor_display_name, "Ann Lee");
        assert_eq!(found.repeating_article_count, 3);
        for (said, reason) in [
            ("250 cars", ContradictionReason::OtherNumber),
            ("not carry", ContradictionReason::OppositePolarity),
        ] {
            let mut against = of(Relation::Contradicts).filter(|one| content(one).contains(said));
            let one = against
                .next()
                .unwrap_or_else(|| panic!("{said}: {found:#?}"));
            assert_eq!(one.contradiction_reason(), reason);
        }
        for one in &found.matches {
            let told = one.relation() != Relation::Unspecified;
            assert_eq!(told, one.confidence > 0.0);
            assert!((0.0..=1.0).contains(&one.confidence));
            let contradicts = one.relation() == Relation::Contradicts;
            let reason = one.contradiction_reason();
            assert_eq!(contradicts, reason != ContradictionReason::Unspecified);
        }
        assert!(found.matches.is_sorted_by(|a, b| a.score >= b.score));
        assert!(
            found
                .matches
                .iter()
                .all(|one| !content(one).contains("baker"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_limits_and_units() {
    let server = server().await;
    let found = matches(&server, text(CLAIM)).await;
    let first = found.first_claim.expect("the first");
    let of_actor = MatchClaimsRequest {
        filter: Some(ClaimFilter {
            actor: first.actor.clone(),
            ..ClaimFilter::default()
        }),
        encoding_type: EncodingType::Utf16.into(),
        ..text(CLAIM)
    };
    let found = matches(&server, of_actor).await;
    assert_eq!((found.matches.len(), found.repeating_article_count), (2, 1));
    let first = found.first_claim.expect("the first");
    let spans = &first.content.as_ref().expect("a content").spans;
    Ruler::new(SAID[4]).check(EncodingType::Utf16, spans);

    let one = MatchClaimsRequest {
        max_results: 1,
        ..text(CLAIM)
    };
    let found = matches(&server, one).await;
    assert_eq!((found.matches.len(), found.repeating_article_count), (1, 3));

    for nothing in ["the of and", "?!", "zeppelins"] {
        let found = matches(&server, text(nothing)).await;
        assert_eq!(found, MatchClaimsResponse::default(), "{nothing}");
    }
    // Whatever stands in it is no operator of a search.
    let odd = matches(&server, text("'ferry' & !night | cars:* \\ <->")).await;
    assert_eq!(odd.matches.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_are_refused() {
    let server = TestServer::start().await;
    let long = "x".repeat(2_001);
    for (words, reason) in [
        ("", RequiredFieldMissing),
        (" \n", RequiredFieldMissing),
        ("fer\0ry", NulCharacter),
        (&long, InvalidField),
    ] {
        refused(server.client.match_claims(text(words)), reason, &["text"]).await;
    }
    let given = || text(CLAIM);
    for (request, reason, field) in [
        (
            MatchClaimsRequest {
                max_results: -1,
                ..given()
            },
            InvalidField,
            "max_results",
        ),
        (
            MatchClaimsRequest {
                depth: 9,
                ..given()
            },
            InvalidEnumValue,
            "depth",
        ),
        (
            MatchClaimsRequest {
                encoding_type: 9,
                ..given()
            },
            InvalidEnumValue,
            "encoding_type",
        ),
        (
            MatchClaimsRequest {
                filter: Some(ClaimFilter {
                    actor: "Ann Lee".to_owned(),
                    ..ClaimFilter::default()
                }),
                ..given()
            },
            InvalidResourceName,
            "filter.actor",
        ),
    ] {
        refused(server.client.match_claims(request), reason, &[field]).await;
    }
}
