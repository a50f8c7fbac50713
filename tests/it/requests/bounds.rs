use onrecord::proto::ErrorReason::{InvalidField, NulCharacter};
use onrecord::proto::{
    DeleteArticleRequest, DeleteFactCheckRequest, FactCheck, ImportClaimReviewsRequest,
    ReextractArticleRequest, RetractArticleRequest, ReviewAction, ReviewClaimRequest,
};

use super::BY;
use super::actors::{self, merge, new_actor, rename, split};
use super::articles::{self, correct, retitle};
use crate::harness::{TestServer, refused};

const FIELD: [&str; 1] = ["request_id"];

/// What is no id, and why.
fn bad_ids() -> [(String, onrecord::proto::ErrorReason); 2] {
    [
        ("x".repeat(129), InvalidField),
        ("one\0".to_owned(), NulCharacter),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_for_actors_have_bounds() {
    let (server, [ida, vera]) = actors::server().await;
    let new = new_actor(&server, &vera).await;
    for (id, reason) in bad_ids() {
        let mut request = rename(&ida, "Ida B.");
        request.request_id.clone_from(&id);
        refused(server.client.update_actor(request), reason, &FIELD).await;
        let mut request = merge(&ida, &vera);
        request.request_id.clone_from(&id);
        refused(server.client.merge_actors(request), reason, &FIELD).await;
        let mut request = split(&vera, new.clone());
        request.request_id = id;
        refused(server.client.split_actor(request), reason, &FIELD).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_for_articles_have_bounds() {
    let (server, article) = articles::server().await;
    let (name, requested_by) = (&article.name, BY.to_owned());
    for (request_id, reason) in bad_ids() {
        let mut request = correct(&article, "Corrected.");
        request.request_id.clone_from(&request_id);
        refused(server.client.correct_article(request), reason, &FIELD).await;
        let mut request = retitle(&article, "Ferry full");
        request.request_id.clone_from(&request_id);
        refused(server.client.update_article(request), reason, &FIELD).await;
        let request = RetractArticleRequest {
            name: name.clone(),
            requested_by: requested_by.clone(),
            request_id: request_id.clone(),
            ..RetractArticleRequest::default()
        };
        refused(server.client.retract_article(request), reason, &FIELD).await;
        let request = DeleteArticleRequest {
            name: name.clone(),
            requested_by: requested_by.clone(),
            request_id: request_id.clone(),
            ..DeleteArticleRequest::default()
        };
        refused(server.client.delete_article(request), reason, &FIELD).await;
        let request = ReextractArticleRequest {
            name: name.clone(),
            request_id,
            ..ReextractArticleRequest::default()
        };
        refused(server.client.reextract_article(request), reason, &FIELD).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_for_claims_and_fact_checks_have_bounds() {
    // Without a database: they are refused before it is asked.
    let server = TestServer::with(None).await;
    let id = "0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";
    for (request_id, reason) in bad_ids() {
        let request = ReviewClaimRequest {
            name: format!("claims/{id}"),
            action: ReviewAction::Confirm.into(),
            requested_by: BY.to_owned(),
            request_id: request_id.clone(),
            ..ReviewClaimRequest::default()
        };
        refused(server.client.review_claim(request), reason, &FIELD).await;
        let request = ImportClaimReviewsRequest {
            fact_checks: vec![FactCheck::default()],
            request_id: request_id.clone(),
        };
        let call = server.client.import_claim_reviews(request);
        refused(call, reason, &FIELD).await;
        let request = DeleteFactCheckRequest {
            name: format!("factChecks/{id}"),
            request_id,
        };
        refused(server.client.delete_fact_check(request), reason, &FIELD).await;
    }
}
