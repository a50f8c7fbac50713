use onrecord::proto::ErrorReason::{ArticleDeleted, EtagMismatch};
use onrecord::proto::{
    Article, CorrectArticleRequest, DeleteArticleRequest, EngineKind, ListArticleRevisionsRequest,
    ReextractArticleRequest, RetractArticleRequest, UpdateArticleRequest,
};
use prost_types::FieldMask;

use super::{BY, ID, Requests, STALE, TEXT, check};
use crate::harness::{TestServer, refused};

pub(super) fn correct(article: &Article, text: &str) -> CorrectArticleRequest {
    CorrectArticleRequest {
        name: article.name.clone(),
        text: text.to_owned(),
        engine: EngineKind::Rules.into(),
        requested_by: BY.to_owned(),
        etag: article.etag.clone(),
        request_id: ID.to_owned(),
        ..CorrectArticleRequest::default()
    }
}

/// Gives the article another title, which has it read again.
pub(super) fn retitle(article: &Article, title: &str) -> UpdateArticleRequest {
    UpdateArticleRequest {
        article: Some(Article {
            name: article.name.clone(),
            title: title.to_owned(),
            etag: article.etag.clone(),
            ..Article::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["title".to_owned()],
        }),
        requested_by: BY.to_owned(),
        request_id: ID.to_owned(),
        ..UpdateArticleRequest::default()
    }
}

fn delete(article: &Article) -> DeleteArticleRequest {
    DeleteArticleRequest {
        name: article.name.clone(),
        requested_by: BY.to_owned(),
        etag: article.etag.clone(),
        request_id: ID.to_owned(),
        ..DeleteArticleRequest::default()
    }
}

pub(super) async fn server() -> (TestServer, Article) {
    let server = TestServer::start().await;
    let article = server.ingest_text(TEXT).await;
    (server, article)
}

