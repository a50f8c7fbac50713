//! Connections that are cut off without a word, as by a failover or a router that forgets them.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use onrecord::proto::article_service_client::ArticleServiceClient;
use onrecord::proto::{GetArticleRequest, WatchClaimsRequest};
use onrecord::store::{PoolOptions, Store};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tonic::Request;
use tonic::transport::Channel;

use super::{PATIENCE, few};
use crate::harness::{Database, Proxy, TestServer};

/// Where the database is when reached through the proxy; `None` where its socket is not known.
pub async fn through_proxy(database: &Database) -> Option<(Proxy, PgConnectOptions)> {
    let Some(directory) = database.connect.get_socket() else {
        eprintln!("SKIPPED: the database is not reached over a Unix socket");
        return None;
    };
    let socket = directory.join(format!(".s.PGSQL.{}", database.connect.get_port()));
    let proxy = Proxy::start(socket).await;
    let connect = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(proxy.address.port())
        .username(database.connect.get_username())
        .database(database.connect.get_database().expect("a name"))
        .ssl_mode(PgSslMode::Disable);
    Some((proxy, connect))
}

async fn get(channel: Channel, name: &str) -> bool {
    let mut client = ArticleServiceClient::new(channel);
    let mut request = Request::new(GetArticleRequest {
        name: name.to_owned(),
        ..GetArticleRequest::default()
    });
    request.set_timeout(Duration::from_secs(20));
    client.get_article(request).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn look_ups_go_on_seconds_after_all_connections_were_cut_off() {
    let database = Database::create().await;
    let Some((proxy, connect)) = through_proxy(&database).await else {
        return;
    };
    let server = TestServer::with(Some(Store::connect(connect, few()))).await;
    let article = server.ingest_text("“It is safe,” said Ann Lee.").await;
    let mut watch = server.claim_service().await;
    let watch = watch.watch_claims(WatchClaimsRequest::default()).await;
    let mut watch = watch.expect("watch").into_inner();
    watch.message().await.expect("the first message");
    let channel = server.channel().await;
    // All connections are in use at the moment of the cut, and the next look-ups too.
    let storm = |channel: Channel, name: String| {
        (0..8).map(move |_| {
            let (channel, name) = (channel.clone(), name.clone());
            tokio::spawn(async move { while get(channel.clone(), &name).await {} })
        })
    };
    let calls: Vec<_> = storm(channel.clone(), article.name.clone()).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    proxy.lose();
    let cut = Instant::now();
    loop {
        let (channel, name) = (channel.clone(), article.name.clone());
        let one = tokio::spawn(async move { get(channel, &name).await });
        let soon = tokio::time::timeout(Duration::from_secs(1), one).await;
        if matches!(soon, Ok(Ok(true))) {
            break;
        }
        assert!(
            cut.elapsed() < PATIENCE,
            "no look-up for {:?}",
            cut.elapsed()
        );
    }
    eprintln!("look-ups went on {:?} after the cut", cut.elapsed());
    assert!(
        cut.elapsed() < Duration::from_secs(12),
        "{:?}",
        cut.elapsed()
    );
    for call in calls {
        call.abort();
    }
    // A call on a connection that was in use a moment before the cut ends at its own deadline; the next one does not.
    let written = async {
        loop {
            let ingest = server.ingest_text("“It goes on,” said Ann Lee.");
            if tokio::time::timeout(Duration::from_secs(2), ingest)
                .await
                .is_ok()
            {
                return;
            }
        }
    };
    let written = tokio::time::timeout(Duration::from_secs(12), written).await;
    written.expect("writes go on, too");
    // The watch either goes on or ends with an error, on which its caller resumes it; it does not fall silent.
    let told = tokio::time::timeout(PATIENCE, async {
        loop {
            match watch.message().await {
                Ok(Some(message)) if message.claim.is_none() => {}
                _ => return,
            }
        }
    });
    told.await.expect("a watch does not fall silent");
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_that_were_cut_off_cost_one_second() {
    let database = Database::create().await;
    let Some((proxy, connect)) = through_proxy(&database).await else {
        return;
    };
    let options = PoolOptions {
        max_connections: 8,
        acquire_timeout: Duration::from_secs(5),
        ..PoolOptions::default()
    };
    let store = Store::connect(connect, options);
    let pages = |store: &Store| {
        let store = store.clone();
        futures_util::future::join_all((0..8).map(move |_| {
            let store = store.clone();
            async move { store.last_claim_event().await.is_ok() }
        }))
    };
    assert!(pages(&store).await.into_iter().all(|ok| ok));
    // Idle for long enough to be tested.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let opened = proxy.opened();
    proxy.lose();
    let cut = Instant::now();
    assert!(store.last_claim_event().await.is_ok());
    eprintln!("the first statement took {:?}", cut.elapsed());
    assert!(pages(&store).await.into_iter().all(|ok| ok));
    eprintln!("eight more were done after {:?}", cut.elapsed());
    assert!(
        cut.elapsed() < Duration::from_secs(4),
        "{:?}",
        cut.elapsed()
    );
    assert!(proxy.opened() > opened);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_is_noticed_although_the_probe_was_broken_before() {
    let database = Database::create().await;
    let Some((proxy, connect)) = through_proxy(&database).await else {
        return;
    };
    let store = Store::connect(connect, PoolOptions::default());
    let mut probe = store.probe();
    probe.check().await.expect("the database is there");
    let waiting = store.cut_off();
    proxy.reset();
    // Another connection is opened before the probe has one again, and falls silent.
    let snapshot = store.snapshot().await.expect("a new connection");
    proxy.lose();
    probe.check().await.expect("the database is there");
    assert!(waiting.now_or_never().is_some(), "nobody is told");
    drop(snapshot);
}
