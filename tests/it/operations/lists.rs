//! Lists of operations.

use futures_util::TryStreamExt;
use onrecord::proto::ErrorReason::{
    InvalidField, InvalidPageSize, InvalidPageToken, InvalidResourceName, PageTokenFilterMismatch,
};
use onrecord::proto::longrunning::{ListOperationsRequest, Operation};

use super::{database, ended, ingest, lock, request, start};
use crate::harness::{TestServer, refused};

async fn list(server: &TestServer, filter: &str) -> Vec<String> {
    let request = ListOperationsRequest {
        page_size: 2,
        filter: filter.to_owned(),
        ..Default::default()
    };
    let all: Vec<Operation> = server
        .client
        .all_operations(request)
        .try_collect()
        .await
        .expect("a list");
    all.into_iter().map(|operation| operation.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_are_listed_newest_first_in_pages() {
    let server = TestServer::start().await;
    let mut names = Vec::new();
    for _ in 0..5 {
        names.insert(0, start(&server.client, request()).await.name);
    }
    for name in &names {
        ended(&server.client, name).await;
    }
    let articles = ingest(&server, 1).await;
    let _lock = lock(database(&server), &articles[0]).await;
    let running = start(&server.client, request()).await.name;
    assert_eq!(list(&server, "done=true").await, names);
    let unfinished = list(&server, "done = false").await;
    assert_eq!(unfinished, std::slice::from_ref(&running));
    names.insert(0, running);
    assert_eq!(list(&server, "").await, names);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_list_of_operations_is_refused() {
    let server = TestServer::start().await;
    for _ in 0..2 {
        start(&server.client, request()).await;
    }
    let first = ListOperationsRequest {
        name: "operations".to_owned(),
        page_size: 1,
        ..Default::default()
    };
    let page = server.client.list_operations(first.clone()).await;
    let token = page.expect("a page").next_page_token;
    let check = async |request, reason, field: &str| {
        refused(server.client.list_operations(request), reason, &[field]).await;
    };
    let other = ListOperationsRequest {
        page_token: token.clone(),
        filter: "done=true".to_owned(),
        ..first.clone()
    };
    check(other, PageTokenFilterMismatch, "page_token").await;
    let garbage = ListOperationsRequest {
        page_token: token[1..].to_owned(),
        ..first.clone()
    };
    check(garbage, InvalidPageToken, "page_token").await;
    let negative = ListOperationsRequest {
        page_size: -1,
        ..first.clone()
    };
    check(negative, InvalidPageSize, "page_size").await;
    let foreign = ListOperationsRequest {
        name: "articles".to_owned(),
        ..first.clone()
    };
    check(foreign, InvalidResourceName, "name").await;
    for filter in [
        "done",
        "done=yes",
        "name=x",
        "done=true AND done=false",
        "\0",
    ] {
        let filtered = ListOperationsRequest {
            filter: filter.to_owned(),
            ..first.clone()
        };
        check(filtered, InvalidField, "filter").await;
    }
}
