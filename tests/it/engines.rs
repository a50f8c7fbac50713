//! Which engine reads a text: the one that is asked for.

use onrecord::extract::MIN_CONFIDENCE;
use onrecord::proto::{
    Claim, ClaimFilter, EngineKind, ExtractClaimsRequest, IngestArticleRequest,
    IngestArticleResponse,
};
use onrecord::server::ServerOptions;

use crate::harness::{Database, NEWS, TestServer, document};

const ENGINES: [(EngineKind, &str); 3] = [
    (EngineKind::Unspecified, "model"),
    (EngineKind::Model, "model"),
    (EngineKind::Rules, "rules"),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_engine_says_who_it_is() {
    let server = TestServer::with(None).await;
    for (engine, name) in ENGINES {
        let request = ExtractClaimsRequest {
            document: Some(document(NEWS)),
            engine: engine.into(),
            ..Default::default()
        };
        let read = server.client.extract_claims(request).await.expect("read");
        let engine = read.engine.expect("the engine");
        assert_eq!(engine.name, name);
        assert!(!engine.version.is_empty() && !read.claims.is_empty());
        assert!(
            read.claims
                .iter()
                .all(|claim| claim.engine.as_ref() == Some(&engine))
        );
    }
}

async fn ingest(server: &TestServer, text: &str, engine: EngineKind) -> IngestArticleResponse {
    let request = IngestArticleRequest {
        document: Some(document(text)),
        engine: engine.into(),
        ..Default::default()
    };
    server.client.ingest_article(request).await.expect("ingest")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_stored_as_the_first_engine_read_it() {
    let server = TestServer::start().await;
    for (n, (engine, name)) in ENGINES.into_iter().enumerate() {
        let text = format!("{NEWS}{n}");
        let first = ingest(&server, &text, engine).await;
        let article = first.article.expect("an article");
        let read_by = article.extraction.clone().and_then(|run| run.engine);
        assert_eq!(
            read_by.as_ref().map(|engine| engine.name.as_str()),
            Some(name)
        );
        let filter = ClaimFilter {
            article: article.name.clone(),
            ..Default::default()
        };
        let claims = server.claims(filter).await;
        assert!(claims.iter().all(|claim| claim.engine == read_by));

        for (other, _) in ENGINES {
            let again = ingest(&server, &text, other).await;
            assert_eq!(
                (again.article, again.created),
                (Some(article.clone()), false)
            );
        }
    }
}

/// What the rules read rather wrongly, as a server tells it that leaves such claims out.
async fn read(server: &TestServer, include_unlikely: bool, min_confidence: f32) -> Vec<Claim> {
    let request = ExtractClaimsRequest {
        document: Some(document(HOPES)),
        engine: EngineKind::Rules.into(),
        include_unlikely,
        min_confidence,
        ..Default::default()
    };
    let read = server.client.extract_claims(request).await.expect("read");
    read.claims
}

const HOPES: &str = "Ann Lee said that it rained. Bo Dam hopes to win.";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rather_wrong_is_left_out_unless_asked_for() {
    let database = Database::create().await;
    let options = ServerOptions {
        min_confidence: MIN_CONFIDENCE,
        ..TestServer::options()
    };
    let server = TestServer::launch(Some(database.store()), options).await;
    let usual = read(&server, false, 0.0).await;
    let all = read(&server, true, 0.0).await;
    let likely = |claim: &&Claim| claim.confidence >= MIN_CONFIDENCE;
    assert!(all.iter().filter(likely).count() < all.len());
    assert_eq!(usual.len(), all.iter().filter(likely).count());
    assert!(read(&server, true, 1.0).await.is_empty());

    ingest(&server, HOPES, EngineKind::Rules).await;
    let stored = server.claims(ClaimFilter::default()).await;
    assert_eq!(stored.len(), usual.len());
    assert!(
        stored
            .iter()
            .all(|claim| claim.confidence >= MIN_CONFIDENCE)
    );
}
