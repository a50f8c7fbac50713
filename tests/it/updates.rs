//! Metadata that was wrong and is put right: what depends on it follows.

use onrecord::proto::ErrorReason::{
    ArticleExists, ArticleNotFound, EtagMismatch, InvalidField, InvalidResourceName,
    RequiredFieldMissing,
};
use onrecord::proto::{
    Article, Claim, ClaimFilter, Document, EngineKind, IngestArticleRequest, ListArticlesRequest,
    ReextractArticleRequest, UpdateArticleRequest, UpdateArticleResponse,
};
use prost_types::{FieldMask, Timestamp};

use crate::database::verified::verify;
use crate::harness::{TestServer, refused};

const SAID: &str = "Vera Lindqvist said on Monday that the ferry was full.";

fn document(external_id: &str) -> Document {
    Document {
        text: SAID.to_owned(),
        title: "Ferry full".to_owned(),
        uri: format!("https://courier.example/{external_id}"),
        publisher: "Courier".to_owned(),
        publish_time: Some(day("2026-05-20")),
        external_id: external_id.to_owned(),
        ..Document::default()
    }
}

fn day(date: &str) -> Timestamp {
    format!("{date}T09:00:00Z").parse().expect("a time")
}

fn update(article: &Article, paths: &[&str], new: Article) -> UpdateArticleRequest {
    UpdateArticleRequest {
        article: Some(Article {
            name: article.name.clone(),
            ..new
        }),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(ToString::to_string).collect(),
        }),
        requested_by: "desk@example.org".to_owned(),
        reason: "The feed was wrong.".to_owned(),
        ..UpdateArticleRequest::default()
    }
}

async fn updated(server: &TestServer, request: UpdateArticleRequest) -> UpdateArticleResponse {
    let answer = server.client.update_article(request).await;
    answer.expect("updated")
}

async fn claims(server: &TestServer) -> Vec<Claim> {
    server.claims(ClaimFilter::default()).await
}

/// The day on which a claim was uttered.
fn uttered(claim: &Claim) -> String {
    let time = claim.utterance_time.as_ref().expect("a time");
    time.timex.clone()
}

