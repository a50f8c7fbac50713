use onrecord::proto::ErrorReason::{
    FactCheckNotFound, InvalidField, InvalidPageSize, InvalidPageToken, InvalidResourceName,
    NulCharacter, RequiredFieldMissing,
};
use onrecord::proto::import_claim_review_result::Outcome;
use onrecord::proto::{
    DeleteFactCheckRequest, ErrorReason, FactCheck, FactCheckRating, GetFactCheckRequest,
    ImportClaimReviewsRequest, ImportClaimReviewsResponse, ListFactChecksRequest,
};
use prost::Message;
use prost_types::Timestamp;
use tonic::{Code, Status};

use super::{fact_checks, ferry_check};
use crate::harness::{Fault, TestServer, refused};

async fn import(
    server: &TestServer,
    fact_checks: Vec<FactCheck>,
) -> Result<ImportClaimReviewsResponse, Status> {
    let request = ImportClaimReviewsRequest {
        fact_checks,
        ..ImportClaimReviewsRequest::default()
    };
    server.client.import_claim_reviews(request).await
}

/// A fact check with one thing wrong, why it is refused, and the field.
fn bad() -> Vec<(FactCheck, ErrorReason, &'static str)> {
    let good = ferry_check;
    let rated = |rating| FactCheck {
        rating: Some(rating),
        ..good()
    };
    let none = FactCheckRating::default;
    let at = |uri: &str| FactCheck {
        uri: uri.to_owned(),
        ..good()
    };
    let claiming = |claim: &str| FactCheck {
        claim_reviewed: claim.to_owned(),
        ..good()
    };
    vec![
        (at(""), RequiredFieldMissing, "uri"),
        (at("checks.example/1"), InvalidField, "uri"),
        (at("javascript:alert(1)"), InvalidField, "uri"),
        (at("https://"), InvalidField, "uri"),
        (
            at(&format!("https://{}", "x".repeat(2_000))),
            InvalidField,
            "uri",
        ),
        (at("https://checks.example/\0"), NulCharacter, "uri"),
        (claiming(" "), RequiredFieldMissing, "claim_reviewed"),
        (claiming(&"x".repeat(2_001)), InvalidField, "claim_reviewed"),
        (claiming("a\0b"), NulCharacter, "claim_reviewed"),
        (
            FactCheck {
                publisher: "p".repeat(501),
                ..good()
            },
            InvalidField,
            "publisher",
        ),
        (
            FactCheck {
                publish_time: Some(Timestamp {
                    seconds: 0,
                    nanos: -1,
                }),
                ..good()
            },
            InvalidField,
            "publish_time",
        ),
        (
            FactCheck {
                claimant: "\0".to_owned(),
                ..good()
            },
            NulCharacter,
            "claimant",
        ),
        (
            FactCheck {
                appearance_uris: vec!["https://a.example".to_owned(), "a poster".to_owned()],
                ..good()
            },
            InvalidField,
            "appearance_uris[1]",
        ),
        (
            FactCheck {
                appearance_uris: vec!["https://a.example".to_owned(); 21],
                ..good()
            },
            InvalidField,
            "appearance_uris",
        ),
        (
            rated(FactCheckRating {
                text: "x".repeat(501),
                ..none()
            }),
            InvalidField,
            "rating.text",
        ),
        (
            rated(FactCheckRating {
                best_value: Some(f64::NAN),
                ..none()
            }),
            InvalidField,
            "rating.best_value",
        ),
        (
            FactCheck {
                language_code: "english language".to_owned(),
                ..good()
            },
            InvalidField,
            "language_code",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_fact_check_fails_alone() {
    let server = TestServer::start().await;
    let bad = bad();
    let sent = bad.iter().map(|(sent, ..)| sent.clone());
    let sent = sent.chain([ferry_check()]).collect();
    let mut results = import(&server, sent).await.expect("an answer").results;
    let last = results.pop().expect("the good one").outcome;
    assert!(matches!(last, Some(Outcome::Imported(_))), "{last:?}");
    assert_eq!(results.len(), bad.len());
    for (n, (result, (_, reason, field))) in results.into_iter().zip(bad).enumerate() {
        let Some(Outcome::Error(error)) = result.outcome else {
            panic!("{field} was taken")
        };
        let details = error.encode_to_vec().into();
        let status = Status::with_details(Code::from(error.code), error.message, details);
        let fault = Fault::of(&status);
        assert_eq!(fault.reason, reason, "{field}: {status:?}");
        assert_eq!(fault.fields, [format!("fact_checks[{n}].{field}")]);
    }
    assert_eq!(fact_checks(&server, &[]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_call_is_refused() {
    let server = TestServer::start().await;
    let call = import(&server, Vec::new());
    refused(call, RequiredFieldMissing, &["fact_checks"]).await;
    let call = import(&server, vec![ferry_check(); 51]);
    refused(call, InvalidField, &["fact_checks"]).await;

    let get = |name: &str| {
        let name = name.to_owned();
        server.client.get_fact_check(GetFactCheckRequest { name })
    };
    let delete = |name: &str| {
        let name = name.to_owned();
        let request = DeleteFactCheckRequest {
            name,
            ..DeleteFactCheckRequest::default()
        };
        server.client.delete_fact_check(request)
    };
    let none = "factChecks/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";
    refused(get(""), RequiredFieldMissing, &["name"]).await;
    refused(get("claims/1"), InvalidResourceName, &["name"]).await;
    refused(delete("factchecks/1"), InvalidResourceName, &["name"]).await;
    let fault = refused(get(none), FactCheckNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], none);
    refused(delete(none), FactCheckNotFound, &[]).await;

    let list = |request| server.client.list_fact_checks(request);
    let of = |names: Vec<&str>| ListFactChecksRequest {
        claims: names.into_iter().map(str::to_owned).collect(),
        ..ListFactChecksRequest::default()
    };
    let call = list(of(vec!["claims/local-1"]));
    refused(call, InvalidResourceName, &["claims[0]"]).await;
    let name = none.replace("factChecks", "claims");
    let call = list(of(vec![&name; 1_001]));
    refused(call, InvalidField, &["claims"]).await;
    let call = list(ListFactChecksRequest {
        page_size: -1,
        ..of(Vec::new())
    });
    refused(call, InvalidPageSize, &["page_size"]).await;
    let call = list(ListFactChecksRequest {
        page_token: "x".to_owned(),
        ..of(Vec::new())
    });
    refused(call, InvalidPageToken, &["page_token"]).await;
    let unknown = list(of(vec![&name])).await.expect("a page");
    assert_eq!(unknown.fact_checks, []);
}
