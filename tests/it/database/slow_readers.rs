//! Callers who do not read what they asked for keep nobody else from the database.

use std::time::Duration;

use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{
    ClaimFilter, ExportClaimsRequest, ExportFormat, GetClaimRequest, ListClaimsRequest,
    WatchClaimsRequest,
};
use onrecord::store::Store;

use super::{PATIENCE, few};
use crate::harness::{Database, TestServer};

/// Far more than there are connections.
const WATCHERS: usize = 24;
const ARTICLES: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn watchers_who_do_not_read_hold_no_connection() {
    let database = Database::create().await;
    let store = Store::connect(database.connect.clone(), few());
    let server = TestServer::with(Some(store)).await;
    // All over one connection: when its window is full, every stream waits wherever it stands.
    let channel = server.channel().await;
    let mut unread = Vec::new();
    for _ in 0..WATCHERS {
        let mut client = ClaimServiceClient::new(channel.clone());
        let watch = client.watch_claims(WatchClaimsRequest::default()).await;
        unread.push(watch.expect("watch").into_inner());
    }
    let mut last = String::new();
    for number in 0..ARTICLES {
        let words = "very long indeed, ".repeat(200);
        let text = format!("“It is {number} and {words} safe,” said Ann Lee.\n\n").repeat(4);
        server.ingest_text(&text).await;
        let request = ListClaimsRequest {
            page_size: 1,
            ..ListClaimsRequest::default()
        };
        let page = tokio::time::timeout(PATIENCE, server.client.list_claims(request)).await;
        let page = page.expect("in time").expect("a page");
        last.clone_from(&page.claims[0].name);
    }
    // Longer than the watchers need to read everything, if they can.
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let request = GetClaimRequest {
            name: last.clone(),
            ..GetClaimRequest::default()
        };
        let claim = server.client.get_claim(request).await;
        claim.expect("a claim while nobody reads");
    }
    // Those who read after all get everything.
    let mut watch = unread.pop().expect("a watch");
    let mut seen = 0;
    let all = server.claims(ClaimFilter::default()).await.len();
    drop(unread);
    while seen < all {
        let message = tokio::time::timeout(PATIENCE, watch.message()).await;
        let message = message.expect("in time").expect("a message");
        seen += usize::from(message.expect("no end").claim.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_that_nobody_reads_hold_no_connection_of_others() {
    let database = Database::create().await;
    let store = Store::connect(database.connect.clone(), few());
    let server = TestServer::with(Some(store)).await;
    let words = "very long indeed, ".repeat(500);
    for number in 0..20 {
        let text = format!("“It is {number} and {words} safe,” said Ann Lee.");
        server.ingest_text(&text).await;
    }
    let channel = server.channel().await;
    let mut unread = Vec::new();
    for _ in 0..4 {
        let request = ExportClaimsRequest {
            format: ExportFormat::JsonLines.into(),
            ..ExportClaimsRequest::default()
        };
        let mut client = ClaimServiceClient::new(channel.clone());
        unread.push(client.export_claims(request).await.expect("begin"));
    }
    for _ in 0..8 {
        let claims = server.client.list_claims(ListClaimsRequest::default());
        assert_eq!(claims.await.expect("a page").claims.len(), 20);
    }
    drop(unread);
}
