//! Numbers that are no value of the enum in question.

use std::future::Future;

use onrecord::proto::ErrorReason::InvalidEnumValue;
use onrecord::proto::{
    BatchGetClaimsRequest, ClaimFilter, ExtractClaimsRequest, GetArticleRequest, GetClaimRequest,
    IngestArticleRequest, ListActorsRequest, ListArticlesRequest, ListClaimsRequest,
    ReextractArticleRequest,
};
use tonic::Status;

use super::{ID, filtered, spoilt};
use crate::harness::{TestServer, refused};

async fn check<T>(call: impl Future<Output = Result<T, Status>>, number: i32, fields: &[&str]) {
    let fault = refused(call, InvalidEnumValue, fields).await;
    assert_eq!(fault.metadata["value"], number.to_string());
}

async fn check_extraction_and_articles(server: &TestServer, number: i32) {
    let client = &server.client;
    let extract = ExtractClaimsRequest {
        document: Some(spoilt(|_| ())),
        encoding_type: number,
        engine: number,
        time_view: number,
        ..Default::default()
    };
    let fields = &["encoding_type", "engine", "time_view"];
    check(client.extract_claims(extract), number, fields).await;
    let ingest = IngestArticleRequest {
        document: Some(spoilt(|_| ())),
        engine: number,
        ..Default::default()
    };
    check(client.ingest_article(ingest), number, &["engine"]).await;
    let again = ReextractArticleRequest {
        name: format!("articles/{ID}"),
        engine: number,
        ..Default::default()
    };
    check(client.reextract_article(again), number, &["engine"]).await;
    let article = GetArticleRequest {
        name: format!("articles/{ID}"),
        view: number,
        encoding_type: number,
        ..GetArticleRequest::default()
    };
    let fields = &["view", "encoding_type"];
    check(client.get_article(article), number, fields).await;
    let articles = ListArticlesRequest {
        view: number,
        encoding_type: number,
        state: number,
        ..Default::default()
    };
    let fields = &["view", "encoding_type", "state"];
    check(client.list_articles(articles), number, fields).await;
}

async fn check_actors_and_claims(server: &TestServer, number: i32) {
    let client = &server.client;
    let actors = ListActorsRequest {
        kind: number,
        gender: number,
        order_by: number,
        ..Default::default()
    };
    let fields = &["order_by", "kind", "gender"];
    check(client.list_actors(actors), number, fields).await;
    let claim = GetClaimRequest {
        name: format!("claims/{ID}"),
        encoding_type: number,
        ..Default::default()
    };
    check(client.get_claim(claim), number, &["encoding_type"]).await;
    let batch = BatchGetClaimsRequest {
        names: vec![format!("claims/{ID}")],
        encoding_type: number,
        ..Default::default()
    };
    check(client.batch_get_claims(batch), number, &["encoding_type"]).await;
    let claims = ListClaimsRequest {
        encoding_type: number,
        order_by: number,
        view: number,
        ..filtered(ClaimFilter {
            source_class: number,
            quote_type: number,
            kind: number,
            certainty: number,
            polarity: number,
            article_state: number,
            review_state: number,
            kinds: vec![number],
            excluded_kinds: vec![1, number],
            actor_gender: number,
            ..Default::default()
        })
    };
    let fields = &[
        "order_by",
        "encoding_type",
        "filter.source_class",
        "filter.quote_type",
        "filter.kind",
        "filter.certainty",
        "filter.polarity",
        "filter.kinds[0]",
        "filter.excluded_kinds[1]",
        "filter.actor_gender",
        "filter.article_state",
        "filter.review_state",
        "view",
    ];
    // The request is large.
    check(Box::pin(client.list_claims(claims)), number, fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_outside_the_schema_are_refused() {
    let server = TestServer::start().await;
    for number in [-1, 11, i32::MAX, i32::MIN] {
        check_extraction_and_articles(&server, number).await;
        check_actors_and_claims(&server, number).await;
    }
}
