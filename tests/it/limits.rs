//! What keeps articles, answers and actors within bounds.

use futures_util::future::join_all;
use onrecord::proto::{
    Actor, BatchGetClaimsRequest, ClaimFilter, ErrorReason, ListActorsRequest, ListClaimsRequest,
};

use crate::harness::{TestServer, document, refused};

/// The text of one answer may not be longer, but for one item.
const MAX_ANSWER_BYTES: usize = 16 << 20;

async fn ann_lee(server: &TestServer) -> Actor {
    let request = ListActorsRequest {
        display_name_prefix: "ann lee".to_owned(),
        ..Default::default()
    };
    let actors = server.client.list_actors(request).await.expect("list");
    assert_eq!(actors.actors.len(), 1);
    actors.actors.into_iter().next().expect("an actor")
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_any_length_can_be_stored() {
    let server = TestServer::start().await;
    let word = format!("Q{}", "abcdefghij0123456789".repeat(500));
    for text in [
        format!("“It rained,” said Ann {word}."),
        format!("Ann Lee, the mayor of {word}, said it rained."),
        format!("Ann Lee, the {word} of Ostbridge, said it rained."),
        format!("{word} said it rained."),
        format!("The {word} Ministry said it rained."),
    ] {
        let article = server.ingest_text(&text).await;
        assert_eq!(article.claim_count, 1, "{}", &text[..40]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_too_much_text_is_cut_or_refused() {
    let server = TestServer::start().await;
    let long = "It rained and rained. ".repeat(2_500);
    let texts = (0..310).map(|n| format!("“{long}{n}”, said Ann Lee."));
    let texts: Vec<String> = texts.collect();
    // A few at a time: all at once may take longer than a call may.
    let ingested = texts
        .chunks(8)
        .map(|some| some.iter().map(|text| server.ingest_text(text)));
    for some in ingested {
        join_all(some).await;
    }

    let request = ListClaimsRequest {
        page_size: 1_000,
        ..Default::default()
    };
    let page = server.client.list_claims(request).await.expect("a page");
    let held: usize = page.claims.iter().map(|claim| text_of(claim).len()).sum();
    assert!(held <= MAX_ANSWER_BYTES && !page.next_page_token.is_empty());
    let all = server.claims(ClaimFilter::default()).await;
    assert!(all.len() >= 310 && all.starts_with(&page.claims));

    for names in [
        all.iter().map(|claim| claim.name.clone()).collect(),
        vec![all[0].name.clone(); 1_000],
    ] {
        let request = BatchGetClaimsRequest {
            names,
            ..Default::default()
        };
        let answer = server.client.batch_get_claims(request);
        refused(answer, ErrorReason::MessageTooLarge, &[]).await;
    }
}

fn text_of(claim: &onrecord::proto::Claim) -> &str {
    claim.content.as_ref().map_or("", |content| &content.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actors_etag_changes_with_what_is_known_of_it() {
    let server = TestServer::start().await;
    server.ingest_text("Ann Lee said it rained.").await;
    let first = ann_lee(&server).await;

    server.ingest_text("Ann Lee said it had rained.").await;
    let same = ann_lee(&server).await;
    assert_eq!(same.claim_count, first.claim_count + 1);
    assert_eq!(same.etag, first.etag);

    let text = "Ann Lee, the mayor of Ostbridge, said it would rain.";
    server.ingest(document(text)).await;
    let appointed = ann_lee(&server).await;
    assert_eq!(appointed.roles.len(), 1);
    assert_ne!(appointed.etag, first.etag);

    server
        .ingest_text("Ann Lee said it rains. Lee denied it.")
        .await;
    let renamed = ann_lee(&server).await;
    assert_eq!(renamed.aliases, ["Lee"]);
    assert_ne!(renamed.etag, appointed.etag);
}
