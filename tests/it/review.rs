//! What people say of claims, and articles that are withdrawn.

mod reread;

use onrecord::proto::ErrorReason::EtagMismatch;
use onrecord::proto::{
    ArticleState, Claim, ClaimFilter, ClaimKind, ClaimReview, GetArticleRequest, GetClaimRequest,
    ListClaimReviewsRequest, MergeActorsRequest, PartConfidence, QuoteType, ReporterStance,
    RetractArticleRequest, ReviewAction, ReviewClaimRequest, ReviewState, Source, SourceClass,
};
use prost_types::FieldMask;

use crate::harness::{TestServer, refused};

const TEXT: &str = "“The ferry is full,” said Vera Lindqvist. Ida Brandt denied that it was late.";
const BY: &str = "desk@example.org";

fn act(claim: &Claim, action: ReviewAction) -> ReviewClaimRequest {
    ReviewClaimRequest {
        name: claim.name.clone(),
        action: action.into(),
        requested_by: BY.to_owned(),
        ..Default::default()
    }
}

fn edit(claim: &Claim, paths: &[&str], values: Claim) -> ReviewClaimRequest {
    ReviewClaimRequest {
        claim: Some(values),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(ToString::to_string).collect(),
        }),
        ..act(claim, ReviewAction::Edit)
    }
}

/// Sends a review that has to be noted.
async fn note(server: &TestServer, request: ReviewClaimRequest) -> (Claim, ClaimReview) {
    let answer = server.client.review_claim(request).await.expect("noted");
    let claim = answer.claim.expect("the claim");
    assert_eq!(get(server, &claim).await, claim);
    (claim, answer.review.expect("the review"))
}

async fn get(server: &TestServer, claim: &Claim) -> Claim {
    let request = GetClaimRequest {
        name: claim.name.clone(),
        ..Default::default()
    };
    let answer = server.client.get_claim(request).await.expect("get");
    answer.claim.expect("the claim")
}

/// The claim's reviews, by pages of two.
async fn history(server: &TestServer, claim: &Claim) -> Vec<ClaimReview> {
    use futures_util::TryStreamExt;
    let request = ListClaimReviewsRequest {
        parent: claim.name.clone(),
        page_size: 2,
        ..Default::default()
    };
    let reviews = server.client.all_claim_reviews(request).try_collect().await;
    reviews.expect("list")
}

