//! A server that is killed in the middle of an ingest.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use nix::sys::signal::Signal;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::{
    Article, ArticleView, Claim, ClaimFilter, EngineKind, ExtractClaimsRequest,
    IngestArticleRequest, IngestArticleResponse, ListArticlesRequest, ListClaimsRequest,
};

use super::document;
use crate::process::{DataDir, Serve};

const ARTICLES: usize = 300;
const KILLED_AFTER: usize = 60;
const AT_ONCE: usize = 16;

/// An article with some speakers of its own and one whom all share.
fn text(number: usize) -> String {
    let paragraph = |part: usize| {
        format!(
            "“Gate {number} is closed for {part} days,” said Warden Kessler{number} Holm{part}. Ann Lee denied that \
             gate {number} had failed.\n\n"
        )
    };
    (0..2 + number % 4).map(paragraph).collect()
}

/// Ingests an article under a request id of its own.
async fn ingest(client: Client, number: usize) -> Option<IngestArticleResponse> {
    let request = IngestArticleRequest {
        document: Some(document(text(number))),
        request_id: format!("article-{number}"),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    client.ingest_article(request).await.ok()
}

/// Ingests the articles until one fails, and calls `each` after every one.
async fn ingest_all(client: &Client, mut each: impl FnMut(IngestArticleResponse)) {
    let answers = stream::iter(0..ARTICLES).map(|number| ingest(client.clone(), number));
    let mut answers = answers.buffer_unordered(AT_ONCE);
    while let Some(Some(answer)) = answers.next().await {
        each(answer);
    }
}

/// The stored articles by text.
async fn stored(client: &Client) -> BTreeMap<String, Article> {
    let request = ListArticlesRequest {
        view: ArticleView::Full.into(),
        ..Default::default()
    };
    let articles: Vec<Article> = client
        .all_articles(request)
        .try_collect()
        .await
        .expect("list the articles");
    let count = articles.len();
    let by_text: BTreeMap<_, _> = articles
        .into_iter()
        .map(|article| (article.text.clone(), article))
        .collect();
    assert_eq!(by_text.len(), count, "an article is there twice");
    by_text
}

async fn claims(client: &Client, filter: ClaimFilter) -> Vec<Claim> {
    let request = ListClaimsRequest {
        filter: Some(filter),
        ..Default::default()
    };
    client
        .all_claims(request)
        .try_collect()
        .await
        .expect("list the claims")
}

/// Checks that every article has exactly the claims of its text, and that there are no others.
async fn check_whole(client: &Client, articles: &BTreeMap<String, Article>) {
    let mut count = 0;
    for (text, article) in articles {
        let request = ExtractClaimsRequest {
            document: Some(document(text.clone())),
            engine: EngineKind::Rules.into(),
            ..Default::default()
        };
        let expected = client
            .extract_claims(request)
            .await
            .expect("extract")
            .claims;
        let filter = ClaimFilter {
            article: article.name.clone(),
            ..Default::default()
        };
        let claims = claims(client, filter).await;
        let contents = |claims: &[Claim]| {
            claims
                .iter()
                .map(|claim| claim.content.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(contents(&claims), contents(&expected), "{text}");
        assert_eq!(
            usize::try_from(article.claim_count),
            Ok(claims.len()),
            "{text}"
        );
        count += claims.len();
    }
    assert_eq!(
        claims(client, ClaimFilter::default()).await.len(),
        count,
        "claims of no article"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_there_whole_or_not_at_all() {
    let dir = DataDir::new();
    let options = ClientOptions {
        attempts: 1,
        ..ClientOptions::default()
    };
    let mut server = Serve::start(&dir, &[]);
    let client = Client::connect_with(server.url(), options)
        .await
        .expect("connect");
    let mut answered = Vec::new();
    ingest_all(&client, |answer| {
        answered.push(answer.article.expect("an article").name);
        if answered.len() == KILLED_AFTER {
            server.signal(Signal::SIGKILL);
        }
    })
    .await;
    server.wait();

    let server = Serve::start(&dir, &[]);
    let client = Client::connect_with(server.url(), options)
        .await
        .expect("connect");
    let survivors = stored(&client).await;
    assert!(survivors.len() < ARTICLES, "the kill came too late");
    for name in &answered {
        assert!(
            survivors.values().any(|article| article.name == *name),
            "{name} is lost"
        );
    }
    check_whole(&client, &survivors).await;

    let mut created = 0;
    ingest_all(&client, |answer| created += usize::from(answer.created)).await;
    let all = stored(&client).await;
    assert_eq!((created, all.len()), (ARTICLES - survivors.len(), ARTICLES));
    for (text, article) in &survivors {
        assert_eq!(all[text].name, article.name, "stored again");
    }
    check_whole(&client, &all).await;
}
