use onrecord::proto::ErrorReason::{EtagMismatch, FactCheckNotFound};
use onrecord::proto::import_claim_review_result::Outcome;
use onrecord::proto::{
    ClaimFilter, DeleteFactCheckRequest, FactCheck, FactCheckChange, GetFactCheckRequest,
    ImportClaimReviewsRequest, ImportedClaimReview, ListClaimReviewsRequest, ReviewAction,
    ReviewClaimRequest,
};

use super::{BY, ID, Requests, STALE, TEXT, check};
use crate::harness::TestServer;

const CHECKED: &str = "The northern ferry will carry 400 cars from June.";

fn fact_check(number: usize, publisher: &str) -> FactCheck {
    FactCheck {
        uri: format!("https://checks.example/{number}"),
        claim_reviewed: CHECKED.to_owned(),
        publisher: publisher.to_owned(),
        ..FactCheck::default()
    }
}

fn import(fact_checks: Vec<FactCheck>, id: &str) -> ImportClaimReviewsRequest {
    ImportClaimReviewsRequest {
        fact_checks,
        request_id: id.to_owned(),
    }
}

async fn imported(
    server: &TestServer,
    request: ImportClaimReviewsRequest,
) -> Vec<Option<ImportedClaimReview>> {
    let answer = server.client.import_claim_reviews(request).await;
    let outcomes = answer.expect("imported").results.into_iter();
    let outcomes = outcomes.map(|one| match one.outcome {
        Some(Outcome::Imported(imported)) => Some(imported),
        _ => None,
    });
    outcomes.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_recorded_once() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claim = server.claims(ClaimFilter::default()).await.remove(0);
    let request = |etag: &str, reason: &str| ReviewClaimRequest {
        name: claim.name.clone(),
        action: ReviewAction::Confirm.into(),
        requested_by: BY.to_owned(),
        reason: reason.to_owned(),
        etag: etag.to_owned(),
        request_id: ID.to_owned(),
        ..ReviewClaimRequest::default()
    };
    let requests = Requests {
        failing: (request(STALE, ""), EtagMismatch),
        request: request(&claim.etag, ""),
        other: request(&claim.etag, "Another"),
    };
    let call = async |request| server.client.review_claim(request).await;
    let (first, grown) = Box::pin(check(&server, requests, call)).await;
    assert_eq!((grown["claim_reviews"], grown["audit_log"]), (1, 1));

    // Another review in between is what the claim is now, but not what the first call recorded.
    let reject = ReviewClaimRequest {
        action: ReviewAction::Reject.into(),
        request_id: "another".to_owned(),
        ..request("", "")
    };
    let rejected = server.client.review_claim(reject).await.expect("rejected");
    let again = server.client.review_claim(request(&claim.etag, "")).await;
    let again = again.expect("before");
    assert_eq!((again.claim, again.review), (rejected.claim, first.review));
    let list = ListClaimReviewsRequest {
        parent: claim.name.clone(),
        ..ListClaimReviewsRequest::default()
    };
    let reviews = server.client.list_claim_reviews(list).await.expect("list");
    assert_eq!(reviews.reviews.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_check_is_deleted_once() {
    let server = TestServer::start().await;
    let stored = imported(&server, import(vec![fact_check(1, "Checks")], "")).await;
    let [Some(stored)] = &stored[..] else {
        panic!("{stored:?}")
    };
    let name = &stored.fact_check.as_ref().expect("a fact check").name;
    let request = |name: &str| DeleteFactCheckRequest {
        name: name.to_owned(),
        request_id: ID.to_owned(),
    };
    let unknown = "factChecks/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";
    let requests = Requests {
        failing: (request(unknown), FactCheckNotFound),
        request: request(name),
        other: request(unknown),
    };
    let call = async |request| server.client.delete_fact_check(request).await;
    let (_, grown) = Box::pin(check(&server, requests, call)).await;
    assert_eq!((grown["fact_checks"], grown["write_requests"]), (-1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn fact_checks_are_imported_once() {
    let server = TestServer::start().await;
    let said = CHECKED.trim_end_matches('.');
    let said = format!("“{said},” said Marek Dolan.");
    server.ingest_text(&said).await;
    // In no order, one of them twice, and one that is invalid.
    let mut fact_checks: Vec<FactCheck> = [3, 1, 2, 1].map(|n| fact_check(n, "Checks")).into();
    fact_checks[3].publisher = "Harbour Checks".to_owned();
    fact_checks.insert(2, FactCheck::default());
    let request = import(fact_checks, ID);
    let calls = (0..3).map(|_| imported(&server, request.clone()));
    let answers = futures_util::future::join_all(calls).await;
    let changes: Vec<Option<FactCheckChange>> = answers[0]
        .iter()
        .map(|one| one.as_ref().map(ImportedClaimReview::change))
        .collect();
    let (created, updated) = (FactCheckChange::Created, FactCheckChange::Updated);
    let expected = [created, created, created, updated].map(Some);
    assert_eq!([&changes[..2], &changes[3..]].concat(), expected);
    assert_eq!(changes[2], None);
    let stored = |answer: &[Option<ImportedClaimReview>]| -> Vec<FactCheck> {
        let stored = answer.iter().flatten();
        let stored = stored.filter_map(|one| one.fact_check.clone());
        stored.collect()
    };
    for checked in stored(&answers[0]) {
        assert_eq!(checked.matches.len(), 1, "{checked:?}");
    }
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }

    // What was imported since stays, and what was deleted stays away.
    let later = imported(
        &server,
        import(vec![fact_check(3, "Later Checks")], "later"),
    )
    .await;
    let [first, second, ..] = &stored(&answers[0])[..] else {
        panic!("several")
    };
    let delete = DeleteFactCheckRequest {
        name: second.name.clone(),
        ..DeleteFactCheckRequest::default()
    };
    server.client.delete_fact_check(delete).await.expect("gone");
    let again = imported(&server, request).await;
    let found = again[0].as_ref().and_then(|one| one.fact_check.as_ref());
    let later = later[0].as_ref().and_then(|one| one.fact_check.as_ref());
    assert_eq!(found, later);
    assert_eq!(again[1], None);
    let get = GetFactCheckRequest {
        name: first.name.clone(),
    };
    let now = server.client.get_fact_check(get).await.expect("there");
    let publisher = now.fact_check.expect("a fact check").publisher;
    assert_eq!(publisher, "Later Checks");
}