fn check_verified(server: &TestServer) {
    let verified = verify(server.database.as_ref().expect("a database"));
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_of_publication_put_right_moves_the_article_and_its_mondays() {
    let server = TestServer::start().await;
    let article = server.ingest(document("a")).await;
    let between = Document {
        text: "Ida Brandt said that it rained.".to_owned(),
        publish_time: Some(day("2026-06-01")),
        ..Document::default()
    };
    server.ingest(between).await;
    let before = claims(&server).await;
    assert_eq!(uttered(&before[1]), "2026-05-18");

    let later = Article {
        publish_time: Some(day("2026-06-10")),
        ..Article::default()
    };
    let answer = updated(&server, update(&article, &["publish_time"], later)).await;
    assert_eq!(answer.updated_claims, [before[1].name.clone()]);
    let now = answer.article.expect("the article");
    assert_eq!(now.publish_time, Some(day("2026-06-10")));
    assert_ne!(now.etag, article.etag);
    let after = claims(&server).await;
    let order: Vec<_> = after.iter().map(|claim| &claim.name).collect();
    assert_eq!(order, [&before[1].name, &before[0].name]);
    assert_eq!(uttered(&after[0]), "2026-06-08");
    let listed = server.client.list_articles(ListArticlesRequest::default());
    assert_eq!(listed.await.expect("list").articles[0].name, article.name);
    check_verified(&server);

    // Without one, the time of ingestion counts.
    let unknown = updated(
        &server,
        update(&article, &["publish_time"], Article::default()),
    )
    .await;
    assert_eq!(unknown.article.expect("the article").publish_time, None);
    check_verified(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_where_an_article_stood_is_put_right() {
    let server = TestServer::start().await;
    let article = server.ingest(document("a")).await;
    let before = claims(&server).await;
    let new = Article {
        uri: "https://herald.example/1".to_owned(),
        publisher: "Herald".to_owned(),
        authors: vec!["Tom Pell".to_owned()],
        external_id: "b".to_owned(),
        ..Article::default()
    };
    let paths = ["uri", "publisher", "authors", "external_id"];
    let answer = updated(&server, update(&article, &paths, new)).await;
    let now = answer.article.expect("the article");
    assert_eq!((&now.publisher[..], &now.external_id[..]), ("Herald", "b"));
    assert_eq!((&now.title, now.revision), (&article.title, 1));
    // Not read again.
    assert_eq!(now.extraction, article.extraction);
    assert_eq!(claims(&server).await, before);
    let of = |publisher: &str| ClaimFilter {
        publisher: publisher.to_owned(),
        ..Default::default()
    };
    assert_eq!(server.claims(of("Herald")).await, before);
    assert!(server.claims(of("Courier")).await.is_empty());

    // As it comes again from the feed, and as it is now, it is this article.
    let right = Document {
        uri: now.uri.clone(),
        publisher: now.publisher.clone(),
        ..document("b")
    };
    for document in [document("a"), right] {
        let request = IngestArticleRequest {
            document: Some(document),
            ..Default::default()
        };
        let known = server.client.ingest_article(request).await.expect("known");
        assert!(!known.created);
        assert_eq!(known.article.expect("the article"), now);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_cannot_be_made_changes_nothing() {
    let server = TestServer::start().await;
    let article = server.ingest(document("a")).await;
    let other = server.ingest(document("b")).await;
    let database = server.database.as_ref().expect("a database");
    let before = database.contents().await;
    let call = |request| server.client.update_article(request);

    let same = Article {
        uri: other.uri.clone(),
        ..Article::default()
    };
    let fault = refused(call(update(&article, &["uri"], same)), ArticleExists, &[]).await;
    assert_eq!(fault.metadata["name"], other.name);
    let taken = Article {
        external_id: "b".to_owned(),
        ..Article::default()
    };
    let request = update(&article, &["external_id"], taken);
    let fault = refused(call(request), ArticleExists, &[]).await;
    assert_eq!(fault.metadata["name"], other.name);

    let stale = Article {
        title: "Another".to_owned(),
        etag: "\"99\"".to_owned(),
        ..Article::default()
    };
    let request = update(&article, &["title"], stale);
    refused(call(request), EtagMismatch, &[]).await;
    // With the values that it has, it is not even asked for its version.
    let same = Article {
        title: article.title.clone(),
        etag: "\"99\"".to_owned(),
        ..Article::default()
    };
    let answer = updated(&server, update(&article, &["title"], same)).await;
    assert_eq!(answer.article.expect("the article").etag, article.etag);
    assert_eq!(database.contents().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_updates_are_named() {
    let server = TestServer::start().await;
    let article = server.ingest(document("a")).await;
    let call = |request| server.client.update_article(request);
    let empty = UpdateArticleRequest::default();
    let fields = &["article", "update_mask", "requested_by"];
    refused(call(empty), RequiredFieldMissing, fields).await;
    let bare = UpdateArticleRequest {
        article: Some(Article::default()),
        ..Default::default()
    };
    let fields = &["article.name", "update_mask", "requested_by"];
    refused(call(bare), RequiredFieldMissing, fields).await;
    let named = Article {
        name: "claims/1".to_owned(),
        ..Article::default()
    };
    let mut request = update(&named, &["text", "title"], Article::default());
    let fields = &["article.name", "update_mask.paths[0]"];
    refused(call(request.clone()), InvalidResourceName, fields).await;
    request.article = Some(Article {
        name: article.name.clone(),
        title: "t".repeat(2_001),
        publisher: "p".repeat(501),
        language_code: "english language".to_owned(),
        time_zone: "Nowhere".to_owned(),
        external_id: "e".repeat(501),
        ..Article::default()
    });
    let fields = &[
        "update_mask.paths[0]",
        "article.title",
        "article.publisher",
        "article.language_code",
        "article.time_zone",
        "article.external_id",
    ];
    refused(call(request), InvalidField, fields).await;
    let unknown = Article {
        name: "articles/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned(),
        ..Article::default()
    };
    let request = update(&unknown, &["title"], Article::default());
    refused(call(request), ArticleNotFound, &[]).await;
}

/// Whoever comes last, the claims are those of the metadata that the article has.
#[tokio::test(flavor = "multi_thread")]
async fn updates_and_new_readings_at_once_agree() {
    let server = TestServer::start().await;
    let article = server.ingest(document("a")).await;
    let work = (0..8).map(|n| {
        let (server, article) = (&server, &article);
        async move {
            let new = Article {
                publish_time: Some(day(&format!("2026-06-{:02}", 3 + 7 * (n % 4)))),
                ..Article::default()
            };
            updated(server, update(article, &["publish_time"], new)).await;
            let again = ReextractArticleRequest {
                name: article.name.clone(),
                engine: EngineKind::Rules.into(),
                ..Default::default()
            };
            let read = server.client.reextract_article(again).await;
            read.expect("read again");
        }
    });
    futures_util::future::join_all(work).await;
    let listed = server.client.list_articles(ListArticlesRequest::default());
    let now = listed.await.expect("list").articles.remove(0);
    let published = now.publish_time.expect("a time").to_string();
    // All are Wednesdays: Monday was two days before.
    let date = published[8..10].parse::<u32>().expect("a day") - 2;
    let claims = claims(&server).await;
    assert_eq!(uttered(&claims[0]), format!("2026-06-{date:02}"));
    check_verified(&server);
}
