//! What is stored, and that the same is never stored twice.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::join_all;
use onrecord::proto::{
    Article, ArticleView, ClaimFilter, Document, EngineKind, ExtractClaimsRequest, GetActorRequest,
    GetArticleRequest, IngestArticleRequest, IngestArticleResponse, SourceClass,
};
use prost_types::Timestamp;
use sha2::{Digest, Sha256};

use crate::harness::{ENCODINGS, NEWS, Ruler, TestServer, document, spans_in};

async fn ingest(server: &TestServer, document: Document, request_id: &str) -> (Article, bool) {
    let request = IngestArticleRequest {
        document: Some(document),
        request_id: request_id.to_owned(),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let response = server.client.ingest_article(request).await.expect("ingest");
    let IngestArticleResponse { article, created } = response;
    (article.expect("an answer holds the article"), created)
}

async fn rows(server: &TestServer) -> BTreeMap<String, i64> {
    server.database.as_ref().expect("a database").rows().await
}

async fn get(server: &TestServer, request: GetArticleRequest) -> Article {
    let response = server.client.get_article(request).await.expect("get");
    response.article.expect("an answer holds the article")
}

/// A document with every field set.
fn full_document() -> Document {
    Document {
        text: NEWS.to_owned(),
        title: "Harbour bridge to reopen".to_owned(),
        uri: "https://courier.example/bridge?id=7#top".to_owned(),
        publisher: "Ostbridge Courier".to_owned(),
        authors: vec!["Tom Pell".to_owned(), "Zoë Ångström".to_owned()],
        language_code: "en-GB".to_owned(),
        publish_time: Some(Timestamp {
            seconds: 1_778_222_000,
            nanos: 123_456_000,
        }),
        time_zone: "Europe/London".to_owned(),
        external_id: "cms:7".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_is_stored_once() {
    let server = TestServer::start().await;
    let (first, created) = ingest(&server, full_document(), "").await;
    assert!(created);
    let before = rows(&server).await;
    assert!(before["claims"] >= 7 && before["actors"] >= 4 && before["actor_roles"] >= 1);
    let retitled = Document {
        title: "Another headline".to_owned(),
        authors: Vec::new(),
        publish_time: None,
        ..full_document()
    };
    for again in [full_document(), retitled] {
        assert_eq!(ingest(&server, again, "").await, (first.clone(), false));
    }
    assert_eq!(rows(&server).await, before);

    for other in [
        Document {
            uri: String::new(),
            external_id: "cms:8".to_owned(),
            ..full_document()
        },
        Document {
            publisher: "ostbridge courier".to_owned(),
            ..full_document()
        },
        Document {
            text: format!("{NEWS} "),
            external_id: String::new(),
            ..full_document()
        },
    ] {
        let (other, created) = ingest(&server, other, "").await;
        assert!(created);
        assert_ne!(other.name, first.name);
    }
    let after = rows(&server).await;
    assert_eq!(after["articles"], 4);
    assert_eq!(after["claims"], before["claims"] * 4);
    // Nobody new is in them but those whom their names alone do not identify.
    assert_eq!(after["actors"], before["actors"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_answers_its_first_article_for_ever() {
    let server = TestServer::start().await;
    let (first, created) = ingest(&server, full_document(), "one").await;
    assert!(created);
    let before = rows(&server).await;
    for again in [full_document(), document("“No,” said Marek Dolan.")] {
        assert_eq!(ingest(&server, again, "one").await, (first.clone(), false));
    }
    assert_eq!(rows(&server).await, before);

    // An id that comes with known content is remembered for it.
    assert_eq!(
        ingest(&server, full_document(), "two").await,
        (first.clone(), false)
    );
    let other = document("“Maybe,” said Marek Dolan.");
    assert_eq!(ingest(&server, other, "two").await, (first, false));
    let after = rows(&server).await;
    assert_eq!(after["ingest_requests"], 2);
    assert_eq!(after["articles"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_at_once_stores_and_all_answer_the_same() {
    let server = TestServer::start().await;
    // Some with one request id, some with ids of their own, some with none.
    let ids = (0..50).map(|n| match n % 3 {
        0 => String::new(),
        1 => "shared".to_owned(),
        _ => format!("own-{n}"),
    });
    let ids: Vec<String> = ids.collect();
    let answers = join_all(ids.iter().map(|id| ingest(&server, full_document(), id))).await;
    assert_eq!(answers.iter().filter(|(_, created)| *created).count(), 1);
    assert!(answers.iter().all(|(article, _)| *article == answers[0].0));
    let rows = rows(&server).await;
    assert_eq!(rows["articles"], 1);
    assert_eq!(rows["claims"], answers[0].0.claim_count);
    assert_eq!(rows["ingest_requests"], 1 + 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_at_once_that_share_their_people_share_their_actors() {
    let server = TestServer::start().await;
    // In both orders, so that transactions would wait for each other crosswise.
    let texts = (0..30).map(|n| {
        let lee = format!("“The bridge is safe, {n} times,” said Ann Lee.");
        let dolan = format!("“The toll is {n} pounds,” said Marek Dolan.");
        if n % 2 == 0 {
            format!("{lee}\n\n{dolan}\n")
        } else {
            format!("{dolan}\n\n{lee}\n")
        }
    });
    join_all(texts.map(|text| ingest(&server, document(text), ""))).await;
    assert_eq!(rows(&server).await["actors"], 2);
    let claims = server.claims(ClaimFilter::default()).await;
    for name in ["Ann Lee", "Marek Dolan"] {
        let theirs: Vec<_> = claims
            .iter()
            .filter(|claim| claim.actor_display_name == name)
            .collect();
        assert_eq!(theirs.len(), 30);
        assert!(theirs.iter().all(|claim| claim.actor == theirs[0].actor));
        let request = GetActorRequest {
            name: theirs[0].actor.clone(),
        };
        let response = server.client.get_actor(request).await.expect("get");
        assert_eq!(response.actor.expect("an actor").claim_count, 30);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_comes_back_as_it_was_sent() {
    let server = TestServer::start().await;
    let (answered, _) = ingest(&server, full_document(), "").await;
    let sent = full_document();
    for encoding in ENCODINGS {
        let request = GetArticleRequest {
            name: answered.name.clone(),
            encoding_type: encoding.into(),
            ..Default::default()
        };
        let article = get(&server, request).await;
        let kept = Document {
            text: article.text.clone(),
            title: article.title.clone(),
            uri: article.uri.clone(),
            publisher: article.publisher.clone(),
            authors: article.authors.clone(),
            language_code: article.language_code.clone(),
            publish_time: article.publish_time,
            time_zone: article.time_zone.clone(),
            external_id: article.external_id.clone(),
        };
        assert_eq!(kept, sent);
        let blocks = Ruler::new(NEWS).check(encoding, &spans_in(&article));
        assert_eq!(blocks[0], "Harbour bridge to reopen");
        // What ingest answers is the same article but for text and blocks.
        let basic = Article {
            text: String::new(),
            blocks: Vec::new(),
            ..article
        };
        assert_eq!(basic, answered);
    }
    let request = GetArticleRequest {
        name: answered.name.clone(),
        view: ArticleView::Basic.into(),
        ..Default::default()
    };
    assert_eq!(get(&server, request).await, answered);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_sets_what_it_promises_to_set() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, full_document(), "").await;
    let digest = Sha256::digest(NEWS);
    let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(article.text_sha256, digest.concat());
    assert_eq!((article.revision, article.state), (1, 1));
    assert!(!article.etag.is_empty() && article.duplicate_of.is_empty());
    assert!(article.create_time.is_some());
    assert_eq!(article.update_time, article.create_time);
    let run = article.extraction.expect("the reading");
    assert_eq!(run.engine.expect("the engine").name, "rules");
    assert!(run.finish_time.is_some() && run.duration.is_some());

    // A text without claims, or of white space, is an article all the same.
    for text in ["Nothing was said.", " \r\n\t\u{a0}"] {
        let (article, created) = ingest(&server, document(text), "").await;
        assert!(created);
        assert_eq!(article.claim_count, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_name_in_a_stored_claim_leads_somewhere() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, full_document(), "").await;
    let claims = server.claims(ClaimFilter::default()).await;
    assert_eq!(i64::try_from(claims.len()), Ok(article.claim_count));
    let request = ExtractClaimsRequest {
        document: Some(full_document()),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let read = server.client.extract_claims(request).await.expect("read");
    let stored: HashMap<&str, usize> = claims
        .iter()
        .enumerate()
        .map(|(place, claim)| (claim.name.as_str(), place))
        .collect();
    assert!(claims.iter().any(|claim| !claim.parent_claim.is_empty()));
    assert!(claims.iter().any(|claim| claim.actor.is_empty()));
    for (claim, local) in claims.iter().zip(&read.claims) {
        assert_eq!(claim.article, article.name);
        assert_eq!(claim.content, local.content);
        assert_eq!(claim.source, local.source);
        assert_eq!(claim.cue, local.cue);
        // Who has no name is an actor of the one text only.
        let class = claim
            .source
            .as_ref()
            .map_or(0, |source| source.source_class);
        let unnamed = claim.actor.is_empty() && class != i32::from(SourceClass::Named);
        assert!(unnamed || claim.actor_display_name == local.actor_display_name);
        assert_eq!(claim.addressees.len(), local.addressees.len());
        assert!(!claim.etag.is_empty() && claim.create_time.is_some());
        // The parent is the one that stood at the same place when the text was read.
        let parent = stored.get(claim.parent_claim.as_str());
        let parent = parent.map_or_else(String::new, |place| format!("claims/local-{}", place + 1));
        assert_eq!(parent, local.parent_claim);
        if claim.actor.is_empty() {
            continue;
        }
        let request = GetActorRequest {
            name: claim.actor.clone(),
        };
        let actor = server.client.get_actor(request).await.expect("get").actor;
        let actor = actor.expect("an actor");
        assert_eq!(actor.display_name, claim.actor_display_name);
        assert_eq!(actor.first_claim_time, article.publish_time);
        assert_eq!(actor.last_claim_time, article.publish_time);
        let theirs = claims.iter().filter(|other| other.actor == claim.actor);
        assert_eq!(i64::try_from(theirs.count()), Ok(actor.claim_count));
    }
}
