//! The same of what comes out of the database.

use futures_util::TryStreamExt;
use onrecord::proto::{
    ArticleView, Claim, ClaimFilter, EncodingType, EngineKind, GetArticleRequest,
    IngestArticleRequest, ListArticlesRequest, ListClaimsRequest,
};

use super::check_claim;
use super::texts::sendable_text;
use crate::harness::{ENCODINGS, Ruler, TestServer, document, for_all_async, spans_in};

async fn claims_of(server: &TestServer, article: &str, encoding: EncodingType) -> Vec<Claim> {
    let filter = ClaimFilter {
        article: article.to_owned(),
        ..Default::default()
    };
    let request = ListClaimsRequest {
        filter: Some(filter),
        encoding_type: encoding.into(),
        ..Default::default()
    };
    server
        .client
        .all_claims(request)
        .try_collect()
        .await
        .expect("list")
}

async fn check(server: &TestServer, text: String) {
    let request = IngestArticleRequest {
        document: Some(document(&text)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let stored = server.client.ingest_article(request).await.expect("stored");
    let name = stored.article.expect("an article").name;
    let ruler = Ruler::new(&text);
    let mut texts = Vec::new();
    for encoding in ENCODINGS {
        let request = GetArticleRequest {
            name: name.clone(),
            encoding_type: encoding.into(),
            ..Default::default()
        };
        let response = server.client.get_article(request).await.expect("get");
        assert_eq!(response.article.as_ref().expect("an article").text, text);
        let mut found = ruler.check(encoding, &spans_in(&response));
        for claim in claims_of(server, &name, encoding).await {
            check_claim(&claim);
            found.extend(ruler.check(encoding, &spans_in(&claim)));
        }
        texts.push(found);
    }
    assert!(texts.iter().all(|others| *others == texts[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_spans_are_exact() {
    let server = TestServer::start().await;
    for_all_async(200, &sendable_text(), async |text| {
        check(&server, text).await;
    });

    // One list over many articles: each claim's offsets count in its own article's text.
    for encoding in ENCODINGS {
        let request = ListArticlesRequest {
            view: ArticleView::Full.into(),
            encoding_type: encoding.into(),
            ..Default::default()
        };
        let articles = server.client.all_articles(request).try_collect().await;
        let articles: Vec<_> = articles.expect("list");
        let filter = ClaimFilter::default();
        let request = ListClaimsRequest {
            filter: Some(filter),
            encoding_type: encoding.into(),
            ..Default::default()
        };
        let claims = server.client.all_claims(request).try_collect().await;
        let claims: Vec<Claim> = claims.expect("list");
        for article in articles {
            let ruler = Ruler::new(&article.text);
            ruler.check(encoding, &spans_in(&article));
            for claim in claims.iter().filter(|claim| claim.article == article.name) {
                ruler.check(encoding, &spans_in(claim));
            }
        }
    }
}
