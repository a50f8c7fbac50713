//! Corrections at the same time as other writes.

use futures_util::future::join_all;
use onrecord::proto::ErrorReason::{ArticleExists, EtagMismatch};
use onrecord::proto::{ClaimFilter, CorrectArticleRequest, EngineKind, ReextractArticleRequest};

use super::{FERRY, LATE, NEW, claims_of, correct, get, ingest, revisions, to};
use crate::harness::{Fault, TestServer, refused};

#[tokio::test(flavor = "multi_thread")]
async fn corrections_and_readings_take_turns() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, FERRY).await;
    let corrections = (0..4).map(|n| {
        let request = to(&article, &format!("{FERRY} {LATE} It was the {n}th time."));
        server.client.correct_article(request)
    });
    let reread = server.client.reextract_article(ReextractArticleRequest {
        name: article.name.clone(),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    });
    let (corrected, reread) = tokio::join!(join_all(corrections), reread);
    assert!(
        corrected
            .into_iter()
            .all(|one| one.expect("corrected").corrected)
    );
    reread.expect("read again");

    let revisions = revisions(&server, &article.name).await;
    let numbers: Vec<i32> = revisions.iter().map(|one| one.revision).collect();
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    // Whatever the order was, every claim stands in the text of its revision.
    for revision in 1..=5 {
        let text = get(&server, &article.name, revision).await.text;
        for claim in claims_of(&server, &article.name, revision).await {
            let content = claim.content.expect("content");
            let span = &content.spans[0];
            let range = usize::try_from(span.start).expect("a place")
                ..usize::try_from(span.end).expect("a place");
            assert_eq!(text[range], span.text, "{revision}");
        }
    }
    let claims = server.claims(ClaimFilter::default()).await;
    assert_eq!(claims, claims_of(&server, &article.name, 5).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_with_one_etag_one_corrects() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, FERRY).await;
    let calls = [NEW, LATE].map(|text| {
        server.client.correct_article(CorrectArticleRequest {
            etag: article.etag.clone(),
            ..to(&article, text)
        })
    });
    let (done, failed): (Vec<_>, Vec<_>) =
        join_all(calls).await.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), failed.len()), (1, 1));
    let status = failed.into_iter().find_map(Result::err).expect("an error");
    assert_eq!(Fault::of(&status).reason, EtagMismatch);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_another_article_has_is_refused() {
    let server = TestServer::start().await;
    let (article, _) = ingest(&server, FERRY).await;
    let (other, _) = ingest(&server, NEW).await;
    let call = server.client.correct_article(to(&article, NEW));
    let fault = refused(call, ArticleExists, &[]).await;
    assert_eq!(fault.metadata["name"], other.name);
    assert_eq!(get(&server, &article.name, 0).await.revision, 1);
    // Once the other says something else it may be had.
    correct(&server, to(&other, LATE)).await;
    assert!(correct(&server, to(&article, NEW)).await.corrected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_comes_while_it_is_corrected_is_one_article() {
    let server = TestServer::start().await;
    let mut former = FERRY.to_owned();
    let (article, _) = ingest(&server, &former).await;
    let mut others = Vec::new();
    for n in 0..25 {
        let later = format!("{FERRY} It was the {n}th time.");
        let correction = server.client.correct_article(to(&article, &later));
        let (corrected, again, same) = tokio::join!(
            correction,
            ingest(&server, &former),
            ingest(&server, &later)
        );
        assert_eq!((again.0.name, again.1), (article.name.clone(), false));
        match corrected {
            Ok(_) => {
                assert_eq!((same.0.name, same.1), (article.name.clone(), false));
                former = later;
            }
            Err(status) => {
                let fault = Fault::of(&status);
                assert_eq!(fault.reason, ArticleExists);
                assert_eq!((&fault.metadata["name"], same.1), (&same.0.name, true));
                others.push(same.0.name);
            }
        }
    }
    let all = revisions(&server, &article.name).await;
    assert_eq!(all.len(), 26 - others.len());
}
