//! Published fact checks are matched to the claims that say what they checked, and to no others.

mod command;
mod deleted;
mod errors;
mod export;
mod later;
mod lists;
mod plans;

use onrecord::proto::import_claim_review_result::Outcome;
use onrecord::proto::{
    Claim, ClaimFilter, Document, FactCheck, FactCheckChange, FactCheckMatch, FactCheckRating,
    ImportClaimReviewsRequest, ImportedClaimReview, ListFactChecksRequest,
};

use crate::harness::TestServer;

const CLAIM: &str = "The northern ferry will carry 400 cars from June.";
const SAID: &str = "Vera Lindqvist said that the northern ferry would carry 400 cars from June.";
const AGAIN: &str = "“The northern ferry will carry 400 cars from June,” said Marek Dolan.";

/// What somebody said that does not put forward what was checked.
const NOT_SAID: [&str; 8] = [
    "Ida Brandt said that the northern ferry would carry 250 cars from June.",
    "Ida Brandt said that the northern ferry would not carry 400 cars from June.",
    "Ida Brandt denied that the northern ferry would carry 400 cars from June.",
    "Ida Brandt doubted that the northern ferry would carry 400 cars from June.",
    "Ida Brandt did not believe that the northern ferry would carry 400 cars from June.",
    "“Will the northern ferry carry 400 cars from June?” asked Tom Pell.",
    "Tom Pell said that it would.",
    "Tom Pell said that the baker on the hill had sold his shop.",
];

fn ferry_check() -> FactCheck {
    FactCheck {
        uri: "https://checks.example/ferry".to_owned(),
        claim_reviewed: CLAIM.to_owned(),
        publisher: "Harbour Checks".to_owned(),
        publish_time: Some("2024-05-20T09:00:00Z".parse().expect("a time")),
        claimant: "vera Lindqvist".to_owned(),
        claim_time: Some("2024-05-01T00:00:00Z".parse().expect("a time")),
        appearance_uris: vec!["https://courier.example/ferry".to_owned()],
        rating: Some(FactCheckRating {
            text: "False".to_owned(),
            value: Some(1.0),
            best_value: Some(5.0),
            worst_value: Some(1.0),
        }),
        language_code: "en".to_owned(),
        ..FactCheck::default()
    }
}

/// Stores an article of a day in May.
async fn ingest(server: &TestServer, day: u32, text: &str) {
    let time = format!("2024-05-{day:02}T09:00:00Z");
    let document = Document {
        text: text.to_owned(),
        title: "Ferries".to_owned(),
        uri: format!("https://courier.example/{day}"),
        publisher: "Courier".to_owned(),
        publish_time: Some(time.parse().expect("a time")),
        ..Document::default()
    };
    server.ingest(document).await;
}

/// A server with what was said, and with what was not.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    let said = [SAID, AGAIN].into_iter().chain(NOT_SAID);
    for (day, text) in (1..).zip(said) {
        ingest(&server, day, text).await;
    }
    server
}

async fn import(server: &TestServer, fact_check: FactCheck) -> ImportedClaimReview {
    let request = ImportClaimReviewsRequest {
        fact_checks: vec![fact_check],
        ..ImportClaimReviewsRequest::default()
    };
    let answer = server.client.import_claim_reviews(request).await;
    let mut results = answer.expect("imported").results;
    match results.pop().expect("a result").outcome {
        Some(Outcome::Imported(imported)) => imported,
        outcome => panic!("{outcome:?}"),
    }
}

/// The claims, the earliest first.
async fn claims(server: &TestServer, filter: ClaimFilter) -> Vec<Claim> {
    let mut claims = server.claims(filter).await;
    claims.reverse();
    claims
}

fn checked(is: bool) -> ClaimFilter {
    ClaimFilter {
        has_fact_check: Some(is),
        ..ClaimFilter::default()
    }
}

fn content(claim: &Claim) -> &str {
    &claim.content.as_ref().expect("a content").text
}

