//! Cancelling, waiting for and deleting operations.

use onrecord::proto::ErrorReason::{OperationNotFound, OperationRunning};
use onrecord::proto::longrunning::operation::Result as Outcome;
use onrecord::proto::longrunning::{
    CancelOperationRequest, DeleteOperationRequest, GetOperationRequest, Operation,
    WaitOperationRequest,
};
use serde_json::Value;

use super::{
    BY, database, ended, get, ingest, lock, metadata, request, start, until_at_hand, versions,
};
use crate::harness::{TestServer, refused};

async fn cancel(server: &TestServer, name: &str) {
    let name = name.to_owned();
    let cancelled = server
        .client
        .cancel_operation(CancelOperationRequest { name });
    cancelled.await.expect("cancelled");
}

fn delete(name: &str) -> DeleteOperationRequest {
    DeleteOperationRequest {
        name: name.to_owned(),
    }
}

async fn wait(server: &TestServer, name: &str, seconds: i64) -> Operation {
    let request = WaitOperationRequest {
        name: name.to_owned(),
        timeout: Some(prost_types::Duration { seconds, nanos: 0 }),
    };
    let waited = server.client.wait_operation(request).await;
    waited.expect("an operation")
}

/// What the audit log says was done to operations: the action and who requested it.
async fn audited(server: &TestServer) -> Vec<(String, String)> {
    let mut connection = database(server).connection().await;
    let entries = "SELECT entry FROM audit_log ORDER BY seq";
    let entries: Vec<String> = sqlx::query_scalar(entries)
        .fetch_all(&mut connection)
        .await
        .expect("entries");
    let texts = entries.iter().map(|entry| {
        let entry: Value = serde_json::from_str(entry).expect("JSON");
        ["action", "requested_by"].map(|key| entry[key].as_str().expect(key).to_owned())
    });
    texts.map(Into::into).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_operation_reads_no_further() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 20).await;
    let lock = lock(database(&server), &articles[0]).await;
    let started = start(&server.client, request()).await;
    until_at_hand(database(&server)).await;
    let name = &started.name;
    refused(
        server.client.delete_operation(delete(name)),
        OperationRunning,
        &[],
    )
    .await;
    assert!(!wait(&server, name, 0).await.done);

    cancel(&server, name).await;
    let cancelled = get(&server.client, name).await;
    assert!(cancelled.done && metadata(&cancelled).end_time.is_some());
    let Some(Outcome::Error(error)) = &cancelled.result else {
        panic!("{cancelled:?}");
    };
    assert_eq!(error.code, i32::from(tonic::Code::Cancelled));
    cancel(&server, name).await;
    drop(lock);

    // The worker has come to the next one, so it is done with this.
    let next = start(&server.client, request()).await;
    ended(&server.client, &next.name).await;
    let read = metadata(&get(&server.client, name).await).done_article_count;
    assert!(read < 20, "{read}");
    let written: i64 = versions(database(&server)).await.iter().sum();
    assert_eq!(written, 20 + 20 + read);

    server
        .client
        .delete_operation(delete(name))
        .await
        .expect("deleted");
    let get = GetOperationRequest { name: name.clone() };
    let fault = refused(server.client.get_operation(get), OperationNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], *name);
    let actions = [
        ("REEXTRACT_ARTICLES", BY),
        ("CANCEL_OPERATION", ""),
        ("REEXTRACT_ARTICLES", BY),
        ("DELETE_OPERATION", ""),
    ];
    let actions = actions.map(|(action, by)| (action.to_owned(), by.to_owned()));
    assert_eq!(audited(&server).await, actions);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_can_wait_for_the_end() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 2).await;
    let lock = lock(database(&server), &articles[0]).await;
    let started = start(&server.client, request()).await;
    assert!(!wait(&server, &started.name, 1).await.done);
    drop(lock);
    let mut operation = started;
    while !operation.done {
        operation = wait(&server, &operation.name, 60).await;
    }
    assert_eq!(metadata(&operation).done_article_count, 2);
    // What is done stays so.
    cancel(&server, &operation.name).await;
    assert_eq!(get(&server.client, &operation.name).await, operation);
}
