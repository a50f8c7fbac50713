//! Writes that are sent more than once with one id are made once, and those that are only tried are not made at all.

mod actors;
mod articles;
mod bounds;
mod callers;
mod claims;
mod kept;
mod trials;

use std::collections::BTreeMap;
use std::fmt::Debug;

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use onrecord::proto::ErrorReason::RequestIdReused;
use onrecord::proto::{Actor, ErrorReason, ListActorsRequest};
use tonic::Status;

use crate::harness::{Database, TestServer, refused};

const TEXT: &str = "“The ferry is full,” said Vera Lindqvist. Ida Brandt denied that it was late. \
                    “It was not,” said Vera Lindqvist.";
const BY: &str = "desk@example.org";
const ID: &str = "6f1c2f0e-once";
/// An etag that nothing has.
const STALE: &str = "\"999\"";

fn database(server: &TestServer) -> &Database {
    server.database.as_ref().expect("a database")
}

/// The actors, by name.
async fn all_actors(server: &TestServer) -> Vec<Actor> {
    let all = server.client.all_actors(ListActorsRequest::default());
    all.try_collect().await.expect("list")
}

/// Three requests with one id: one that fails for this reason, one that does not, and another one.
struct Requests<R> {
    failing: (R, ErrorReason),
    request: R,
    other: R,
}

/// Sends a request that fails, one that does not several times at once and then again, and another one, all with one id.
/// Returns the one answer, and by how many rows each table grew.
async fn check<R, A>(
    server: &TestServer,
    requests: Requests<R>,
    call: impl AsyncFn(R) -> Result<A, Status>,
) -> (A, BTreeMap<String, i64>)
where
    R: Clone,
    A: PartialEq + Debug,
{
    let database = database(server);
    let before = database.rows().await;
    let untouched = database.contents().await;
    let (failing, reason) = requests.failing;
    refused(call(failing), reason, &[]).await;
    // The id is not used up.
    assert_eq!(database.contents().await, untouched);

    let at_once = (0..3).map(|_| call(requests.request.clone()));
    let answers: Vec<A> = join_all(at_once)
        .await
        .into_iter()
        .map(|answer| answer.expect("made"))
        .collect();
    let made = database.contents().await;
    assert_ne!(made, untouched);
    let again = call(requests.request).await.expect("made before");
    for answer in &answers {
        assert_eq!(answer, &again);
    }
    refused(call(requests.other), RequestIdReused, &["request_id"]).await;
    assert_eq!(database.contents().await, made);
    let mut grown = database.rows().await;
    for (table, rows) in before {
        *grown.entry(table).or_default() -= rows;
    }
    (again, grown)
}