async fn fact_checks(server: &TestServer, claims: &[&Claim]) -> Vec<FactCheck> {
    let request = ListFactChecksRequest {
        claims: claims.iter().map(|claim| claim.name.clone()).collect(),
        ..ListFactChecksRequest::default()
    };
    let answer = server.client.list_fact_checks(request).await;
    answer.expect("a page").fact_checks
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_check_is_shown_with_the_claims_that_say_what_was_checked() {
    let server = server().await;
    let imported = import(&server, ferry_check()).await;
    assert_eq!(imported.change(), FactCheckChange::Created);
    let stored = imported.fact_check.expect("the fact check");
    assert!(stored.name.starts_with("factChecks/"), "{}", stored.name);
    let sent = FactCheck {
        name: String::new(),
        matches: Vec::new(),
        create_time: None,
        update_time: None,
        ..stored.clone()
    };
    assert_eq!(sent, ferry_check());

    let found = claims(&server, checked(true)).await;
    let contents: Vec<&str> = found.iter().map(content).collect();
    assert_eq!(contents.len(), 2, "{contents:?}");
    let by = |claim: &Claim| claim.actor_display_name == "Vera Lindqvist";
    for claim in &found {
        let [shown] = &claim.fact_checks[..] else {
            panic!("{claim:?}")
        };
        assert_eq!(shown.fact_check, stored.name);
        assert_eq!(shown.uri, stored.uri);
        assert_eq!(shown.publisher, "Harbour Checks");
        assert_eq!(shown.publish_time, stored.publish_time);
        assert_eq!(shown.rating, stored.rating);
        assert!(shown.confidence >= 0.9, "{shown:?}");
        assert_eq!(shown.by_claimant, by(claim), "{claim:?}");
    }
    let matches = |matches: &[FactCheckMatch]| {
        let mut names: Vec<String> = matches.iter().map(|one| one.claim.clone()).collect();
        names.sort_unstable();
        names
    };
    let mut names: Vec<String> = found.iter().map(|claim| claim.name.clone()).collect();
    names.sort_unstable();
    assert_eq!(matches(&stored.matches), names);
    assert_eq!(
        stored.matches.iter().filter(|one| one.by_claimant).count(),
        1
    );
    assert_eq!(claims(&server, checked(false)).await.len(), NOT_SAID.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_again_is_updated_and_matched_to_what_came_since() {
    let server = TestServer::start().await;
    let first = import(&server, ferry_check()).await.fact_check.expect("it");
    assert_eq!(first.matches, []);
    ingest(&server, 1, SAID).await;
    let again = import(&server, ferry_check()).await;
    assert_eq!(again.change(), FactCheckChange::Unchanged);
    let again = again.fact_check.expect("it");
    assert_eq!(
        (&again.name, again.update_time),
        (&first.name, first.update_time)
    );
    assert_eq!(again.matches.len(), 1);

    let other = FactCheck {
        rating: None,
        ..ferry_check()
    };
    let updated = import(&server, other).await;
    assert_eq!(updated.change(), FactCheckChange::Updated);
    let updated = updated.fact_check.expect("it");
    assert_eq!((&updated.name, updated.rating), (&first.name, None));
    assert_ne!(updated.update_time, first.update_time);
    // A page may check several claims.
    let second = FactCheck {
        claim_reviewed: "The baker on the hill sold his shop.".to_owned(),
        ..ferry_check()
    };
    assert_eq!(
        import(&server, second).await.change(),
        FactCheckChange::Created
    );
    assert_eq!(fact_checks(&server, &[]).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_means_something_else_elsewhere_matches_nothing() {
    let server = TestServer::start().await;
    ingest(&server, 1, "Ann Lee said that it was safe.").await;
    let vague = FactCheck {
        claim_reviewed: "It was safe.".to_owned(),
        ..ferry_check()
    };
    let imported = import(&server, vague).await.fact_check.expect("it");
    assert_eq!(imported.matches, []);
    assert_eq!(claims(&server, checked(true)).await, []);
}
