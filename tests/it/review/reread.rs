//! Reviews of claims whose article is read again, and whoever watches.

use onrecord::proto::{
    ArticleState, Claim, ClaimChangeKind, ClaimFilter, ClaimKind, EngineKind,
    ReextractArticleRequest, ReextractArticleResponse, RetractArticleRequest, ReviewAction,
    ReviewState, WatchClaimsRequest,
};

use super::{BY, TEXT, act, edit, get, history, note};
use crate::harness::TestServer;

async fn reread(server: &TestServer, article: &str) -> ReextractArticleResponse {
    let request = ReextractArticleRequest {
        name: article.to_owned(),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let answer = server.client.reextract_article(request).await;
    answer.expect("read again")
}

/// Of the kind that is no engine's reading here.
fn question() -> Claim {
    Claim {
        kind: ClaimKind::Question.into(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_claim_outlives_readings_until_it_is_withdrawn() {
    let server = TestServer::start().await;
    let article = server.ingest_text(TEXT).await;
    let claims = server.claims(ClaimFilter::default()).await;
    let (claim, other) = (&claims[0], &claims[1]);
    let (edited, _) = note(&server, edit(claim, &["kind", "actor"], question())).await;
    let (rejected, _) = note(&server, act(other, ReviewAction::Reject)).await;
    let answer = reread(&server, &article.name).await;
    assert_eq!(
        (answer.kept_claim_count, answer.created_claims.len()),
        (2, 0)
    );
    let now = server.claims(ClaimFilter::default()).await;
    assert_eq!(now, [edited, rejected]);

    note(&server, act(claim, ReviewAction::Withdraw)).await;
    let answer = reread(&server, &article.name).await;
    assert_eq!(
        (answer.kept_claim_count, answer.unchanged_claim_count),
        (1, 1)
    );
    let now = get(&server, claim).await;
    assert_eq!((now.kind, &now.actor), (claim.kind, &claim.actor));
    assert_eq!(now.review_state(), ReviewState::Machine);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_of_a_claim_that_is_gone_stays_readable() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claims = server.claims(ClaimFilter::default()).await;
    note(&server, edit(&claims[0], &["kind"], question())).await;
    let before = history(&server, &claims[0]).await;
    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    let deleted = sqlx::query("DELETE FROM articles").execute(&mut connection);
    deleted.await.expect("deleted");
    assert_eq!(before.len(), 1);
    assert_eq!(history(&server, &claims[0]).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retracted_article_can_be_read_again_and_stays_retracted() {
    let server = TestServer::start().await;
    let article = server.ingest_text(TEXT).await;
    let request = RetractArticleRequest {
        name: article.name.clone(),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    let retracted = server.client.retract_article(request).await;
    let retracted = retracted.expect("retracted").article.expect("the article");
    let again = reread(&server, &article.name).await.article;
    let again = again.expect("the article");
    assert_eq!(again.state(), ArticleState::Retracted);
    assert_eq!(again.retraction, retracted.retraction);
}

#[tokio::test(flavor = "multi_thread")]
async fn watchers_are_told_of_reviews() {
    let server = TestServer::start().await;
    let mut client = server.claim_service().await;
    let watch = client.watch_claims(WatchClaimsRequest::default()).await;
    let mut watch = watch.expect("a watch").into_inner();
    let first = watch.message().await.expect("a message").expect("no end");
    assert_eq!(first.claim, None);
    let mut next = async || loop {
        let message = watch.message().await.expect("a message").expect("no end");
        let kind = message.kind();
        if let Some(claim) = message.claim {
            return (kind, claim.name, claim.review_state);
        }
    };
    server.ingest_text(TEXT).await;
    let claims = server.claims(ClaimFilter::default()).await;
    for claim in &claims {
        let created = (ClaimChangeKind::Created, claim.name.clone());
        let (kind, name, _) = next().await;
        assert_eq!((kind, name), created);
    }

    // A change is told with the claim as it is when it is read: one review after the other. One that changes nothing is
    // not told of.
    let as_question = || edit(&claims[0], &["kind"], question());
    for (review, state) in [
        (as_question(), Some(ReviewState::Edited)),
        (as_question(), None),
        (
            act(&claims[0], ReviewAction::Confirm),
            Some(ReviewState::Confirmed),
        ),
        (
            act(&claims[0], ReviewAction::Withdraw),
            Some(ReviewState::Machine),
        ),
    ] {
        note(&server, review).await;
        if let Some(state) = state {
            let updated = ClaimChangeKind::Updated;
            let told = (updated, claims[0].name.clone(), i32::from(state));
            assert_eq!(next().await, told);
        }
    }
}
