use onrecord::proto::{Article, Document, GetArticleRequest};

use super::{delete, ingest, request};
use crate::harness::{NEWS, TestServer};

async fn copy(server: &TestServer, publisher: &str) -> Article {
    let document = Document {
        text: NEWS.to_owned(),
        publisher: publisher.to_owned(),
        ..Document::default()
    };
    let stored = ingest(server, document, false).await.expect("stored");
    stored.article.expect("the article")
}

async fn original_of(server: &TestServer, article: &Article) -> String {
    let request = GetArticleRequest {
        name: article.name.clone(),
        ..Default::default()
    };
    let found = server.client.get_article(request).await.expect("get");
    found.article.expect("the article").duplicate_of
}

#[tokio::test(flavor = "multi_thread")]
async fn the_earliest_copy_of_a_deleted_article_becomes_the_original() {
    let server = TestServer::start().await;
    let first = copy(&server, "Courier").await;
    let second = copy(&server, "Herald").await;
    let third = copy(&server, "Mirror").await;
    assert_eq!(second.duplicate_of, first.name);
    delete(&server, request(&first)).await;
    assert_eq!(original_of(&server, &second).await, "");
    assert_eq!(original_of(&server, &third).await, second.name);
    // Whatever comes is compared with it.
    let fourth = copy(&server, "Times").await;
    assert_eq!(fourth.duplicate_of, second.name);
}
