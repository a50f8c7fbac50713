//! Wire copy: the same article of another publisher, under another headline, is told when it is stored.

use onrecord::proto::{Article, Document, MatchClaimsRequest};
use tokio::task::JoinSet;

use super::{article, matches, text};
use crate::harness::TestServer;

const STORY: &str = "The night ferry will carry 400 cars from June, the harbour master Ann Lee said on Monday. \
    She told reporters that two new ramps were built over the winter. The old ramp stays in use for lorries. \
    Bo Dam, who leads the union of the crews, said that nobody had asked them about the longer shifts. \
    The council will look at the timetable again before the summer holidays begin on the islands.";

const OTHER_STORY: &str = "A baker on the hill has sold his shop to a chain from the capital, his daughter said. \
    The oven goes back to the year in which the railway came. Neighbours said they would miss the rye bread, \
    which was carried to the market on foot for three generations. The new owners promise to keep two of the clerks.";

fn printed(by: &str, headline: &str, story: &str, days: i64) -> Document {
    Document {
        publisher: by.to_owned(),
        title: headline.to_owned(),
        ..article(&format!("{headline}\n\n{story}"), days)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_under_another_headline_is_told() {
    let server = TestServer::start().await;
    let original = server
        .ingest(printed("Wire", "More cars on the ferry", STORY, 3))
        .await;
    assert_eq!(original.duplicate_of, "");
    let (kept, _) = STORY.rsplit_once(". The council").expect("a last sentence");
    for (by, headline, story) in [
        ("Ostbridge Courier", "Night ferry to take 400 cars", STORY),
        ("Radio Estuary", "New ramps in the harbour", kept),
    ] {
        let copy = server.ingest(printed(by, headline, story, 1)).await;
        assert_eq!(copy.duplicate_of, original.name, "{by}");
    }
    let other = server
        .ingest(printed("Wire", "Bakery sold", OTHER_STORY, 0))
        .await;
    assert_eq!(other.duplicate_of, "");
    let short = "Ann Lee said that it rains.";
    for by in ["Wire", "Radio Estuary"] {
        let document = Document {
            publisher: by.to_owned(),
            ..article(short, 0)
        };
        assert_eq!(server.ingest(document).await.duplicate_of, "");
    }

    let request = MatchClaimsRequest {
        max_results: 50,
        ..text("The night ferry will carry 400 cars from June")
    };
    let found = matches(&server, request).await;
    assert_eq!(found.repeating_article_count, 1);
    let first = found.first_claim.expect("the first");
    assert_eq!(first.article, original.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_copies_that_come_at_once_one_is_the_original() {
    let server = TestServer::start().await;
    let mut calls = JoinSet::new();
    for n in 0..8 {
        let document = printed(&format!("Paper {n}"), &format!("Headline {n}"), STORY, n);
        let client = server.client.clone();
        calls.spawn(async move {
            let request = onrecord::proto::IngestArticleRequest {
                document: Some(document),
                engine: onrecord::proto::EngineKind::Rules.into(),
                ..Default::default()
            };
            let answer = client.ingest_article(request).await.expect("ingest");
            answer.article.expect("an article")
        });
    }
    let articles: Vec<Article> = calls.join_all().await;
    let originals: Vec<&Article> = articles
        .iter()
        .filter(|article| article.duplicate_of.is_empty())
        .collect();
    assert_eq!(originals.len(), 1);
    let copies = articles.iter().filter(|one| one.name != originals[0].name);
    for copy in copies {
        assert_eq!(copy.duplicate_of, originals[0].name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_corrected_article_says_now_is_what_copies_it() {
    let server = TestServer::start().await;
    let begun = server
        .ingest(article("Ann Lee said that it rains.", 3))
        .await;
    for (text, copies, others) in [
        (STORY, STORY, OTHER_STORY),
        (OTHER_STORY, OTHER_STORY, STORY),
    ] {
        let request = onrecord::proto::CorrectArticleRequest {
            name: begun.name.clone(),
            text: text.to_owned(),
            engine: onrecord::proto::EngineKind::Rules.into(),
            requested_by: "desk".to_owned(),
            ..Default::default()
        };
        server
            .client
            .correct_article(request)
            .await
            .expect("corrected");
        let copy = server
            .ingest(printed(&copies[..9], "Headline", copies, 1))
            .await;
        assert_eq!(copy.duplicate_of, begun.name);
        let other = server
            .ingest(printed("Other", &others[..9], others, 1))
            .await;
        assert_ne!(other.duplicate_of, begun.name);
    }
}
