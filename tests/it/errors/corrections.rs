//! Corrections that are refused, and revisions that are not there.

use onrecord::proto::ErrorReason::{
    ArticleNotFound, EtagMismatch, InvalidEnumValue, InvalidField, InvalidPageSize,
    InvalidPageToken, NulCharacter, RequiredFieldMissing, RevisionNotFound, TextTooLarge,
};
use onrecord::proto::{
    CorrectArticleRequest, GetArticleRequest, ListArticleRevisionsRequest,
    ListRevisionClaimsRequest,
};

use super::ID;
use crate::harness::{TestServer, refused};

fn correction(name: &str, text: &str) -> CorrectArticleRequest {
    CorrectArticleRequest {
        name: name.to_owned(),
        text: text.to_owned(),
        requested_by: "me".to_owned(),
        ..Default::default()
    }
}

fn claims(name: &str, revision: i32) -> ListRevisionClaimsRequest {
    ListRevisionClaimsRequest {
        parent: name.to_owned(),
        revision,
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_corrections_name_their_fields() {
    let server = TestServer::with(None).await;
    let client = &server.client;
    let call = client.correct_article(CorrectArticleRequest::default());
    let fields = &["name", "text", "requested_by"];
    refused(call, RequiredFieldMissing, fields).await;
    let name = format!("articles/{ID}");
    let call = client.correct_article(correction(&name, "a\0b"));
    refused(call, NulCharacter, &["text"]).await;
    let max = TestServer::options().max_text_bytes;
    let call = client.correct_article(correction(&name, &"a".repeat(max + 1)));
    let fault = refused(call, TextTooLarge, &["text"]).await;
    assert_eq!(fault.metadata["max_bytes"], max.to_string());
    let bad = CorrectArticleRequest {
        title: "t".repeat(2_001),
        authors: vec!["Ann Lee".to_owned(), String::new()],
        engine: 99,
        reason: "r".repeat(2_001),
        ..correction(&name, "Yes.")
    };
    let fields = &["title", "authors[1]", "engine", "reason"];
    refused(client.correct_article(bad), InvalidField, fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lists_of_revisions_name_their_fields() {
    let server = TestServer::with(None).await;
    let client = &server.client;
    let name = format!("articles/{ID}");
    let list = ListArticleRevisionsRequest {
        parent: name.clone(),
        ..Default::default()
    };
    let call = client.list_article_revisions(ListArticleRevisionsRequest::default());
    refused(call, RequiredFieldMissing, &["parent"]).await;
    let call = client.list_article_revisions(ListArticleRevisionsRequest {
        page_size: -1,
        ..list.clone()
    });
    refused(call, InvalidPageSize, &["page_size"]).await;
    let call = client.list_article_revisions(ListArticleRevisionsRequest {
        page_token: "x".to_owned(),
        ..list
    });
    refused(call, InvalidPageToken, &["page_token"]).await;
    let call = client.list_revision_claims(claims(&name, 0));
    refused(call, RequiredFieldMissing, &["revision"]).await;
    let call = client.list_revision_claims(claims(&name, -1));
    refused(call, InvalidField, &["revision"]).await;
    let bad = ListRevisionClaimsRequest {
        encoding_type: 99,
        ..claims(&name, 1)
    };
    refused(
        client.list_revision_claims(bad),
        InvalidEnumValue,
        &["encoding_type"],
    )
    .await;
    let call = client.get_article(GetArticleRequest {
        name,
        revision: -1,
        ..Default::default()
    });
    refused(call, InvalidField, &["revision"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told() {
    let server = TestServer::start().await;
    let client = &server.client;
    let ghost = format!("articles/{ID}");
    let call = client.correct_article(correction(&ghost, "Yes."));
    refused(call, ArticleNotFound, &[]).await;
    let list = ListArticleRevisionsRequest {
        parent: ghost.clone(),
        ..Default::default()
    };
    refused(client.list_article_revisions(list), ArticleNotFound, &[]).await;
    let call = client.list_revision_claims(claims(&ghost, 1));
    refused(call, ArticleNotFound, &[]).await;

    let article = server
        .ingest_text("Ann Lee said the bridge was safe.")
        .await;
    let fault = refused(
        client.list_revision_claims(claims(&article.name, 2)),
        RevisionNotFound,
        &[],
    );
    let fault = fault.await;
    assert_eq!(fault.metadata["name"], article.name);
    assert_eq!(fault.metadata["revision"], "2");
    let call = client.get_article(GetArticleRequest {
        name: article.name.clone(),
        revision: 7,
        ..Default::default()
    });
    refused(call, RevisionNotFound, &[]).await;
    let call = client.correct_article(CorrectArticleRequest {
        etag: "\"0\"".to_owned(),
        ..correction(&article.name, "Yes.")
    });
    let fault = refused(call, EtagMismatch, &[]).await;
    assert_eq!(fault.metadata["name"], article.name);
}
