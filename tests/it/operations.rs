//! Operations that read many articles again.

mod changes;
mod command;
mod errors;
mod lists;
mod selection;
mod takeover;

use onrecord::client::Client;
use onrecord::proto::ErrorReason::{OperationNotFound, RequestIdReused};
use onrecord::proto::longrunning::operation::Result as Outcome;
use onrecord::proto::longrunning::{DeleteOperationRequest, GetOperationRequest, Operation};
use onrecord::proto::{
    Article, ClaimFilter, Engine, EngineKind, ReextractArticlesMetadata, ReextractArticlesRequest,
    ReextractArticlesResponse,
};
use prost::Message;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::harness::{Database, TestServer, document, eventually, refused};

const BY: &str = "ops@example.org";

fn request() -> ReextractArticlesRequest {
    ReextractArticlesRequest {
        engine: EngineKind::Rules.into(),
        requested_by: BY.to_owned(),
        ..Default::default()
    }
}

async fn start(client: &Client, request: ReextractArticlesRequest) -> Operation {
    let started = client.reextract_articles(request).await;
    started.expect("started")
}

async fn get(client: &Client, name: &str) -> Operation {
    let name = name.to_owned();
    let found = client.get_operation(GetOperationRequest { name }).await;
    found.expect("an operation")
}

/// Waits for its end.
async fn ended(client: &Client, name: &str) -> Operation {
    eventually("the end of the operation", async || {
        Some(get(client, name).await).filter(|operation| operation.done)
    })
    .await
}

fn metadata(operation: &Operation) -> ReextractArticlesMetadata {
    let metadata = operation.metadata.as_ref().expect("metadata");
    metadata.to_msg().expect("how far it is")
}

fn response(operation: &Operation) -> ReextractArticlesResponse {
    let Some(Outcome::Response(response)) = &operation.result else {
        panic!("no response: {operation:?}");
    };
    response.to_msg().expect("what it did")
}

/// Articles by different people, each with one claim.
async fn ingest(server: &TestServer, count: usize) -> Vec<Article> {
    let mut articles = Vec::new();
    for number in 0..count {
        let text = format!("“Gate {number} is closed,” said Warden Holm{number}.");
        articles.push(server.ingest(document(text)).await);
    }
    articles
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().expect("an id")
}

/// Changes rows behind the service's back.
async fn change(database: &Database, statement: &str) {
    let mut connection = database.connection().await;
    let done = connection.execute(AssertSqlSafe(statement)).await;
    assert!(done.expect(statement).rows_affected() > 0, "{statement}");
}

/// Keeps an article from being written. Ends with the connection.
async fn lock(database: &Database, article: &Article) -> PgConnection {
    let mut connection = database.connection().await;
    let id = id(&article.name);
    let lock = format!("BEGIN; SELECT FROM articles WHERE id = '{id}' FOR UPDATE");
    let locked = connection.execute(sqlx::raw_sql(AssertSqlSafe(lock))).await;
    locked.expect("locked");
    connection
}

/// Waits until a server has articles at hand.
async fn until_at_hand(database: &Database) {
    let mut connection = database.connection().await;
    eventually("a server that works on it", async || {
        let at_hand = "SELECT count(*) FROM operations WHERE at_hand <> '{}'";
        let count: i64 = sqlx::query_scalar(at_hand)
            .fetch_one(&mut connection)
            .await
            .expect("a count");
        (count > 0).then_some(())
    })
    .await;
}

/// How often each article was written, ingestion included.
async fn versions(database: &Database) -> Vec<i64> {
    let mut connection = database.connection().await;
    let versions = sqlx::query_scalar("SELECT row_version FROM articles ORDER BY id");
    versions.fetch_all(&mut connection).await.expect("versions")
}

fn database(server: &TestServer) -> &Database {
    server.database.as_ref().expect("a database")
}

