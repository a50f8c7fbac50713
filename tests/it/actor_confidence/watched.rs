//! Watchers of claims that are sure of their actors.

use onrecord::proto::{
    Claim, ClaimChangeKind, ReviewAction, ReviewClaimRequest, WatchClaimsRequest,
    WatchClaimsResponse,
};
use prost_types::FieldMask;
use tonic::Streaming;

use super::{TEXT, all, at_least, names_of, sure};
use crate::harness::TestServer;

async fn watch(server: &TestServer, min: f32) -> Streaming<WatchClaimsResponse> {
    let request = WatchClaimsRequest {
        filter: Some(at_least(min)),
        ..Default::default()
    };
    let mut client = server.claim_service().await;
    let watch = client.watch_claims(request).await.expect("a watch");
    let mut watch = watch.into_inner();
    let first = watch.message().await.expect("a message").expect("no end");
    assert_eq!(first.claim, None);
    watch
}

async fn next(watch: &mut Streaming<WatchClaimsResponse>) -> (ClaimChangeKind, Claim) {
    loop {
        let message = watch.message().await.expect("a message").expect("no end");
        let kind = message.kind();
        if let Some(claim) = message.claim {
            return (kind, claim);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_come_that_are_sure_enough() {
    let server = TestServer::start().await;
    let mut watch = watch(&server, f32::MIN_POSITIVE).await;
    server.ingest_text(TEXT).await;
    for name in names_of(&all(&server).await, f32::MIN_POSITIVE) {
        let (kind, claim) = next(&mut watch).await;
        assert_eq!((kind, claim.name), (ClaimChangeKind::Created, name));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_comes_and_goes_as_people_say_who_it_is() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claims = all(&server).await;
    assert!(sure(&claims[0]).is_some_and(|sure| sure < 1.0));
    let mut watch = watch(&server, 1.0).await;
    let edit = ReviewClaimRequest {
        name: claims[0].name.clone(),
        action: ReviewAction::Edit.into(),
        claim: Some(claims[0].clone()),
        update_mask: Some(FieldMask {
            paths: vec!["actor".to_owned()],
        }),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    let withdraw = ReviewClaimRequest {
        action: ReviewAction::Withdraw.into(),
        claim: None,
        update_mask: None,
        ..edit.clone()
    };
    for (request, told) in [
        (edit, ClaimChangeKind::Updated),
        (withdraw, ClaimChangeKind::Deleted),
    ] {
        server.client.review_claim(request).await.expect("noted");
        let (kind, claim) = next(&mut watch).await;
        assert_eq!((kind, &claim.name), (told, &claims[0].name));
    }
}
