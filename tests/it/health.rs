//! `grpc.health.v1`: each service's status, with a database, without one, and while the server drains.

use std::time::Duration;

use onrecord::proto::{ExtractClaimsRequest, ListArticlesRequest};
use onrecord::server::ServerOptions;
use sqlx::Executor;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus::{self, NotServing, Serving};
use tonic_health::pb::health_client::HealthClient;

use crate::harness::{Database, TestServer, document, eventually};

pub const EXTRACTION: &str = "onrecord.v1.ExtractionService";
pub const SERVER_INFO: &str = "onrecord.v1.ServerService";
pub const LOOKUPS: [&str; 4] = [
    "google.longrunning.Operations",
    "onrecord.v1.ArticleService",
    "onrecord.v1.ActorService",
    "onrecord.v1.ClaimService",
];

/// A client of the server's health service.
pub async fn client(server: &TestServer) -> HealthClient<Channel> {
    HealthClient::new(server.channel().await)
}

fn asking(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
    }
}

/// The status of a service.
pub async fn status(health: &mut HealthClient<Channel>, service: &str) -> ServingStatus {
    let response = health.check(asking(service)).await.expect("a status");
    response.into_inner().status()
}

/// Waits until a service has this status.
pub async fn until(health: &mut HealthClient<Channel>, service: &str, wanted: ServingStatus) {
    let watch = health.watch(asking(service)).await.expect("a stream");
    let mut watch = watch.into_inner();
    let reached = async {
        while let Some(now) = watch.message().await.expect("a status") {
            if now.status() == wanted {
                return;
            }
        }
        panic!("{service} was never {wanted:?}");
    };
    let limit = Duration::from_mins(1);
    tokio::time::timeout(limit, reached).await.expect("in time");
}

async fn check(server: &TestServer, whole: ServingStatus, lookups: ServingStatus) {
    let mut health = client(server).await;
    assert_eq!(status(&mut health, "").await, whole);
    for service in [EXTRACTION, SERVER_INFO] {
        assert_eq!(status(&mut health, service).await, Serving, "{service}");
    }
    for service in LOOKUPS {
        assert_eq!(status(&mut health, service).await, lookups, "{service}");
    }
    let unknown = health.check(asking("onrecord.v1.GuessService")).await;
    assert_eq!(unknown.expect_err("nothing").code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_service_tells_whether_it_serves() {
    check(&TestServer::start().await, Serving, Serving).await;
    // Extraction alone is all that a server without a database was set up for.
    check(&TestServer::with(None).await, Serving, NotServing).await;
    let unmigrated = Database::create_empty().await;
    check(&TestServer::on(unmigrated).await, NotServing, NotServing).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lookups_serve_once_the_database_is_migrated() {
    let database = Database::create_empty().await;
    let store = database.store();
    let server = TestServer::on(database).await;
    let mut health = client(&server).await;
    until(&mut health, "", NotServing).await;
    store.migrate().await.expect("migrate");
    until(&mut health, "", Serving).await;
    check(&server, Serving, Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draining_server_says_so_and_still_answers() {
    let options = ServerOptions {
        drain_delay: Duration::from_mins(10),
        ..TestServer::options()
    };
    let mut server = TestServer::launch(None, options).await;
    let mut health = client(&server).await;
    server.ask_to_stop();
    for service in LOOKUPS.into_iter().chain([EXTRACTION, SERVER_INFO, ""]) {
        until(&mut health, service, NotServing).await;
    }
    let request = ExtractClaimsRequest {
        document: Some(document("“The bridge is safe,” said Ann Lee.")),
        ..Default::default()
    };
    let read = server.client.extract_claims(request).await.expect("read");
    assert_eq!(read.claims.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_at_hand_ends_before_the_server_does() {
    let database = Database::create().await;
    let mut lock = database.connection().await;
    let mut server = TestServer::on(database).await;
    lock.execute("BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("the lock");
    let client = server.client.clone();
    let request = ListArticlesRequest::default();
    let call = tokio::spawn(async move { client.list_articles(request).await });
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted \
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let waiting = || sqlx::query_scalar::<_, i64>(waiting);
    eventually("the call to wait for the lock", async || {
        let count = waiting().fetch_one(&mut lock).await.expect("a count");
        (count > 0).then_some(())
    })
    .await;
    server.ask_to_stop();
    lock.execute("ROLLBACK").await.expect("no lock");
    call.await.expect("a task").expect("the answer");
    server.stop().await;
}
