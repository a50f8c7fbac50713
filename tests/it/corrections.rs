//! Articles whose publishers change their text: what stays the same claim, and what was said before.

mod concurrent;
mod killed;
mod moved;
mod spans;

use futures_util::TryStreamExt;
use onrecord::proto::{
    Article, ArticleRevision, ArticleState, Claim, ClaimFilter, CorrectArticleRequest,
    CorrectArticleResponse, Document, EncodingType, EngineKind, GetArticleRequest,
    IngestArticleRequest, ListArticleRevisionsRequest, ListRevisionClaimsRequest,
    RetractArticleRequest, ReviewAction, ReviewClaimRequest, ReviewState,
};

use crate::harness::TestServer;

const BY: &str = "desk@example.org";
const FERRY: &str = "“The ferry is full,” said Vera Lindqvist.";
const LATE: &str = "Ida Brandt denied that it was late.";
const NEW: &str = "Joan Whitlock promised that fares would stay.";

fn document(text: &str) -> Document {
    Document {
        text: text.to_owned(),
        title: "Ferry full".to_owned(),
        uri: "https://courier.example/ferry".to_owned(),
        publisher: "Ostbridge Courier".to_owned(),
        ..Document::default()
    }
}

async fn ingest(server: &TestServer, text: &str) -> (Article, bool) {
    let request = IngestArticleRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let answer = server.client.ingest_article(request).await.expect("stored");
    (answer.article.expect("the article"), answer.created)
}

fn to(article: &Article, text: &str) -> CorrectArticleRequest {
    CorrectArticleRequest {
        name: article.name.clone(),
        text: text.to_owned(),
        engine: EngineKind::Rules.into(),
        reason: "The editors were wrong.".to_owned(),
        requested_by: BY.to_owned(),
        ..Default::default()
    }
}

async fn correct(server: &TestServer, request: CorrectArticleRequest) -> CorrectArticleResponse {
    let answer = server.client.correct_article(request).await;
    answer.expect("corrected")
}

async fn get(server: &TestServer, name: &str, revision: i32) -> Article {
    let request = GetArticleRequest {
        name: name.to_owned(),
        revision,
        ..Default::default()
    };
    let answer = server.client.get_article(request).await.expect("get");
    answer.article.expect("the article")
}

/// By pages of one.
async fn claims_of(server: &TestServer, name: &str, revision: i32) -> Vec<Claim> {
    let request = ListRevisionClaimsRequest {
        parent: name.to_owned(),
        revision,
        page_size: 1,
        ..Default::default()
    };
    let claims = server.client.all_revision_claims(request).try_collect();
    claims.await.expect("list")
}

/// By pages of one.
async fn revisions(server: &TestServer, name: &str) -> Vec<ArticleRevision> {
    let request = ListArticleRevisionsRequest {
        parent: name.to_owned(),
        page_size: 1,
        ..Default::default()
    };
    let revisions = server.client.all_article_revisions(request).try_collect();
    revisions.await.expect("list")
}

