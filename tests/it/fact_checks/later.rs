//! Claims that are stored after the fact check.

use onrecord::matching::Depth;
use onrecord::proto::{Claim, ReviewAction, ReviewClaimRequest};
use onrecord::server::ServerOptions;

use super::{AGAIN, NOT_SAID, SAID, checked, claims, ferry_check, import, ingest};
use crate::harness::{Database, TestServer, eventually};

async fn review(server: &TestServer, claim: &Claim, action: ReviewAction) {
    let request = ReviewClaimRequest {
        name: claim.name.clone(),
        action: action.into(),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    server.client.review_claim(request).await.expect("noted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_comes_later_is_matched_as_it_is_assigned_to_propositions() {
    let database = Database::create().await;
    let options = ServerOptions {
        propositions: Some(Depth::Words),
        ..TestServer::options()
    };
    let server = TestServer::launch(Some(database.store()), options).await;
    import(&server, ferry_check()).await;
    for (day, text) in (1..).zip([SAID, AGAIN].into_iter().chain(NOT_SAID)) {
        ingest(&server, day, text).await;
    }
    let mut connection = database.connection().await;
    eventually("every claim to be settled", async || {
        let left = sqlx::query_scalar("SELECT count(*) FROM unsettled_claims");
        let left: i64 = left.fetch_one(&mut connection).await.expect("a number");
        (left == 0).then_some(())
    })
    .await;
    let found = claims(&server, checked(true)).await;
    assert_eq!(found.len(), 2, "{found:#?}");
    // Importing it again finds the same ones.
    import(&server, ferry_check()).await;
    let again = claims(&server, checked(true)).await;
    let names = |claims: &[Claim]| -> Vec<String> {
        claims.iter().map(|claim| claim.name.clone()).collect()
    };
    assert_eq!(names(&again), names(&found));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_not_made_has_not_been_checked() {
    let server = TestServer::start().await;
    ingest(&server, 1, SAID).await;
    import(&server, ferry_check()).await;
    let claim = claims(&server, checked(true)).await.remove(0);
    review(&server, &claim, ReviewAction::Reject).await;
    assert_eq!(claims(&server, checked(true)).await, []);
    let rejected = claims(&server, checked(false)).await;
    assert_eq!(rejected[0].fact_checks, []);
    assert_eq!(super::fact_checks(&server, &[&claim]).await, []);
    review(&server, &claim, ReviewAction::Withdraw).await;
    let back = claims(&server, checked(true)).await;
    assert_eq!(back[0].fact_checks, claim.fact_checks);
}
