//! Statements that are blocked or abandoned end, and leave the connections of others alone.

use std::time::{Duration, Instant};

use onrecord::proto::article_service_client::ArticleServiceClient;
use onrecord::proto::{EngineKind, GetArticleRequest, IngestArticleRequest, ListArticlesRequest};
use onrecord::store::{PoolOptions, Store};
use sqlx::{Executor, PgConnection};
use tonic::Request;

use super::{PATIENCE, few};
use crate::harness::{Database, TestServer, document};

/// How many sessions of the server run or wait for a statement on a table.
async fn busy(connection: &mut PgConnection) -> i64 {
    let count = "SELECT count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() \
                   AND wait_event_type = 'Lock'";
    sqlx::query_scalar(count)
        .fetch_one(connection)
        .await
        .expect("a count")
}

async fn until_busy(connection: &mut PgConnection, expected: i64) {
    let deadline = Instant::now() + PATIENCE;
    while busy(connection).await != expected {
        assert!(
            Instant::now() < deadline,
            "never {expected} blocked statements"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_writes_do_not_starve_look_ups_and_end() {
    let database = Database::create().await;
    let options = PoolOptions {
        lock_timeout: Duration::from_secs(4),
        ..few()
    };
    let store = Store::connect(database.connect.clone(), options);
    let server = TestServer::with(Some(store)).await;
    let article = server.ingest_text("“It is safe,” said Ann Lee.").await;
    let mut lock = database.connection().await;
    let mut looking = database.connection().await;
    lock.execute("BEGIN; LOCK TABLE claims IN SHARE MODE")
        .await
        .expect("the lock");
    // More than there are connections of any kind, by callers who are gone soon.
    let mut ingests = Vec::new();
    for number in 0..12 {
        let mut client = ArticleServiceClient::new(server.channel().await);
        let mut request = Request::new(IngestArticleRequest {
            document: Some(document(format!("“It is {number},” said Ann Lee."))),
            engine: EngineKind::Rules.into(),
            ..IngestArticleRequest::default()
        });
        request.set_timeout(Duration::from_millis(500));
        ingests.push(tokio::spawn(
            async move { client.ingest_article(request).await },
        ));
    }
    until_busy(&mut looking, 2).await;
    let blocked = Instant::now();
    for ingest in ingests {
        let outcome = ingest.await.expect("a task");
        outcome.expect_err("no ingest gets through");
    }
    for _ in 0..10 {
        let request = GetArticleRequest {
            name: article.name.clone(),
            ..GetArticleRequest::default()
        };
        let found = server.client.get_article(request).await;
        found.expect("look-ups have connections of their own");
    }
    until_busy(&mut looking, 0).await;
    // Those that waited for a connection have waited for the lock, too; a statement may take longer.
    assert!(blocked.elapsed() < Duration::from_secs(15), "{blocked:?}");
    lock.execute("ROLLBACK").await.expect("no lock");
    server.ingest_text("“It is over,” said Ann Lee.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_up_whose_caller_is_gone_is_ended_and_its_connection_is_free() {
    let database = Database::create().await;
    let options = PoolOptions {
        max_connections: 1,
        lock_timeout: Duration::ZERO,
        ..few()
    };
    let store = Store::connect(database.connect.clone(), options);
    let server = TestServer::with(Some(store)).await;
    let mut lock = database.connection().await;
    let mut looking = database.connection().await;
    lock.execute("BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("the lock");
    let mut client = ArticleServiceClient::new(server.channel().await);
    let mut request = Request::new(ListArticlesRequest::default());
    request.set_timeout(Duration::from_millis(500));
    client.list_articles(request).await.expect_err("too late");
    let gone = Instant::now();
    // The only connection is free again.
    let other = server
        .client
        .list_actors(onrecord::proto::ListActorsRequest::default());
    other.await.expect("a page of actors");
    eprintln!("the connection was free after {:?}", gone.elapsed());
    until_busy(&mut looking, 0).await;
    eprintln!("the statement was ended after {:?}", gone.elapsed());
    assert!(
        gone.elapsed() < Duration::from_secs(10),
        "{:?}",
        gone.elapsed()
    );
}
