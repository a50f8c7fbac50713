//! What a correction does to claims is told as anything else that happens to them.

use onrecord::proto::{
    ArticleState, ClaimChangeKind, ClaimFilter, CorrectArticleRequest, EngineKind,
};

use super::{Watch, names, request};
use crate::harness::TestServer;

const FERRY: &str = "“The ferry is full,” said Vera Lindqvist.";
const LATE: &str = "Ida Brandt denied that it was late.";
/// Has all words of the above, one after the other.
const LATE_NO_MORE: &str =
    "Ida Brandt was on board. Nobody denied anything, and that it was late is a legend.";

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_tells_of_each_claim_once() {
    let server = TestServer::start().await;
    let fares = "Joan Whitlock promised that fares would stay.";
    let article = server.ingest_text(&format!("{fares} {FERRY} {LATE}")).await;
    let before = names(&server, &article.name).await;
    assert_eq!(before.len(), 3);
    let mut watch = Watch::all(&server).await;

    let request = CorrectArticleRequest {
        name: article.name.clone(),
        text: format!("{fares} Corrected: {FERRY} {LATE_NO_MORE}"),
        engine: EngineKind::Rules.into(),
        requested_by: "desk".to_owned(),
        ..Default::default()
    };
    let answer = server.client.correct_article(request).await;
    let answer = answer.expect("corrected");
    assert_eq!(answer.unchanged_claim_count, 1);
    assert_eq!(answer.updated_claims, [before[1].clone()]);
    assert_eq!(answer.deleted_claims, [before[2].clone()]);

    let mut told = Vec::new();
    for _ in 0..2 + answer.created_claims.len() {
        told.push(watch.change().await);
    }
    let kinds = [
        (&answer.created_claims, ClaimChangeKind::Created),
        (&answer.updated_claims, ClaimChangeKind::Updated),
        (&answer.deleted_claims, ClaimChangeKind::Deleted),
    ];
    let expected = kinds.map(|(names, kind)| names.iter().map(move |name| (kind, name.clone())));
    assert_eq!(told, expected.into_iter().flatten().collect::<Vec<_>>());
    watch.is_silent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_active_articles_is_told_what_a_correction_deletes() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&format!("{FERRY} {LATE}")).await;
    let active = ClaimFilter {
        article_state: ArticleState::Active.into(),
        ..ClaimFilter::default()
    };
    let watch = Watch::begin(&server, request("", Some(active))).await;
    let mut watch = watch.expect("watch");
    let correction = CorrectArticleRequest {
        name: article.name,
        text: FERRY.to_owned(),
        engine: EngineKind::Rules.into(),
        requested_by: "desk".to_owned(),
        ..Default::default()
    };
    let answer = server.client.correct_article(correction).await;
    let gone = answer.expect("corrected").deleted_claims;
    assert_eq!(gone.len(), 1);
    let deleted = (ClaimChangeKind::Deleted, gone[0].clone());
    assert_eq!(watch.change().await, deleted);
}