/// All of a claim that a withdrawal brings back: everything but the version.
fn substance(claim: &Claim) -> Claim {
    Claim {
        etag: String::new(),
        ..claim.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_confirmed_rejected_and_withdrawn() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claims = server.claims(ClaimFilter::default()).await;
    let (claim, other) = (&claims[0], &claims[1]);
    let mut etag = claim.etag.clone();
    for (action, state) in [
        (ReviewAction::Confirm, ReviewState::Confirmed),
        (ReviewAction::Reject, ReviewState::Rejected),
        (ReviewAction::Withdraw, ReviewState::Machine),
    ] {
        let request = ReviewClaimRequest {
            reason: format!("{action:?}"),
            etag: etag.clone(),
            ..act(claim, action)
        };
        let (now, review) = note(&server, request.clone()).await;
        let expected = Claim {
            review_state: state.into(),
            ..substance(claim)
        };
        assert_eq!(substance(&now), expected);
        assert_ne!(now.etag, etag);
        assert_eq!((review.action(), review.review_state()), (action, state));
        assert_eq!((review.changed_fields, review.before), (None, None));
        refused(server.client.review_claim(request), EtagMismatch, &[]).await;
        let filter = ClaimFilter {
            review_state: state.into(),
            ..Default::default()
        };
        assert!(server.claims(filter).await.contains(&now));
        etag = now.etag;
    }
    assert_eq!(get(&server, other).await, *other);

    // What is so already is noted, too, but no change.
    let (now, _) = note(&server, act(claim, ReviewAction::Withdraw)).await;
    assert_eq!(now.etag, etag);
    let reviews = history(&server, claim).await;
    let reasons: Vec<&str> = reviews
        .iter()
        .map(|review| review.reason.as_str())
        .collect();
    assert_eq!(reasons, ["", "Withdraw", "Reject", "Confirm"]);
    assert!(reviews.iter().all(|review| review.requested_by == BY));
    assert!(reviews.is_sorted_by_key(|review| {
        let time = review.create_time.expect("a time");
        std::cmp::Reverse((time.seconds, time.nanos))
    }));
    assert!(history(&server, other).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_changes_what_the_mask_names_and_a_withdrawal_brings_it_back() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claims = server.claims(ClaimFilter::default()).await;
    let (claim, other) = (&claims[0], &claims[1]);
    let values = Claim {
        actor: other.actor.clone(),
        kind: ClaimKind::Evaluation.into(),
        reporter_stance: ReporterStance::Distanced.into(),
        quote_type: QuoteType::Mixed.into(),
        source: Some(Source {
            source_class: SourceClass::Role.into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let paths = ["actor", "kind", "reporter_stance", "source.source_class"];
    let (edited, review) = note(&server, edit(claim, &paths, values.clone())).await;
    let mut source = claim.source.clone().expect("a source");
    source.set_source_class(SourceClass::Role);
    let expected = Claim {
        actor: other.actor.clone(),
        actor_display_name: other.actor_display_name.clone(),
        kind: values.kind,
        reporter_stance: values.reporter_stance,
        source: Some(source),
        part_confidence: Some(PartConfidence {
            actor: Some(1.0),
            ..claim.part_confidence.unwrap_or_default()
        }),
        review_state: ReviewState::Edited.into(),
        ..substance(claim)
    };
    assert_eq!(substance(&edited), expected);
    assert_eq!(review.changed_fields.expect("a mask").paths, paths);
    let after = review.after.expect("values");
    let unmasked = Claim {
        quote_type: 0,
        ..values.clone()
    };
    assert_eq!(after, unmasked);
    let before = review.before.expect("values");
    assert_eq!((&before.actor, before.kind), (&claim.actor, claim.kind));
    let of_other = ClaimFilter {
        actor: other.actor.clone(),
        kind: values.kind,
        ..Default::default()
    };
    assert_eq!(server.claims(of_other).await, [edited]);

    // A second edit, and agreement: the machine's values are still those before the first.
    let again = Claim {
        kind: ClaimKind::Question.into(),
        quote_type: QuoteType::Indirect.into(),
        ..Default::default()
    };
    note(&server, edit(claim, &["kind", "quote_type"], again)).await;
    let (confirmed, _) = note(&server, act(claim, ReviewAction::Confirm)).await;
    assert_eq!(confirmed.kind(), ClaimKind::Question);
    assert_eq!(confirmed.review_state(), ReviewState::Confirmed);
    let (withdrawn, review) = note(&server, act(claim, ReviewAction::Withdraw)).await;
    assert_eq!(substance(&withdrawn), substance(claim));
    assert_eq!(review.changed_fields.expect("a mask").paths.len(), 5);
    let kinds: Vec<i32> = history(&server, claim)
        .await
        .iter()
        .filter_map(|review| review.after.as_ref())
        .map(|after| after.kind)
        .collect();
    let expected = [claim.kind, ClaimKind::Question.into(), values.kind];
    assert_eq!(kinds, expected);
}

/// The machine's actor may be another's redirect by the time it is brought back.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_knows_of_merges() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claims = server.claims(ClaimFilter::default()).await;
    let (claim, other) = (&claims[0], &claims[1]);
    let nobody = edit(claim, &["actor"], Claim::default());
    let (edited, _) = note(&server, nobody).await;
    assert_eq!(edited.actor, "");
    let merge = MergeActorsRequest {
        name: other.actor.clone(),
        sources: vec![claim.actor.clone()],
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server.client.merge_actors(merge).await.expect("merged");
    let (withdrawn, _) = note(&server, act(claim, ReviewAction::Withdraw)).await;
    assert_eq!(withdrawn.actor, other.actor);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retracted_article_stays_readable_and_its_claims_can_be_told_apart() {
    let server = TestServer::start().await;
    let article = server.ingest_text(TEXT).await;
    let standing = server.ingest_text("Ann Lee said it froze.").await;
    let claims = server.claims(ClaimFilter::default()).await;
    let request = RetractArticleRequest {
        name: article.name.clone(),
        reason: "The publisher took it back.".to_owned(),
        requested_by: BY.to_owned(),
        etag: "\"99\"".to_owned(),
        ..RetractArticleRequest::default()
    };
    let call = server.client.retract_article(request.clone());
    let fault = refused(call, EtagMismatch, &[]).await;
    assert_eq!(fault.metadata["name"], article.name);
    let request = RetractArticleRequest {
        etag: article.etag.clone(),
        ..request
    };
    let call = server.client.retract_article(request.clone()).await;
    let retracted = call.expect("retracted").article.expect("the article");
    assert_eq!(retracted.state(), ArticleState::Retracted);
    assert_ne!(retracted.etag, article.etag);
    let retraction = retracted.retraction.as_ref().expect("a retraction");
    assert_eq!(
        (&retraction.reason, retraction.requested_by.as_str()),
        (&request.reason, BY)
    );

    // The same again, or another reason, changes nothing.
    for reason in [request.reason.clone(), "Another.".to_owned()] {
        let again = RetractArticleRequest {
            reason,
            ..request.clone()
        };
        let answer = server.client.retract_article(again).await.expect("known");
        assert_eq!(answer.article.as_ref(), Some(&retracted));
    }
    let get = GetArticleRequest {
        name: article.name.clone(),
        ..Default::default()
    };
    let whole = server.client.get_article(get).await.expect("get").article;
    assert_eq!(whole.expect("the article").text, TEXT);
    assert_eq!(server.claims(ClaimFilter::default()).await, claims);
    let of = |state: ArticleState| ClaimFilter {
        article_state: state.into(),
        ..Default::default()
    };
    let withdrawn = server.claims(of(ArticleState::Retracted)).await;
    assert!(withdrawn.len() == 2 && withdrawn.iter().all(|claim| claim.article == article.name));
    let active = server.claims(of(ArticleState::Active)).await;
    assert!(active.len() == 1 && active[0].article == standing.name);
}
