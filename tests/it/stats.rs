//! Counts: timelines of actors, and who or what is how often on record.

mod errors;
mod large;
mod plans;
mod sourcing;
mod timeline;

use onrecord::proto::{Actor, ClaimFilter, Document, ListActorsRequest};
use prost_types::Timestamp;

use crate::harness::TestServer;

const COURIER: &str = "Ostbridge Courier";
const RADIO: &str = "Radio Estuary";

/// What was printed when: two claims on a Monday, one each on the Sunday after, the Monday after that, and in February.
const PRINTED: [(&str, &str, &str); 4] = [
    (
        "2024-01-01T09:00:00Z",
        COURIER,
        "“The bridges are closed,” said Mrs. Ann Lee. Mr. Marek Dolan denied that the ferry was late.",
    ),
    (
        "2024-01-07T23:59:59Z",
        COURIER,
        "Ann Lee said that Marek Dolan had lied.",
    ),
    (
        "2024-01-08T00:00:00Z",
        RADIO,
        "Ann Lee promised that the tolls would fall.",
    ),
    (
        "2024-02-01T12:00:00Z",
        RADIO,
        "Marek Dolan said that Ann Lee was wrong. Officials said that it rained.",
    ),
];

fn at(time: &str) -> Timestamp {
    let time: Timestamp = time.parse().expect("a time");
    time
}

async fn server() -> TestServer {
    let server = TestServer::start().await;
    for (time, publisher, text) in PRINTED {
        let document = Document {
            text: text.to_owned(),
            publisher: publisher.to_owned(),
            publish_time: Some(at(time)),
            ..Document::default()
        };
        server.ingest(document).await;
    }
    server
}

/// The stored actor of this name.
async fn actor(server: &TestServer, display_name: &str) -> Actor {
    let request = ListActorsRequest {
        display_name_prefix: display_name.to_owned(),
        ..ListActorsRequest::default()
    };
    let page = server.client.list_actors(request).await.expect("actors");
    let mut actors = page.actors.into_iter();
    actors.next().expect(display_name)
}

/// All claims of the year.
fn year() -> ClaimFilter {
    ClaimFilter {
        start_publish_time: Some(at("2024-01-01T00:00:00Z")),
        end_publish_time: Some(at("2025-01-01T00:00:00Z")),
        ..ClaimFilter::default()
    }
}
