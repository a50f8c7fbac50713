//! Resource names: of the wrong form, and of nothing that is there.

use onrecord::proto::ErrorReason::{
    ActorNotFound, ArticleNotFound, ClaimNotFound, InvalidField, InvalidResourceName,
    RequiredFieldMissing,
};
use onrecord::proto::{
    BatchGetClaimsRequest, ClaimFilter, GetActorRequest, GetArticleRequest, GetClaimRequest,
    ReextractArticleRequest,
};

use super::{ID, filtered};
use crate::harness::{TestServer, refused};

/// Everything that is no name of `collection`.
fn bad_names(collection: &str) -> Vec<String> {
    let other = if collection == "actors" {
        "claims"
    } else {
        "actors"
    };
    vec![
        "/".to_owned(),
        ID.to_owned(),
        collection.to_owned(),
        format!("{collection}/"),
        format!("{collection}/local-1"),
        format!("{collection}/1"),
        format!("{other}/{ID}"),
        format!("/{collection}/{ID}"),
        format!("{collection}//{ID}"),
        format!("{collection}/{ID}/"),
        format!("{collection}/{ID}/claims/{ID}"),
        format!("{collection}/{}", ID.to_uppercase()),
        format!("{collection}/{}", ID.replace('-', "")),
        format!("{collection}/{{{ID}}}"),
        format!("{collection}/urn:uuid:{ID}"),
        format!("{collection}/{ID}\n"),
        format!(" {collection}/{ID}"),
        format!("{collection}/{ID}\0"),
        format!("{collection}/-"),
        "é".repeat(10_000),
    ]
}

fn article(name: &str) -> GetArticleRequest {
    GetArticleRequest {
        name: name.to_owned(),
        ..Default::default()
    }
}

fn again(name: &str) -> ReextractArticleRequest {
    ReextractArticleRequest {
        name: name.to_owned(),
        ..Default::default()
    }
}

fn actor(name: &str) -> GetActorRequest {
    GetActorRequest {
        name: name.to_owned(),
    }
}

fn claim(name: &str) -> GetClaimRequest {
    GetClaimRequest {
        name: name.to_owned(),
        ..Default::default()
    }
}

fn batch(names: &[&str]) -> BatchGetClaimsRequest {
    BatchGetClaimsRequest {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_name_as_the_service_writes_it_is_taken() {
    let server = TestServer::start().await;
    let client = &server.client;
    for name in bad_names("articles") {
        refused(
            client.get_article(article(&name)),
            InvalidResourceName,
            &["name"],
        )
        .await;
        refused(
            client.reextract_article(again(&name)),
            InvalidResourceName,
            &["name"],
        )
        .await;
        let filter = ClaimFilter {
            article: name,
            ..Default::default()
        };
        let call = client.list_claims(filtered(filter));
        refused(call, InvalidResourceName, &["filter.article"]).await;
    }
    for name in bad_names("actors") {
        refused(
            client.get_actor(actor(&name)),
            InvalidResourceName,
            &["name"],
        )
        .await;
        let filter = ClaimFilter {
            actor: name,
            ..Default::default()
        };
        let call = client.list_claims(filtered(filter));
        refused(call, InvalidResourceName, &["filter.actor"]).await;
    }
    let good = format!("claims/{ID}");
    for name in bad_names("claims") {
        refused(
            client.get_claim(claim(&name)),
            InvalidResourceName,
            &["name"],
        )
        .await;
        let call = client.batch_get_claims(batch(&[&good, &name, &good, &name]));
        refused(call, InvalidResourceName, &["names[1]", "names[3]"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_has_to_be_given() {
    let server = TestServer::start().await;
    let client = &server.client;
    let missing = RequiredFieldMissing;
    refused(client.get_article(article("")), missing, &["name"]).await;
    refused(client.reextract_article(again("")), missing, &["name"]).await;
    refused(client.get_actor(actor("")), missing, &["name"]).await;
    refused(client.get_claim(claim("")), missing, &["name"]).await;
    refused(client.batch_get_claims(batch(&[])), missing, &["names"]).await;
    let call = client.batch_get_claims(batch(&["claims/x", ""]));
    refused(call, InvalidResourceName, &["names[0]", "names[1]"]).await;
    let name = format!("claims/{ID}");
    let call = client.batch_get_claims(batch(&vec![name.as_str(); 1_001]));
    refused(call, InvalidField, &["names"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_nothing_is_not_found() {
    let server = TestServer::start().await;
    let client = &server.client;
    server
        .ingest_text("“The bridge is safe,” said Ann Lee.")
        .await;
    let known = server.claims(ClaimFilter::default()).await.remove(0).name;

    let name = format!("articles/{ID}");
    let fault = refused(client.get_article(article(&name)), ArticleNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], name);
    let call = client.reextract_article(again(&name));
    assert_eq!(
        refused(call, ArticleNotFound, &[]).await.metadata["name"],
        name
    );
    let name = format!("actors/{ID}");
    let fault = refused(client.get_actor(actor(&name)), ActorNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], name);
    let name = format!("claims/{ID}");
    let fault = refused(client.get_claim(claim(&name)), ClaimNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], name);
    assert_eq!(fault.metadata["missing_count"], "1");

    let other = name.replace("0190", "0191");
    let names = [&known, &other, &name, &known, &other].map(String::as_str);
    let fault = refused(client.batch_get_claims(batch(&names)), ClaimNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], other);
    assert_eq!(fault.metadata["missing_count"], "3");
}
