//! Reviews and retractions that are refused.

use onrecord::proto::ErrorReason::{
    ActorMerged, ActorNotFound, ArticleNotFound, ClaimNotFound, InvalidEnumValue, InvalidField,
    InvalidPageSize, InvalidPageToken, InvalidResourceName, NulCharacter, RequiredFieldMissing,
};
use onrecord::proto::{
    Certainty, Claim, ClaimFilter, ListClaimReviewsRequest, MergeActorsRequest,
    RetractArticleRequest, ReviewAction, ReviewClaimRequest,
};
use prost_types::FieldMask;

use super::ID;
use crate::harness::{TestServer, refused};

fn edit(name: &str, claim: Claim, paths: &[&str]) -> ReviewClaimRequest {
    ReviewClaimRequest {
        name: name.to_owned(),
        action: ReviewAction::Edit.into(),
        claim: Some(claim),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(ToString::to_string).collect(),
        }),
        requested_by: "me".to_owned(),
        ..Default::default()
    }
}

fn reviews(name: &str) -> ListClaimReviewsRequest {
    ListClaimReviewsRequest {
        parent: name.to_owned(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_reviews_name_their_fields() {
    let server = TestServer::with(None).await;
    let client = &server.client;
    let fields = &["name", "action", "requested_by"];
    let call = client.review_claim(ReviewClaimRequest::default());
    refused(call, RequiredFieldMissing, fields).await;
    let name = format!("claims/{ID}");
    let call = client.review_claim(edit(&name, Claim::default(), &[]));
    refused(call, RequiredFieldMissing, &["update_mask"]).await;
    let bad = ReviewClaimRequest {
        name: "claims/local-1".to_owned(),
        action: 5,
        reason: "\0".to_owned(),
        etag: "1".to_owned(),
        ..edit(&name, Claim::default(), &[])
    };
    let call = client.review_claim(bad);
    let fields = &["name", "action", "reason", "etag"];
    refused(call, InvalidResourceName, fields).await;
    let confirm = ReviewClaimRequest {
        action: ReviewAction::Confirm.into(),
        ..edit(&name, Claim::default(), &["kind"])
    };
    refused(client.review_claim(confirm), InvalidField, &["update_mask"]).await;

    let claim = Claim {
        kind: 99,
        actor: "actors/x".to_owned(),
        ..Claim::default()
    };
    let paths = &["kind", "actor", "quote_type", "confidence", "source"];
    let fields = &[
        "claim.kind",
        "claim.actor",
        "claim.quote_type",
        "update_mask.paths[3]",
        "update_mask.paths[4]",
    ];
    let call = client.review_claim(edit(&name, claim, paths));
    refused(call, InvalidEnumValue, fields).await;
    for path in ["", "name", "content", "Kind", "source_class", "etag", "*"] {
        let call = client.review_claim(edit(&name, Claim::default(), &[path]));
        refused(call, InvalidField, &["update_mask.paths[0]"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lists_of_reviews_and_retractions_name_their_fields() {
    let server = TestServer::with(None).await;
    let client = &server.client;
    let call = client.list_claim_reviews(reviews(""));
    refused(call, RequiredFieldMissing, &["parent"]).await;
    let page = ListClaimReviewsRequest {
        page_size: -1,
        page_token: "x".to_owned(),
        ..reviews(&format!("claims/{ID}"))
    };
    let fields = &["page_size", "page_token"];
    refused(
        client.list_claim_reviews(page.clone()),
        InvalidPageSize,
        fields,
    )
    .await;
    let page = ListClaimReviewsRequest {
        page_size: 0,
        ..page
    };
    refused(
        client.list_claim_reviews(page),
        InvalidPageToken,
        &["page_token"],
    )
    .await;

    let call = client.retract_article(RetractArticleRequest::default());
    refused(call, RequiredFieldMissing, &["name", "requested_by"]).await;
    let bad = RetractArticleRequest {
        name: format!("articles/{ID}"),
        reason: "x".repeat(2_001),
        requested_by: "\0".to_owned(),
        etag: "x".to_owned(),
        ..RetractArticleRequest::default()
    };
    let fields = &["requested_by", "reason", "etag"];
    refused(client.retract_article(bad), NulCharacter, fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_cannot_be_reviewed() {
    let server = TestServer::start().await;
    let client = &server.client;
    let ghost = format!("claims/{ID}");
    let call = client.review_claim(edit(&ghost, Claim::default(), &["kind"]));
    refused(call, ClaimNotFound, &[]).await;
    refused(
        client.list_claim_reviews(reviews(&ghost)),
        ClaimNotFound,
        &[],
    )
    .await;
    let retract = RetractArticleRequest {
        name: format!("articles/{ID}"),
        requested_by: "me".to_owned(),
        ..Default::default()
    };
    refused(client.retract_article(retract), ArticleNotFound, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_do_not_fit_the_claim_change_nothing() {
    let server = TestServer::start().await;
    let client = &server.client;
    let text = "“The bridge is safe,” said Ann Lee. Ida Brandt said it snowed.";
    server.ingest_text(text).await;
    let before = server.claims(ClaimFilter::default()).await;
    let (lee, brandt) = (&before[0], &before[1]);
    let open = Claim {
        certainty: Certainty::Unspecified.into(),
        ..Claim::default()
    };
    let call = client.review_claim(edit(&lee.name, open, &["certainty"]));
    refused(call, InvalidField, &["update_mask"]).await;
    let of = |actor: &str| Claim {
        actor: actor.to_owned(),
        ..Claim::default()
    };
    let nobody = format!("actors/{ID}");
    let call = client.review_claim(edit(&lee.name, of(&nobody), &["actor"]));
    let fault = refused(call, ActorNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], nobody);
    assert_eq!(server.claims(ClaimFilter::default()).await, before);

    let merge = MergeActorsRequest {
        name: lee.actor.clone(),
        sources: vec![brandt.actor.clone()],
        requested_by: "me".to_owned(),
        ..Default::default()
    };
    client.merge_actors(merge).await.expect("merged");
    let call = client.review_claim(edit(&lee.name, of(&brandt.actor), &["actor"]));
    refused(call, ActorMerged, &[]).await;
    let page = client.list_claim_reviews(reviews(&lee.name)).await;
    assert!(page.expect("no reviews").reviews.is_empty());
}
