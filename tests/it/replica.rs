//! A replica answers what only reads. Here it is a database of its own, whose rows tell who answered.

use std::time::Duration;

use futures_util::TryStreamExt;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::ErrorReason::ArticleNotFound;
use onrecord::proto::article_service_client::ArticleServiceClient;
use onrecord::proto::{
    ClaimFilter, ExportClaimsRequest, ExportClaimsResponse, ExportFormat, GetArticleRequest,
    PRIMARY, READ_FROM,
};
use onrecord::store::{PoolOptions, Store};
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status};

use crate::harness::{Database, Fault, TestServer, url};

const NEW: &str = "Ann Lee said the bridge was safe.";
const OLD: &str = "Marek Dolan denied that it rained.";

async fn get(server: &TestServer, name: &str, from_primary: bool) -> Result<(), Status> {
    let mut client = ArticleServiceClient::new(server.channel().await);
    let mut request = Request::new(GetArticleRequest {
        name: name.to_owned(),
        ..Default::default()
    });
    if from_primary {
        let value = MetadataValue::from_static(PRIMARY);
        request.metadata_mut().insert(READ_FROM, value);
    }
    client
        .get_article(request)
        .await
        .map(Response::into_inner)
        .map(drop)
}

fn is_missing(answer: &Result<(), Status>) -> bool {
    matches!(answer, Err(status) if Fault::of(status).reason == ArticleNotFound)
}

/// Whoever answers before the replica was looked at is the primary database.
async fn until_the_replica_answers(server: &TestServer, name: &str) {
    for _ in 0..300 {
        if get(server, name, false).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the replica does not answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_answered_by_the_replica_unless_the_primary_is_asked_for() {
    let replica = TestServer::start().await;
    let old = replica.ingest_text(OLD).await.name;
    let copy = replica.database.as_ref().expect("a database").store();
    let database = Database::create().await;
    let server = TestServer::with(Some(database.store().with_replica(copy))).await;
    until_the_replica_answers(&server, &old).await;

    let new = server.ingest_text(NEW).await.name;
    assert!(is_missing(&get(&server, &new, false).await));
    get(&server, &new, true).await.expect("what was written");
    assert!(is_missing(&get(&server, &old, true).await));
    let own = ClientOptions {
        read_own_writes: true,
        ..ClientOptions::default()
    };
    let client = Client::connect_with(url(server.address), own).await;
    let request = GetArticleRequest {
        name: new.clone(),
        ..Default::default()
    };
    let client = client.expect("a client");
    let article = client.get_article(request).await;
    article.expect("what was written");
    let export = ExportClaimsRequest {
        format: ExportFormat::Csv.into(),
        ..Default::default()
    };
    let pieces = client.export_claims(export).await.expect("a file");
    let pieces: Vec<ExportClaimsResponse> = pieces.try_collect().await.expect("all of it");
    let file = pieces.into_iter().flat_map(|piece| piece.data).collect();
    let file = String::from_utf8(file).expect("text");
    assert!(file.contains("the bridge was safe") && !file.contains("it rained"));
    let claims = server.claims(ClaimFilter::default()).await;
    assert!(claims.iter().all(|claim| claim.article == old));
    assert!(!claims.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_replica_the_primary_answers() {
    let nowhere = "postgres://127.0.0.1:1/onrecord";
    let nowhere = Store::connect_url(nowhere, PoolOptions::default()).expect("a URL");
    let empty = Database::create_empty().await;
    for replica in [nowhere, empty.store()] {
        let database = Database::create().await;
        let server = TestServer::with(Some(database.store().with_replica(replica))).await;
        let new = server.ingest_text(NEW).await.name;
        // Longer than it takes to look at the replica.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        get(&server, &new, false).await.expect("the article");
    }
}
