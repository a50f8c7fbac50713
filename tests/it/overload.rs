//! More work than the server can do, and callers that take more than their share.

mod connections;
mod drain;
mod fairness;
mod first_process;
mod unread;

use std::time::Duration;

use onrecord::client::{Client, ClientOptions};
use onrecord::proto::{EngineKind, ExtractClaimsRequest};
use tonic::Status;
use tonic_types::StatusExt;

use crate::harness::{TestServer, document, url};

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection of a caller's own.
async fn caller(server: &TestServer, deadline: Duration) -> Client {
    let options = ClientOptions {
        attempts: 1,
        deadline,
        ..ClientOptions::default()
    };
    let client = Client::connect_with(url(server.address), options).await;
    client.expect("connect to the server")
}

/// A request that is answered in a moment.
fn short() -> ExtractClaimsRequest {
    reading(1, EngineKind::Rules)
}

/// A request to read so many sentences.
fn reading(sentences: usize, engine: EngineKind) -> ExtractClaimsRequest {
    let text = "“The bridge over the river is safe,” said Ann Lee, the mayor of Ostbridge. ";
    ExtractClaimsRequest {
        document: Some(document(text.repeat(sentences))),
        engine: engine.into(),
        ..Default::default()
    }
}

/// When a refused caller is told to come back.
fn retry_delay(status: &Status) -> Option<Duration> {
    status.get_details_retry_info()?.retry_delay
}

/// A connection over which a call succeeds, if there is one to be had.
async fn try_connect(server: &TestServer) -> Option<Client> {
    let client = Client::connect(url(server.address)).await.ok()?;
    client.extract_claims(short()).await.ok()?;
    Some(client)
}
