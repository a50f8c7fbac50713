//! A server that is killed in the middle of corrections.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use nix::sys::signal::Signal;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::{
    Article, Claim, EngineKind, GetArticleRequest, IngestArticleRequest,
    ListArticleRevisionsRequest, ListRevisionClaimsRequest,
};

use super::{FERRY, LATE, NEW, document, to};
use crate::process::{DataDir, Serve};

const ARTICLES: usize = 6;
/// How many corrections are answered before the server is killed.
const KILLED_AFTER: usize = 30;

/// What an article says in a revision: some of its claims move, some come and go.
fn text(article: usize, revision: usize) -> String {
    let last = if revision.is_multiple_of(2) {
        LATE
    } else {
        NEW
    };
    format!("Version {revision} of story {article}. {FERRY} {last}")
}

async fn connect(server: &Serve) -> Client {
    let options = ClientOptions {
        attempts: 1,
        ..ClientOptions::default()
    };
    let client = Client::connect_with(server.url(), options).await;
    client.expect("connect")
}

async fn ingest(client: &Client, article: usize) -> Article {
    let request = IngestArticleRequest {
        document: Some(document(&text(article, 1))),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let answer = client.ingest_article(request).await.expect("stored");
    answer.article.expect("the article")
}

/// Checks that a revision has its text, and the claims of that text at their places.
async fn check_revision(client: &Client, name: &str, revision: i32, expected: &str) {
    let request = GetArticleRequest {
        name: name.to_owned(),
        revision,
        ..Default::default()
    };
    let article = client.get_article(request).await.expect("get").article;
    let article = article.expect("the article");
    assert_eq!(article.text, expected);
    let request = ListRevisionClaimsRequest {
        parent: name.to_owned(),
        revision,
        ..Default::default()
    };
    let claims = client.all_revision_claims(request).try_collect();
    let claims: Vec<Claim> = claims.await.expect("list");
    assert_eq!(claims.len(), 2, "{expected}");
    assert_eq!(article.claim_count, 2);
    for claim in claims {
        for span in claim.content.expect("content").spans {
            let start = usize::try_from(span.start).expect("a place");
            let end = usize::try_from(span.end).expect("a place");
            assert_eq!(expected[start..end], span.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_there_whole_or_not_at_all() {
    let dir = DataDir::new();
    let mut server = Serve::start(&dir, &[]);
    let client = connect(&server).await;
    let articles = join_all((0..ARTICLES).map(|article| ingest(&client, article))).await;
    let answered = AtomicUsize::new(0);
    // Each article is corrected until a call fails.
    let last_answered = join_all(articles.iter().enumerate().map(async |(number, article)| {
        for revision in 2.. {
            let request = to(article, &text(number, revision));
            if client.correct_article(request).await.is_err() {
                return revision - 1;
            }
            if answered.fetch_add(1, Ordering::SeqCst) + 1 == KILLED_AFTER {
                server.signal(Signal::SIGKILL);
            }
        }
        unreachable!("a killed server answers nothing");
    }))
    .await;
    server.wait();

    let server = Serve::start(&dir, &[]);
    let client = connect(&server).await;
    for (number, (article, answered)) in articles.iter().zip(last_answered).enumerate() {
        let request = ListArticleRevisionsRequest {
            parent: article.name.clone(),
            ..Default::default()
        };
        let revisions = client.all_article_revisions(request).try_collect();
        let revisions: Vec<_> = revisions.await.expect("list");
        // The last may be stored without the answer having come.
        assert!([answered, answered + 1].contains(&revisions.len()));
        for (one, revision) in revisions.iter().rev().zip(1..) {
            assert_eq!(usize::try_from(one.revision), Ok(revision));
            let expected = text(number, revision);
            check_revision(&client, &article.name, one.revision, &expected).await;
        }
    }
}
