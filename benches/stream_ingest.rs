//! How fast short articles are stored over one stream, how fast by single calls, and what the process takes in memory
//! meanwhile: `cargo bench --bench stream_ingest -- 100000`. Server and client are one process; Postgres is a throw-away
//! one.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use onrecord::client::Client;
use onrecord::embedded::{EmbeddedPostgres, Lifetime, Options};
use onrecord::proto::stream_ingest_articles_response::Outcome;
use onrecord::proto::{Document, EngineKind, IngestArticleRequest, StreamIngestArticlesRequest};
use onrecord::server::{AuthOptions, LimitOptions, ObservabilityOptions, Server, ServerOptions};
use onrecord::store::{PoolOptions, Store};

/// How many calls are at hand where each article is a call.
const CALLS_AT_ONCE: usize = 8;

#[tokio::main]
async fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok());
    let count: u32 = count.unwrap_or(2_000);
    let directory = tempfile::tempdir().expect("a directory");
    // As root, Postgres runs as a user who has to get in.
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(directory.path(), open).expect("permissions");
    let postgres = EmbeddedPostgres::start(Options {
        data_dir: directory.path().join("data"),
        bin_dir: None,
        lifetime: Lifetime::Throwaway,
    });
    let postgres = postgres.await.expect("Postgres");
    let store = Store::connect(postgres.connect_options(), PoolOptions::default());
    store.migrate().await.expect("migrate");
    let client = serve(store).await;

    let few = (count / 10).max(1);
    let start = Instant::now();
    single(&client, count..count + few).await;
    report("calls", few, start);
    let start = Instant::now();
    streamed(&client, count).await;
    report("stream", count, start);
    postgres.stop().await.expect("Postgres stops");
}

async fn serve(store: Store) -> Client {
    let server = Server::bind(ServerOptions {
        propositions: None,
        min_confidence: 0.0,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        max_text_bytes: 1 << 20,
        max_in_flight: 512,
        request_timeout: Duration::from_mins(1),
        drain_delay: Duration::ZERO,
        drain_timeout: Duration::from_secs(1),
        watch_retention: Duration::from_hours(1),
        limits: LimitOptions::default(),
        tls: None,
        auth: AuthOptions::default(),
        observability: ObservabilityOptions::default(),
    });
    let server = server.await.expect("a port");
    let url = format!("http://{}", server.address());
    tokio::spawn(server.serve(Some(store), std::future::pending()));
    Client::connect(url).await.expect("the server")
}

async fn single(client: &Client, numbers: std::ops::Range<u32>) {
    let calls = stream::iter(numbers).map(|number| client.ingest_article(request(number)));
    let mut answers = calls.buffer_unordered(CALLS_AT_ONCE);
    while let Some(answer) = answers.next().await {
        assert!(answer.expect("stored").created);
    }
}

async fn streamed(client: &Client, count: u32) {
    let requests = stream::iter(0..count).map(|number| StreamIngestArticlesRequest {
        id: number.to_string(),
        request: Some(request(number)),
    });
    let answers = client.stream_ingest_articles(requests).await;
    let mut answers = answers.expect("a stream");
    let (start, mut stored) = (Instant::now(), 0);
    while let Some(answer) = answers.message().await.expect("an answer") {
        assert!(matches!(answer.outcome, Some(Outcome::Result(_))));
        stored += 1;
        if stored % (count / 10).max(1) == 0 {
            report("", stored, start);
        }
    }
    assert_eq!(stored, count);
}

/// A short article: three claims of speakers that come again in others.
fn request(number: u32) -> IngestArticleRequest {
    let (mayor, council) = (number % 500, number % 37);
    let text = format!(
        "“The bridge number {number} is safe,” said Ann Lee{mayor}, the mayor of Ostbridge. She said it would stay so. \
         The council of Westford{council} said the toll was too high."
    );
    IngestArticleRequest {
        document: Some(Document {
            text,
            publisher: "Ostbridge Courier".to_owned(),
            ..Document::default()
        }),
        engine: EngineKind::Rules.into(),
        ..IngestArticleRequest::default()
    }
}

fn report(what: &str, articles: u32, start: Instant) {
    let rate = f64::from(articles) / start.elapsed().as_secs_f64();
    println!(
        "{what:8} {articles:7} articles   {rate:7.0} a second   {} KiB",
        resident_kib()
    );
}

/// What the process has resident; 0 where the system does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    number.unwrap_or(0)
}
