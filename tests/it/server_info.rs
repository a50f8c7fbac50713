//! What a server tells of itself.

use std::num::NonZeroU32;
use std::time::Duration;

use onrecord::client::{Client, ClientOptions, Credentials};
use onrecord::matching::Depth;
use onrecord::proto::{
    ExtractClaimsRequest, GetServerInfoRequest, MatchDepth, ServerInfo, ServerParts,
};
use onrecord::server::{RateLimit, Scope, ServerOptions};

use crate::harness::{Database, MAX_TEXT_BYTES, TestServer, document, url};
use crate::security::calls::KeyFile;

async fn info(server: &TestServer) -> ServerInfo {
    let answer = server.client.get_server_info(GetServerInfoRequest {});
    answer.await.expect("an answer").server_info.expect("set")
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_those_of_the_claims() {
    let server = TestServer::with(None).await;
    let info = info(&server).await;
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
    let request = ExtractClaimsRequest {
        document: Some(document("“The bridge is safe,” said Ann Lee.")),
        ..Default::default()
    };
    let read = server.client.extract_claims(request).await.expect("read");
    assert_eq!(info.engines.first(), read.engine.as_ref());
    let names: Vec<&str> = info.engines.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["model", "rules"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_those_of_the_settings() {
    let options = ServerOptions {
        request_timeout: Duration::from_secs(7),
        watch_retention: Duration::from_hours(5),
        min_confidence: 0.25,
        ..TestServer::options()
    };
    let server = TestServer::launch(None, options).await;
    let limits = info(&server).await.limits.expect("set");
    assert_eq!(usize::try_from(limits.max_text_bytes), Ok(MAX_TEXT_BYTES));
    assert!(limits.max_request_bytes > limits.max_text_bytes);
    assert_eq!(
        (limits.default_page_size, limits.max_page_size),
        (50, 1_000)
    );
    assert_eq!(limits.max_batch_size, 1_000);
    let seconds = |length: Option<prost_types::Duration>| length.expect("set").seconds;
    assert_eq!(seconds(limits.reading_timeout), 7);
    // A look-up has no longer than a reading.
    assert_eq!(seconds(limits.lookup_timeout), 7);
    assert_eq!(seconds(limits.max_stream_age), 3_600);
    assert_eq!(seconds(limits.watch_retention), 5 * 3_600);
    assert!((limits.min_confidence - 0.25).abs() < f32::EPSILON);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_those_switched_on() {
    let mut options = TestServer::options();
    options.propositions = None;
    let server = TestServer::launch(None, options).await;
    assert_eq!(info(&server).await.parts, Some(ServerParts::default()));

    let mut options = TestServer::options();
    options.propositions = Some(Depth::Words);
    options.limits.rate = Some(RateLimit {
        per_second: NonZeroU32::MAX,
        burst: NonZeroU32::MAX,
        dry_run: false,
    });
    let (database, replica) = (Database::create().await, Database::create().await);
    let store = database.store().with_replica(replica.store());
    let server = TestServer::launch(Some(store), options).await;
    let parts = ServerParts {
        database: true,
        replica: true,
        proposition_depth: MatchDepth::Words.into(),
        rate_limit: true,
        ..ServerParts::default()
    };
    assert_eq!(info(&server).await.parts, Some(parts));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_caller_needs_no_scope_of_a_kind() {
    let mut file = KeyFile::new();
    let key = file.add("desk", &[Scope::Extract]);
    let server = TestServer::launch(None, file.options()).await;
    let credentials = Credentials::default().with_token(key);
    let client = Client::connect_as(url(server.address), ClientOptions::default(), credentials);
    let client = client.await.expect("a connection");
    let answer = client.get_server_info(GetServerInfoRequest {}).await;
    let info = answer.expect("an answer").server_info.expect("set");
    assert!(info.parts.expect("set").authentication);
}
