//! How long a caller waits for `ExtractClaims`, one call after the other: `cargo bench --bench latency`.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

mod samples;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use onrecord::client::Client;
use onrecord::extract::model::Model;
use onrecord::proto::{Document, ExtractClaimsRequest};
use onrecord::server::{AuthOptions, LimitOptions, ObservabilityOptions, Server, ServerOptions};

const CALLS: usize = 100;

#[tokio::main]
async fn main() {
    // Loaded before the first call, as `serve` does.
    let _ = Model::current();
    let server = Server::bind(ServerOptions {
        propositions: None,
        min_confidence: 0.0,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        max_text_bytes: 1 << 20,
        max_in_flight: 16,
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
    tokio::spawn(server.serve(None, std::future::pending()));
    let client = Client::connect(url).await.expect("the server");
    println!("words   calls   p50 ms   p99 ms");
    for words in [300, 800, 2_000] {
        let times = times(&client, words).await;
        let at = |share: usize| times[(CALLS * share).div_ceil(100) - 1].as_secs_f64() * 1e3;
        println!("{words:5}   {CALLS:5}   {:6.1}   {:6.1}", at(50), at(99));
    }
}

/// The times of all calls, shortest first.
async fn times(client: &Client, words: usize) -> Vec<Duration> {
    let request = ExtractClaimsRequest {
        document: Some(Document {
            text: samples::text(words),
            ..Document::default()
        }),
        ..ExtractClaimsRequest::default()
    };
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let start = Instant::now();
        let answer = client.extract_claims(request.clone()).await;
        times.push(start.elapsed());
        assert!(!answer.expect("an answer").claims.is_empty());
    }
    times.sort_unstable();
    times
}
