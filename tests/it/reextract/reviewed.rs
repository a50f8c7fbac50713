//! Claims that a person reviewed.

use onrecord::proto::{Claim, EngineKind, ReviewState};

use super::{change, check_in_order, check_told, claims, identity, reextract, text};
use crate::harness::TestServer;

async fn review(server: &TestServer, claim: &Claim, state: ReviewState) {
    let state = state.as_str_name().trim_start_matches("REVIEW_STATE_");
    let statement = format!("UPDATE claims SET review_state = '{state}' WHERE id = $1");
    change(server, &claim.name, &statement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reviewed_claims_are_kept_and_do_not_come_twice() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let whole = claims(&server).await;
    // Those without a parent: of others the parent may go, with another engine.
    let alone = whole.iter().filter(|claim| claim.parent_claim.is_empty());
    let states = [
        ReviewState::Confirmed,
        ReviewState::Rejected,
        ReviewState::Edited,
    ];
    for (claim, state) in alone.zip(states) {
        review(&server, claim, state).await;
    }
    let mut before = claims(&server).await;
    let reviewed = |claims: &[Claim]| -> Vec<Claim> {
        let machine = i32::from(ReviewState::Machine);
        claims
            .iter()
            .filter(|claim| claim.review_state != machine)
            .cloned()
            .collect()
    };
    let kept = reviewed(&before);
    for engine in [EngineKind::Rules, EngineKind::Model, EngineKind::Rules] {
        let answer = reextract(&server, &article, engine).await;
        assert_eq!(answer.kept_claim_count, 3);
        let after = claims(&server).await;
        assert_eq!(reviewed(&after), kept);
        check_told(&before, &answer, &after);
        check_in_order(&server, &answer.article.expect("the article")).await;
        before = after;
    }
    let identities = |claims: &[Claim]| claims.iter().map(identity).collect::<Vec<_>>();
    assert_eq!(identities(&before), identities(&whole));
}

/// A person may have found what no engine reads.
#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_claim_that_is_not_read_again_keeps_its_place() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let whole = claims(&server).await;
    for (claim, state) in whole
        .iter()
        .skip(2)
        .step_by(2)
        .zip([ReviewState::Edited; 2])
    {
        review(&server, claim, state).await;
        change(
            &server,
            &claim.name,
            "UPDATE claims SET cue = '[]' WHERE id = $1",
        )
        .await;
    }
    let before = claims(&server).await;
    let answer = reextract(&server, &article, EngineKind::Rules).await;
    let after = claims(&server).await;
    check_told(&before, &answer, &after);
    // What the engine reads there is another claim.
    assert_eq!(
        (answer.created_claims.len(), answer.kept_claim_count),
        (2, 2)
    );
    check_in_order(&server, &answer.article.expect("the article")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_claim_loses_a_parent_that_is_deleted_and_nothing_else() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let whole = claims(&server).await;
    let child = whole.iter().find(|claim| !claim.parent_claim.is_empty());
    let child = child.expect("a claim inside another");
    review(&server, child, ReviewState::Confirmed).await;
    let parent = &child.parent_claim;
    change(
        &server,
        parent,
        "UPDATE claims SET cue = '[]' WHERE id = $1",
    )
    .await;

    let before = claims(&server).await;
    let answer = reextract(&server, &article, EngineKind::Rules).await;
    let after = claims(&server).await;
    check_told(&before, &answer, &after);
    assert_eq!(answer.deleted_claims, std::slice::from_ref(parent));
    let kept = after.iter().find(|claim| claim.name == child.name);
    let kept = kept.expect("the reviewed claim");
    assert_ne!(kept.etag, child.etag);
    let orphaned = Claim {
        parent_claim: String::new(),
        review_state: ReviewState::Confirmed.into(),
        etag: kept.etag.clone(),
        ..child.clone()
    };
    assert_eq!(*kept, orphaned);
    check_in_order(&server, &answer.article.expect("the article")).await;
}