async fn review(server: &TestServer, claim: &Claim, action: ReviewAction) -> Claim {
    let request = ReviewClaimRequest {
        name: claim.name.clone(),
        action: action.into(),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    let answer = server.client.review_claim(request).await.expect("noted");
    answer.claim.expect("the claim")
}

fn names(claims: &[Claim]) -> Vec<&str> {
    claims.iter().map(|claim| claim.name.as_str()).collect()
}

/// Where the content of a claim begins.
fn start(claim: &Claim) -> i32 {
    claim.content.as_ref().expect("content").spans[0].start
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_whose_words_stay_are_the_same_claims() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, &format!("{FERRY} {LATE}")).await;
    let before = server.claims(ClaimFilter::default()).await;
    assert_eq!(before.len(), 2);

    let text = format!("Correction: see below. {FERRY} {NEW}");
    let answer = correct(&server, to(&article, &text)).await;
    assert!(answer.corrected);
    let now = server.claims(ClaimFilter::default()).await;
    assert_eq!(now.len(), 2);
    assert_eq!(answer.updated_claims, [before[0].name.clone()]);
    assert_eq!(answer.deleted_claims, [before[1].name.clone()]);
    assert_eq!(answer.created_claims, [now[1].name.clone()]);
    assert_eq!(
        (answer.unchanged_claim_count, answer.kept_claim_count),
        (0, 0)
    );
    assert_eq!(now[0].name, before[0].name);
    assert_eq!(now[0].create_time, before[0].create_time);
    assert_ne!(now[0].etag, before[0].etag);
    assert_eq!(start(&now[0]), start(&before[0]) + 23);

    let article = answer.article.expect("the article");
    assert_eq!((article.revision, article.claim_count), (2, 2));
    assert_eq!(article.state(), ArticleState::Corrected);
    assert_eq!(article.title, "Ferry full");
    assert_eq!(get(&server, &article.name, 0).await.text, text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_stays_readable() {
    let server = TestServer::start().await;
    let (first, _) = ingest(&server, &format!("{FERRY} {LATE}")).await;
    let name = first.name.clone();
    let original = get(&server, &name, 1).await;
    let said = server.claims(ClaimFilter::default()).await;
    let second = CorrectArticleRequest {
        title: "Ferry nearly full".to_owned(),
        authors: vec!["Ann Lee".to_owned()],
        ..to(&first, &format!("{FERRY} {NEW}"))
    };
    correct(&server, second).await;
    let corrected = server.claims(ClaimFilter::default()).await;
    correct(&server, to(&first, NEW)).await;

    let early = get(&server, &name, 1).await;
    assert_eq!(early.text, original.text);
    assert_eq!(
        (
            &early.title,
            &early.blocks,
            &early.text_sha256,
            early.claim_count
        ),
        (&original.title, &original.blocks, &original.text_sha256, 2)
    );
    assert_eq!(claims_of(&server, &name, 1).await, said);
    assert_eq!(claims_of(&server, &name, 2).await, corrected);
    let now = server.claims(ClaimFilter::default()).await;
    assert_eq!(claims_of(&server, &name, 3).await, now);
    let middle = get(&server, &name, 2).await;
    assert_eq!(middle.title, "Ferry nearly full");
    let last = get(&server, &name, 3).await;
    assert_eq!(last, get(&server, &name, 0).await);
    assert_eq!(
        (&last.title, &last.authors),
        (&middle.title, &middle.authors)
    );

    let revisions = revisions(&server, &name).await;
    let told: Vec<_> = revisions
        .iter()
        .map(|one| (one.revision, one.claim_count, one.requested_by.as_str()))
        .collect();
    assert_eq!(told, [(3, 1, BY), (2, 2, BY), (1, 2, "")]);
    assert_eq!(revisions[0].reason, "The editors were wrong.");
    assert_eq!(revisions[2].create_time, first.create_time);
    assert_eq!(revisions[2].text_sha256, original.text_sha256);
    assert!(revisions.is_sorted_by_key(|one| std::cmp::Reverse(one.revision)));
}

#[tokio::test(flavor = "multi_thread")]
async fn reviewed_claims_stay_while_their_words_do() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, &format!("{FERRY} {LATE}")).await;
    let claims = server.claims(ClaimFilter::default()).await;
    let rejected = review(&server, &claims[0], ReviewAction::Reject).await;
    let confirmed = review(&server, &claims[1], ReviewAction::Confirm).await;

    let moved = correct(&server, to(&article, &format!("Yes. {FERRY} {LATE}"))).await;
    assert_eq!((moved.kept_claim_count, moved.created_claims.len()), (2, 0));
    assert_eq!(moved.updated_claims, names(&claims));
    let now = server.claims(ClaimFilter::default()).await;
    assert_eq!(names(&now), names(&claims));
    assert_eq!(now[0].review_state(), ReviewState::Rejected);
    assert_eq!(start(&now[1]), start(&confirmed) + 5);

    let gone = correct(&server, to(&article, LATE)).await;
    assert_eq!(gone.deleted_claims, std::slice::from_ref(&rejected.name));
    assert_eq!(gone.kept_claim_count, 1);
    let before = claims_of(&server, &article.name, 2).await;
    assert_eq!(before[0].review_state(), ReviewState::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_text_corrects_nothing() {
    let server = TestServer::start().await;
    let text = format!("{FERRY} {LATE}");
    let (article, _) = ingest(&server, &text).await;
    let request = CorrectArticleRequest {
        etag: article.etag.clone(),
        ..to(&article, NEW)
    };
    for corrected in [true, false, false] {
        let answer = correct(&server, request.clone()).await;
        assert_eq!(answer.corrected, corrected);
        assert_eq!(answer.article.expect("the article").revision, 2);
        assert_eq!(answer.unchanged_claim_count, i64::from(!corrected));
    }
    // Back to the first text is a correction as any other.
    let back = correct(&server, to(&article, &text)).await;
    assert_eq!(back.article.expect("the article").revision, 3);
    assert_eq!(revisions(&server, &article.name).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_article_was_is_still_this_article() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, FERRY).await;
    correct(&server, to(&article, NEW)).await;
    for text in [FERRY, NEW] {
        let (again, created) = ingest(&server, text).await;
        assert_eq!((again.name, created), (article.name.clone(), false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retracted_article_can_be_corrected_and_stays_retracted() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, FERRY).await;
    let retract = RetractArticleRequest {
        name: article.name.clone(),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server
        .client
        .retract_article(retract)
        .await
        .expect("retracted");
    let answer = correct(&server, to(&article, NEW)).await;
    let article = answer.article.expect("the article");
    assert_eq!(
        (article.state(), article.revision),
        (ArticleState::Retracted, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn offsets_of_an_earlier_text_count_in_that_text() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, &format!("😀 {FERRY}")).await;
    correct(&server, to(&article, FERRY)).await;
    for (encoding, before, now) in [
        (EncodingType::Utf8, 5, 0),
        (EncodingType::Utf16, 3, 0),
        (EncodingType::Utf32, 2, 0),
    ] {
        for (revision, expected) in [(1, before), (2, now)] {
            let request = ListRevisionClaimsRequest {
                parent: article.name.clone(),
                revision,
                encoding_type: encoding.into(),
                ..Default::default()
            };
            let page = server.client.list_revision_claims(request).await;
            let claims = page.expect("a page").claims;
            assert_eq!(start(&claims[0]), expected, "{encoding:?} {revision}");
        }
    }
}
