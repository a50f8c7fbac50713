//! Articles that are read again while something else happens to them.

use futures_util::future::join_all;
use onrecord::proto::ErrorReason::{ArticleNotFound, EtagMismatch};
use onrecord::proto::{Article, EngineKind, GetArticleRequest, ReextractArticleRequest};
use sqlx::{Connection, Executor, PgConnection};

use super::{actors, check_in_order, claims, reextract, text};
use crate::harness::{Fault, TestServer, eventually, refused};

fn request(article: &Article, etag: &str) -> ReextractArticleRequest {
    ReextractArticleRequest {
        name: article.name.clone(),
        engine: EngineKind::Rules.into(),
        etag: etag.to_owned(),
        ..ReextractArticleRequest::default()
    }
}

async fn get(server: &TestServer, article: &Article) -> Article {
    let request = GetArticleRequest {
        name: article.name.clone(),
        view: onrecord::proto::ArticleView::Basic.into(),
        ..Default::default()
    };
    let answer = server.client.get_article(request).await.expect("get");
    answer.article.expect("the article")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_etag_has_to_be_the_articles_own() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let before = claims(&server).await;
    for etag in ["0", "\"0\"", article.etag.trim_matches('"'), "\0", "é"] {
        let call = server.client.reextract_article(request(&article, etag));
        let fault = refused(call, EtagMismatch, &[]).await;
        assert_eq!(fault.metadata["name"], article.name);
    }
    assert_eq!(get(&server, &article).await, article);
    assert_eq!(claims(&server).await, before);

    let call = server
        .client
        .reextract_article(request(&article, &article.etag));
    let read = call
        .await
        .expect("read again")
        .article
        .expect("the article");
    let call = server
        .client
        .reextract_article(request(&article, &article.etag));
    refused(call, EtagMismatch, &[]).await;
    let call = server
        .client
        .reextract_article(request(&article, &read.etag));
    call.await.expect("read again");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_with_one_etag_one_succeeds() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let call = || {
        server
            .client
            .reextract_article(request(&article, &article.etag))
    };
    let answers = join_all((0..12).map(|_| call())).await;
    let failed: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .collect();
    assert_eq!(failed.len(), 11);
    for status in failed {
        assert_eq!(Fault::of(status).reason, EtagMismatch);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_leave_the_claims_of_one_reading() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let reading = join_all((0..24).map(|n| {
        let engine = if n % 6 == 0 {
            EngineKind::Model
        } else {
            EngineKind::Rules
        };
        reextract(&server, &article, engine)
    }));
    let text = text();
    let ingesting = async {
        for _ in 0..8 {
            assert_eq!(server.ingest_text(&text).await.name, article.name);
        }
    };
    tokio::join!(reading, ingesting);
    let last = get(&server, &article).await;
    check_in_order(&server, &last).await;
    let run = last.extraction.expect("a run");
    let claims = claims(&server).await;
    assert!(claims.iter().all(|claim| claim.engine == run.engine));
    for actor in actors(&server).await {
        let theirs = claims.iter().filter(|claim| claim.actor == actor.name);
        assert_eq!(i64::try_from(theirs.count()), Ok(actor.claim_count));
    }
}

/// Waits until somebody waits for a lock.
async fn until_blocked(connection: &mut PgConnection) {
    let blocked = "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    eventually("a call to wait for the lock", async || {
        let count = sqlx::query_scalar(blocked).fetch_one(&mut *connection);
        let count: i64 = count.await.expect("the activity");
        (count > 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_changes_while_it_is_read_is_read_again() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    let mut watch = database.connection().await;
    let mut tx = connection.begin().await.expect("a transaction");
    tx.execute("SELECT 1 FROM articles FOR UPDATE")
        .await
        .expect("the lock");
    let correcting = async {
        until_blocked(&mut watch).await;
        let corrected = "UPDATE articles \
             SET text = '“It is shut,” said Ida Brandt.', revision = 2, row_version = row_version + 1";
        tx.execute(corrected).await.expect("corrected");
        tx.commit().await.expect("committed");
    };
    let (answer, ()) = tokio::join!(reextract(&server, &article, EngineKind::Rules), correcting);
    assert_eq!(answer.article.expect("the article").revision, 2);
    let claims = claims(&server).await;
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].actor_display_name, "Ida Brandt");
    assert_eq!(answer.created_claims, [claims[0].name.clone()]);
    assert_eq!(
        Ok(article.claim_count),
        i64::try_from(answer.deleted_claims.len())
    );

    // Those who were on record before are still known.
    let counts = actors(&server)
        .await
        .into_iter()
        .map(|actor| (actor.display_name, actor.claim_count));
    let counts: Vec<_> = counts.collect();
    assert!(counts.contains(&("Ann Lee".to_owned(), 0)), "{counts:?}");
    assert!(counts.contains(&("Ida Brandt".to_owned(), 1)), "{counts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_goes_while_it_is_read_is_not_found() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    let mut watch = database.connection().await;
    let mut tx = connection.begin().await.expect("a transaction");
    tx.execute("DELETE FROM articles").await.expect("deleted");
    let deleting = async {
        until_blocked(&mut watch).await;
        tx.commit().await.expect("committed");
    };
    let call = server.client.reextract_article(request(&article, ""));
    let (fault, ()) = tokio::join!(refused(call, ArticleNotFound, &[]), deleting);
    assert_eq!(fault.metadata["name"], article.name);
}
