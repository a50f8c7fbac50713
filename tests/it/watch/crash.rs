//! A server that is killed, and started again, under a watcher.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use nix::sys::signal::Signal;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{
    Claim, ClaimChangeKind, EngineKind, IngestArticleRequest, ListClaimsRequest,
    WatchClaimsResponse,
};
use tokio::sync::mpsc;

use super::{PATIENCE, request};
use crate::harness::{document, eventually};
use crate::process::{DataDir, Serve};

const ARTICLES: usize = 240;
/// How often the server is killed, and after how many articles more each time.
const KILLS: usize = 3;
const KILLED_AFTER: usize = 60;
const AT_ONCE: usize = 8;

async fn ingest(client: &Client, number: usize) {
    let text = format!(
        "“Gate {number} is closed,” said Ann Lee. Tom Pell denied that gate {number} had failed."
    );
    let request = IngestArticleRequest {
        document: Some(document(text)),
        request_id: format!("article-{number}"),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    // The server may be gone just then; whoever wants it stored asks again.
    while client.ingest_article(request.clone()).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A token behind all that is stored now.
async fn token_of_now(server: &Serve) -> String {
    let client = ClaimServiceClient::connect(server.url()).await;
    let watch = client
        .expect("connect")
        .watch_claims(request("", None))
        .await;
    let first = watch.expect("watch").into_inner().message().await;
    first.expect("a message").expect("a message").resume_token
}

/// Starts the server on the same port as before.
fn start(dir: &DataDir, address: Option<&str>) -> Serve {
    let listen = address.map_or_else(Vec::new, |address| vec!["--listen", address]);
    Serve::start(dir, &listen)
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_the_committed_claims_come_though_the_server_is_killed() {
    let dir = DataDir::new();
    let mut server = start(&dir, None);
    let address = server.address.to_string();
    let options = ClientOptions {
        attempts: 1,
        ..ClientOptions::default()
    };
    let connect = async || {
        let client = Client::connect_with(format!("http://{address}"), options).await;
        client.expect("connect")
    };
    let client = connect().await;
    let (sender, mut told) = mpsc::unbounded_channel();
    // Behind a token of now, so that it does not matter when the watch stands.
    let mut watch = client.watch_claims(request(&token_of_now(&server).await, None));
    let watching = tokio::spawn(async move {
        while let Some(message) = watch.next().await {
            let message = message.expect("the watch goes on");
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    let stored = Arc::new(AtomicUsize::new(0));
    let writing = tokio::spawn({
        let (client, stored) = (client.clone(), Arc::clone(&stored));
        async move {
            let articles = stream::iter(0..ARTICLES);
            let (client, stored) = (&client, &stored);
            let ingests = articles.for_each_concurrent(AT_ONCE, |number| async move {
                ingest(client, number).await;
                stored.fetch_add(1, Ordering::SeqCst);
            });
            ingests.await;
        }
    });
    for kill in 1..=KILLS {
        eventually("more articles to be stored", async || {
            (stored.load(Ordering::SeqCst) >= kill * KILLED_AFTER).then_some(())
        })
        .await;
        server.signal(Signal::SIGKILL);
        server.wait();
        dir.wait_until_unused();
        server = start(&dir, Some(&address));
    }
    writing.await.expect("no panic");
    // Its claims come last: whatever comes twice comes before them, and then one of these is missing.
    ingest(&client, ARTICLES).await;

    let listed = client.all_claims(ListClaimsRequest::default());
    let claims: Vec<Claim> = listed.try_collect().await.expect("list the claims");
    let mut stored: Vec<String> = claims.into_iter().map(|claim| claim.name).collect();
    let mut messages = take(&mut told, stored.len()).await;
    watching.abort();
    let mut seen = names(&messages);
    seen.sort_unstable();
    stored.sort_unstable();
    assert_eq!(seen, stored);
    assert_eq!(stored.len(), 2 * ARTICLES + 2);

    // Whoever goes on from a token of the beginning gets the same in the same order.
    let (sender, mut told) = mpsc::unbounded_channel();
    let watch = client.watch_claims(request(&messages[0].resume_token, None));
    let watching = tokio::spawn(watch.for_each(move |message| {
        let _ = sender.send(message.expect("the watch goes on"));
        std::future::ready(())
    }));
    let again = take(&mut told, stored.len() - 1).await;
    watching.abort();
    assert_eq!(names(&again), names(&messages.split_off(1)));
}

/// Takes so many messages, each of a claim that came.
async fn take(
    told: &mut mpsc::UnboundedReceiver<WatchClaimsResponse>,
    count: usize,
) -> Vec<WatchClaimsResponse> {
    let mut messages = Vec::new();
    while messages.len() < count {
        let next = tokio::time::timeout(PATIENCE, told.recv()).await;
        let message = next.expect("in time").expect("the watch goes on");
        assert_eq!(message.kind(), ClaimChangeKind::Created);
        messages.push(message);
    }
    messages
}

fn names(messages: &[WatchClaimsResponse]) -> Vec<&str> {
    let claims = messages.iter().filter_map(|message| message.claim.as_ref());
    claims.map(|claim| claim.name.as_str()).collect()
}