#[tokio::test(flavor = "multi_thread")]
async fn all_articles_are_read_again_and_what_changed_is_counted() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 5).await;
    let claims = server.claims(ClaimFilter::default()).await;
    assert_eq!(claims.len(), 5);
    let [lost, cut, doubted, reviewed] = [0, 1, 2, 3].map(|n| id(&claims[n].name));
    for statement in [
        format!("DELETE FROM claims WHERE id = '{lost}'"),
        format!("UPDATE claims SET cue = '[]', cue_lemma = NULL WHERE id = '{cut}'"),
        format!("UPDATE claims SET confidence = 0 WHERE id = '{doubted}'"),
        format!(
            "UPDATE claims SET confidence = 0, review_state = 'CONFIRMED' WHERE id = '{reviewed}'"
        ),
    ] {
        change(database(&server), &statement).await;
    }
    let kept = &server.claims(ClaimFilter::default()).await;
    let kept = kept.iter().find(|claim| id(&claim.name) == reviewed);

    let started = start(&server.client, request()).await;
    assert!(!started.done && started.result.is_none());
    assert_eq!(metadata(&started).total_article_count, 5);
    let operation = ended(&server.client, &started.name).await;
    let told = metadata(&operation);
    let counts = [
        told.total_article_count,
        told.done_article_count,
        told.failed_article_count,
        told.created_claim_count,
        told.updated_claim_count,
        told.deleted_claim_count,
    ];
    assert_eq!(counts, [5, 5, 0, 2, 1, 1]);
    assert_eq!(told.requested_by, BY);
    // A few are read at a time.
    let read_last = articles[2..]
        .iter()
        .find(|one| one.name == told.last_article);
    assert!(read_last.is_some(), "{told:?}");
    let run = articles[0].extraction.clone().expect("a run");
    assert_eq!(told.engine, run.engine);
    let seconds = |time: Option<prost_types::Timestamp>| time.expect("a time").seconds;
    assert!(seconds(told.start_time) <= seconds(told.end_time));
    assert_eq!(
        response(&operation),
        ReextractArticlesResponse {
            done_article_count: 5,
            created_claim_count: 2,
            updated_claim_count: 1,
            deleted_claim_count: 1,
            ..Default::default()
        }
    );
    let after = server.claims(ClaimFilter::default()).await;
    assert_eq!(after.len(), 5);
    let still = after.iter().find(|claim| id(&claim.name) == reviewed);
    assert_eq!(still, kept);
    assert_eq!(versions(database(&server)).await, [2; 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_cannot_be_read_stops_no_other() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 4).await;
    let broken = &articles[1].name;
    let statement = format!(
        "UPDATE articles SET time_zone = 'Nowhere/Land' WHERE id = '{}'",
        id(broken)
    );
    change(database(&server), &statement).await;
    let started = start(&server.client, request()).await;
    let operation = ended(&server.client, &started.name).await;
    let response = response(&operation);
    let counts = (response.done_article_count, response.failed_article_count);
    assert_eq!(counts, (3, 1));
    let [failure] = &response.failures[..] else {
        panic!("{response:?}");
    };
    assert_eq!(failure.article, *broken);
    let error = failure.error.clone().expect("an error");
    assert_eq!(error.code, i32::from(tonic::Code::Internal));
    assert!(!error.message.contains("Nowhere"), "{error:?}");
    let details = &error.details.first().expect("details").value;
    let info = tonic_types::pb::ErrorInfo::decode(details.as_slice());
    assert_eq!(info.expect("a reason").reason, "INTERNAL");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_is_deleted_meanwhile_is_left_out() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 8).await;
    let lock = lock(database(&server), &articles[0]).await;
    let started = start(&server.client, request()).await;
    until_at_hand(database(&server)).await;
    let delete = onrecord::proto::DeleteArticleRequest {
        name: articles[7].name.clone(),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server.client.delete_article(delete).await.expect("deleted");
    drop(lock);
    let told = metadata(&ended(&server.client, &started.name).await);
    assert_eq!((told.total_article_count, told.done_article_count), (8, 7));
    assert_eq!(told.failed_article_count, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_repeated_starts_nothing() {
    let server = TestServer::start().await;
    ingest(&server, 1).await;
    let request = ReextractArticlesRequest {
        request_id: "update-7".to_owned(),
        ..request()
    };
    let first = start(&server.client, request.clone()).await;
    let (second, third) = tokio::join!(
        start(&server.client, request.clone()),
        start(&server.client, request.clone())
    );
    assert_eq!([&second.name, &third.name], [&first.name; 2]);
    ended(&server.client, &first.name).await;
    assert_eq!(versions(database(&server)).await, [2]);

    let other = ReextractArticlesRequest {
        outdated_only: true,
        ..request.clone()
    };
    let call = server.client.reextract_articles(other);
    refused(call, RequestIdReused, &["request_id"]).await;
    let name = first.name.clone();
    let delete = DeleteOperationRequest { name };
    server
        .client
        .delete_operation(delete)
        .await
        .expect("deleted");
    let call = server.client.reextract_articles(request);
    refused(call, OperationNotFound, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_is_the_one_asked_for() {
    let server = TestServer::start().await;
    ingest(&server, 1).await;
    let model = ReextractArticlesRequest {
        engine: EngineKind::Unspecified.into(),
        ..request()
    };
    let started = start(&server.client, model).await;
    let told = metadata(&ended(&server.client, &started.name).await);
    let Engine { name, .. } = told.engine.expect("an engine");
    assert_eq!(name, "model");
    let claims = server.claims(ClaimFilter::default()).await;
    let engine = claims[0].engine.as_ref().expect("an engine");
    assert_eq!(engine.name, "model");
}
