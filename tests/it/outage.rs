//! A database that goes away and comes back, under a server that stays.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use onrecord::embedded::{EmbeddedPostgres, Lifetime, Options};
use onrecord::proto::ErrorReason::DatabaseUnavailable;
use onrecord::proto::{ClaimFilter, ExtractClaimsRequest, GetArticleRequest, ListClaimsRequest};
use onrecord::store::{PoolOptions, Store};
use tonic_health::pb::health_check_response::ServingStatus::{NotServing, Serving};

use crate::harness::{NEWS, TestServer, document, refused};
use crate::health::{self, EXTRACTION, LOOKUPS};

/// A Postgres of this test's own, or `None` where the machine has none but was told where to find one.
pub async fn postgres(data_dir: &Path) -> Option<EmbeddedPostgres> {
    let options = Options {
        data_dir: data_dir.to_owned(),
        bin_dir: None,
        lifetime: Lifetime::Durable,
    };
    match EmbeddedPostgres::start(options).await {
        Ok(postgres) => Some(postgres),
        Err(error) if std::env::var_os("DATABASE_URL").is_some() => {
            eprintln!("SKIPPED: an outage needs PostgreSQL on this machine: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

async fn check_extraction(server: &TestServer) {
    let request = ExtractClaimsRequest {
        document: Some(document(NEWS)),
        ..Default::default()
    };
    let read = server.client.extract_claims(request).await.expect("read");
    assert!(!read.claims.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn lookups_go_with_the_database_and_come_back_with_it() {
    let parent = tempfile::tempdir().expect("a directory");
    // As root, the server runs as a user who has to get in.
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(parent.path(), open).expect("permissions");
    let data_dir = parent.path().join("data");
    let Some(running) = postgres(&data_dir).await else {
        return;
    };
    let pool = PoolOptions {
        acquire_timeout: Duration::from_secs(1),
        ..PoolOptions::default()
    };
    let store = Store::connect(running.connect_options(), pool);
    store.migrate().await.expect("migrate");
    let server = TestServer::with(Some(store)).await;
    let mut health = health::client(&server).await;
    let article = server.ingest_text(NEWS).await;
    let claims = server.claims(ClaimFilter::default()).await;

    running.stop().await.expect("stops");
    let request = GetArticleRequest {
        name: article.name.clone(),
        ..Default::default()
    };
    let call = server.client.get_article(request);
    refused(call, DatabaseUnavailable, &[]).await;
    check_extraction(&server).await;
    for service in LOOKUPS.into_iter().chain([""]) {
        health::until(&mut health, service, NotServing).await;
    }
    assert_eq!(health::status(&mut health, EXTRACTION).await, Serving);
    let call = server.client.list_claims(ListClaimsRequest::default());
    refused(call, DatabaseUnavailable, &[]).await;

    let running = postgres(&data_dir).await.expect("it was here before");
    for service in LOOKUPS.into_iter().chain([""]) {
        health::until(&mut health, service, Serving).await;
    }
    assert_eq!(server.claims(ClaimFilter::default()).await, claims);
    assert_eq!(server.ingest_text(NEWS).await, article);
    check_extraction(&server).await;
    running.stop().await.expect("stops");
}
