//! Requests that start no operation, and names of none.

use onrecord::proto::ErrorReason::{
    self, DatabaseUnavailable, InvalidEnumValue, InvalidField, InvalidResourceName, NulCharacter,
    OperationNotFound, RequiredFieldMissing,
};
use onrecord::proto::longrunning::{
    CancelOperationRequest, DeleteOperationRequest, GetOperationRequest, WaitOperationRequest,
};
use onrecord::proto::{ArticleFilter, ReextractArticlesRequest};

use super::request;
use crate::harness::{TestServer, refused};

/// Names an operation in every way.
async fn check_name(server: &TestServer, name: &str, reason: ErrorReason, fields: &[&str]) {
    let client = &server.client;
    let name = name.to_owned();
    let get = GetOperationRequest { name: name.clone() };
    refused(client.get_operation(get), reason, fields).await;
    let wait = WaitOperationRequest {
        name: name.clone(),
        timeout: None,
    };
    refused(client.wait_operation(wait), reason, fields).await;
    let cancel = CancelOperationRequest { name: name.clone() };
    refused(client.cancel_operation(cancel), reason, fields).await;
    let delete = DeleteOperationRequest { name };
    refused(client.delete_operation(delete), reason, fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_is_not_there_is_not_found() {
    let server = TestServer::start().await;
    let id = "0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";
    check_name(&server, &format!("operations/{id}"), OperationNotFound, &[]).await;
    check_name(&server, "", RequiredFieldMissing, &["name"]).await;
    for name in [
        "operations",
        "operations/",
        id,
        "operations/1",
        &format!("articles/{id}"),
        &format!("operations/{}", id.to_uppercase()),
        &format!("operations/{id}/"),
    ] {
        check_name(&server, name, InvalidResourceName, &["name"]).await;
    }
    let negative = WaitOperationRequest {
        name: format!("operations/{id}"),
        timeout: Some(prost_types::Duration {
            seconds: -1,
            nanos: 0,
        }),
    };
    let waited = server.client.wait_operation(negative);
    refused(waited, InvalidField, &["timeout"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_out_of_bounds_is_refused() {
    let server = TestServer::with(None).await;
    let check = async |request, reason, fields: &[&str]| {
        refused(server.client.reextract_articles(request), reason, fields).await;
    };
    let filtered = |filter| ReextractArticlesRequest {
        filter: Some(filter),
        ..request()
    };
    let at = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let nobody = ReextractArticlesRequest {
        requested_by: " ".to_owned(),
        ..request()
    };
    check(nobody, RequiredFieldMissing, &["requested_by"]).await;
    let long = ReextractArticlesRequest {
        requested_by: "x".repeat(201),
        request_id: "x".repeat(129),
        ..request()
    };
    check(long, InvalidField, &["requested_by", "request_id"]).await;
    let engine = ReextractArticlesRequest {
        engine: 9,
        ..request()
    };
    check(engine, InvalidEnumValue, &["engine"]).await;
    let publishers = ArticleFilter {
        publishers: vec![String::new(), "x".repeat(501)],
        language_codes: vec!["x".repeat(36)],
        start_publish_time: at(2),
        end_publish_time: at(1),
        ..Default::default()
    };
    let fields = [
        "filter.publishers[0]",
        "filter.publishers[1]",
        "filter.language_codes[0]",
        "filter.end_publish_time",
    ];
    check(filtered(publishers), InvalidField, &fields).await;
    let many = ArticleFilter {
        publishers: vec!["x".to_owned(); 101],
        ..Default::default()
    };
    check(filtered(many), InvalidField, &["filter.publishers"]).await;
    let nul = ArticleFilter {
        language_codes: vec!["\0".to_owned()],
        ..Default::default()
    };
    check(filtered(nul), NulCharacter, &["filter.language_codes[0]"]).await;
    let state = ArticleFilter {
        state: 9,
        ..Default::default()
    };
    check(filtered(state), InvalidEnumValue, &["filter.state"]).await;
    check(request(), DatabaseUnavailable, &[]).await;
}
