//! Claims whose words the publisher put elsewhere in the article.

use onrecord::proto::{Claim, ClaimFilter, ReviewAction, ReviewState};

use super::{FERRY, LATE, NEW, correct, ingest, names, review, to};
use crate::harness::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn claims_of_paragraphs_that_changed_places_are_the_same_claims() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, &format!("{FERRY}\n\n{LATE}\n\n{NEW}")).await;
    let before = server.claims(ClaimFilter::default()).await;
    assert_eq!(before.len(), 3);
    let first = review(&server, &before[0], ReviewAction::Confirm).await;
    review(&server, &before[1], ReviewAction::Reject).await;

    let text = format!("Corrected.\n\n{NEW}\n\n{LATE}\n\n{FERRY}");
    let answer = correct(&server, to(&article, &text)).await;
    let now = server.claims(ClaimFilter::default()).await;
    let expected: Vec<_> = names(&before).into_iter().rev().collect();
    assert_eq!(names(&now), expected);
    assert_eq!(answer.updated_claims, expected);
    assert!(answer.created_claims.is_empty() && answer.deleted_claims.is_empty());
    assert_eq!(
        (answer.kept_claim_count, answer.unchanged_claim_count),
        (2, 0)
    );

    let states: Vec<_> = now.iter().map(Claim::review_state).collect();
    let expected = [
        ReviewState::Machine,
        ReviewState::Rejected,
        ReviewState::Confirmed,
    ];
    assert_eq!(states, expected);
    assert_eq!(now[2].create_time, first.create_time);
    for claim in &now {
        for span in &claim.content.as_ref().expect("content").spans {
            let end = usize::try_from(span.end).expect("a place");
            let start = usize::try_from(span.start).expect("a place");
            assert_eq!(text[start..end], span.text);
        }
    }
}