async fn revisions(server: &TestServer, article: &Article) -> usize {
    let request = ListArticleRevisionsRequest {
        parent: article.name.clone(),
        ..ListArticleRevisionsRequest::default()
    };
    let page = server.client.list_article_revisions(request).await;
    page.expect("list").revisions.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_read_again_once() {
    let (server, article) = server().await;
    let request = |etag: &str, engine: EngineKind| ReextractArticleRequest {
        name: article.name.clone(),
        engine: engine.into(),
        etag: etag.to_owned(),
        request_id: ID.to_owned(),
    };
    let requests = Requests {
        failing: (request(STALE, EngineKind::Rules), EtagMismatch),
        request: request(&article.etag, EngineKind::Rules),
        other: request(&article.etag, EngineKind::Model),
    };
    let call = async |request| server.client.reextract_article(request).await;
    let (answer, grown) = Box::pin(check(&server, requests, call)).await;
    assert_eq!(answer.unchanged_claim_count, article.claim_count);
    assert_eq!(answer.article.expect("an article").etag, "\"2\"");
    assert_eq!(grown["write_requests"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_retracted_once() {
    let (server, article) = server().await;
    let request = |etag: &str, reason: &str| RetractArticleRequest {
        name: article.name.clone(),
        reason: reason.to_owned(),
        requested_by: BY.to_owned(),
        etag: etag.to_owned(),
        request_id: ID.to_owned(),
    };
    let requests = Requests {
        failing: (request(STALE, ""), EtagMismatch),
        request: request(&article.etag, ""),
        other: request(&article.etag, "Another"),
    };
    let call = async |request| server.client.retract_article(request).await;
    let (answer, grown) = Box::pin(check(&server, requests, call)).await;
    assert!(answer.article.expect("an article").retraction.is_some());
    assert_eq!(grown["audit_log"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_corrected_once() {
    let (server, article) = server().await;
    let text = format!("{TEXT} “It is here,” said Tom Pell.");
    let request = correct(&article, &text);
    let stale = CorrectArticleRequest {
        etag: STALE.to_owned(),
        ..request.clone()
    };
    let requests = Requests {
        failing: (stale, EtagMismatch),
        request,
        other: correct(&article, "“It is not,” said Tom Pell."),
    };
    let call = async |request| server.client.correct_article(request).await;
    let (answer, grown) = Box::pin(check(&server, requests, call)).await;
    assert!(answer.corrected);
    assert_eq!(answer.created_claims.len(), 1);
    assert_eq!((grown["article_revisions"], grown["audit_log"]), (1, 1));
    assert_eq!(revisions(&server, &article).await, 2);
}

/// A repeat neither brings back a text that was corrected since, nor one that was there already when it was first sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_correction_does_not_undo_a_later_one() {
    let (server, article) = server().await;
    let (second, third) = (format!("{TEXT} Second."), format!("{TEXT} Third."));
    let idle = CorrectArticleRequest {
        request_id: "idle".to_owned(),
        ..correct(&article, TEXT)
    };
    let early = CorrectArticleRequest {
        request_id: "early".to_owned(),
        ..correct(&article, &second)
    };
    let nothing = server.client.correct_article(idle.clone()).await;
    assert!(!nothing.expect("nothing to do").corrected);
    let first = server.client.correct_article(early.clone()).await;
    let first = first.expect("corrected");
    let late = CorrectArticleRequest {
        etag: String::new(),
        ..correct(&article, &third)
    };
    let last = server
        .client
        .correct_article(late)
        .await
        .expect("corrected");

    let again = server.client.correct_article(early).await.expect("before");
    assert!(again.corrected);
    assert_eq!(again.article, last.article);
    assert_eq!(again.unchanged_claim_count, first.unchanged_claim_count);
    let again = server.client.correct_article(idle).await.expect("before");
    assert!(!again.corrected);
    assert_eq!(again.article, last.article);
    assert_eq!(revisions(&server, &article).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_are_updated_once() {
    let (server, article) = server().await;
    let mut stale = retitle(&article, "Ferry full");
    stale.article.as_mut().expect("an article").etag = STALE.to_owned();
    let requests = Requests {
        failing: (stale, EtagMismatch),
        request: retitle(&article, "Ferry full"),
        other: retitle(&article, "Ferry late"),
    };
    let call = async |request| server.client.update_article(request).await;
    let (answer, grown) = Box::pin(check(&server, requests, call)).await;
    assert_eq!(answer.article.expect("an article").title, "Ferry full");
    assert_eq!(grown["audit_log"], 1);

    // A repeat does not take back what was changed since.
    let mut back = retitle(&article, "Ferry late");
    back.article.as_mut().expect("an article").etag.clear();
    back.request_id.clear();
    let late = server.client.update_article(back).await.expect("updated");
    let again = server
        .client
        .update_article(retitle(&article, "Ferry full"));
    assert_eq!(again.await.expect("before").article, late.article);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_deleted_once() {
    let (server, article) = server().await;
    let retract = RetractArticleRequest {
        name: article.name.clone(),
        requested_by: BY.to_owned(),
        request_id: ID.to_owned(),
        ..RetractArticleRequest::default()
    };
    let retracted = server.client.retract_article(retract.clone()).await;
    let article = retracted.expect("retracted").article.expect("an article");
    let requests = Requests {
        failing: (
            DeleteArticleRequest {
                etag: STALE.to_owned(),
                ..delete(&article)
            },
            EtagMismatch,
        ),
        request: delete(&article),
        other: DeleteArticleRequest {
            reason: "Another".to_owned(),
            ..delete(&article)
        },
    };
    let call = async |request| server.client.delete_article(request).await;
    let (answer, grown) = Box::pin(check(&server, requests, call)).await;
    let deletion = answer.deletion.expect("a deletion");
    assert_eq!(deletion.claim_count, article.claim_count);
    assert_eq!((grown["deletions"], grown["audit_log"]), (1, 1));
    // What was done to it before is not answered any more.
    let again = server.client.retract_article(retract);
    refused(again, ArticleDeleted, &[]).await;
}
