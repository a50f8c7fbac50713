//! A replica answers what only reads. Here it is a database of its own, whose rows tell who answered.

use futures_util::TryStreamExt;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::ErrorReason::ArticleNotFound;
use onrecord::proto::article_service_client::ArticleServiceClient;
use onrecord::proto::{
    ClaimFilter, ExportClaimsRequest, ExportClaimsResponse, ExportFormat, GetArticleRequest,
    PRIMARY, READ_FROM,
};
use onrecord::store::{PoolOptions, Store};
use tokio::net::TcpListener;
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status};

use crate::harness::{Database, Fault, TestServer, eventually, url};

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
    eventually("the replica's answer", async || {
        get(server, name, false).await.ok()
    })
    .await;
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

/// A server with this replica, which must be of no use, and an article of the primary database.
async fn with_useless_replica(replica: Store) -> (TestServer, String) {
    let database = Database::create().await;
    let mut server = TestServer::with(Some(database.store().with_replica(replica))).await;
    server.database = Some(database);
    let new = server.ingest_text(NEW).await.name;
    (server, new)
}

#[tokio::test(flavor = "multi_thread")]
async fn while_its_replica_is_down_the_primary_answers() {
    let down = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = down.local_addr().expect("an address");
    let url = format!("postgres://{address}/onrecord");
    let replica = Store::connect_url(&url, PoolOptions::default()).expect("a URL");
    let (server, new) = with_useless_replica(replica).await;
    // Each probe makes one connection, and the second is made when the first probe has failed.
    for _ in 0..2 {
        drop(down.accept().await.expect("a connection"));
    }
    get(&server, &new, false).await.expect("the article");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_its_replica_is_not_migrated_the_primary_answers() {
    let empty = Database::create_empty().await;
    let mut watch = empty.connection().await;
    let (server, new) = with_useless_replica(empty.store()).await;
    // A probe of such a database ends in an error. When a second has, the server knows of the first.
    let failed = "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()";
    eventually("two failed probes", async || {
        let failed = sqlx::query_scalar(failed).fetch_one(&mut watch).await;
        let failed: i64 = failed.expect("the statistics");
        (failed >= 2).then_some(())
    })
    .await;
    get(&server, &new, false).await.expect("the article");
}
