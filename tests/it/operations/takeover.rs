//! Servers that stop in the middle of an operation.

use nix::sys::signal::Signal;
use onrecord::client::Client;
use sqlx::ConnectOptions;

use super::{
    change, database, ended, get, ingest, lock, metadata, request, start, until_at_hand, versions,
};
use crate::harness::{TestServer, eventually};
use crate::process::Serve;

const ARTICLES: usize = 40;
const ALL: i64 = 40;

/// Checks that every article was read, and none twice.
async fn check_each_once(server: &TestServer, name: &str) {
    let told = metadata(&ended(&server.client, name).await);
    assert_eq!(
        (told.done_article_count, told.failed_article_count),
        (ALL, 0)
    );
    assert_eq!(versions(database(server)).await, [2; ARTICLES]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_goes_on_after_one_that_was_killed() {
    let mut server = TestServer::start().await;
    let articles = ingest(&server, ARTICLES).await;
    let database = server.database.take().expect("a database");
    server.stop().await;
    let url = database.connect.to_url_lossy().to_string();
    let mut doomed = Serve::spawn(&["--database-url", &url, "--propositions", "off"]);
    let client = Client::connect(doomed.url()).await.expect("connect");

    let lock = lock(&database, &articles[ARTICLES / 2]).await;
    let started = start(&client, request()).await;
    // Some articles are read and one cannot be written.
    eventually("half of the articles", async || {
        let done = metadata(&get(&client, &started.name).await).done_article_count;
        (done >= ALL / 2).then_some(())
    })
    .await;
    until_at_hand(&database).await;
    doomed.signal(Signal::SIGKILL);
    doomed.wait();
    drop(lock);

    // Its lease ends.
    change(
        &database,
        "UPDATE operations SET worker_until = '-infinity'",
    )
    .await;
    let heir = TestServer::on(database).await;
    check_each_once(&heir, &started.name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_leaves_the_rest_to_another() {
    let mut server = TestServer::start().await;
    ingest(&server, ARTICLES).await;
    let started = start(&server.client, request()).await;
    eventually("the first article", async || {
        let done = metadata(&get(&server.client, &started.name).await).done_article_count;
        (done > 0).then_some(())
    })
    .await;
    let database = server.database.take().expect("a database");
    server.stop().await;
    let heir = TestServer::on(database).await;
    check_each_once(&heir, &started.name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_what_is_to_do() {
    let first = TestServer::start().await;
    let second = TestServer::with(Some(database(&first).store())).await;
    ingest(&first, ARTICLES).await;
    let one = start(&first.client, request()).await;
    let other = start(&second.client, request()).await;
    for name in [&one.name, &other.name] {
        let told = metadata(&ended(&second.client, name).await);
        assert_eq!(
            (told.done_article_count, told.failed_article_count),
            (ALL, 0)
        );
    }
    assert_eq!(versions(database(&first)).await, [3; ARTICLES]);
}

/// Where servers of two versions run, as during an update.
#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_left_to_servers_with_the_engine_that_it_was_started_with() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 2).await;
    let lock = lock(database(&server), &articles[0]).await;
    let blocking = start(&server.client, request()).await;
    until_at_hand(database(&server)).await;
    let newer = start(&server.client, request()).await;
    let of_newer = "UPDATE operations SET engine_version = 'newer' WHERE at_hand = '{}'";
    change(database(&server), of_newer).await;
    drop(lock);
    ended(&server.client, &blocking.name).await;
    let own = start(&server.client, request()).await;
    ended(&server.client, &own.name).await;
    assert!(!get(&server.client, &newer.name).await.done);

    // The newer servers are gone for good.
    let long_ago = "UPDATE operations SET create_time = create_time - interval '6 minutes', worker_until = '-infinity' \
                    WHERE state = 'RUNNING'";
    change(database(&server), long_ago).await;
    let told = metadata(&ended(&server.client, &newer.name).await);
    assert_eq!(told.engine, metadata(&own).engine);
}
