//! A server that is the first process of its container is stopped under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{
    EngineKind, ErrorReason, ExtractClaimsRequest, IngestArticleRequest, ListClaimsRequest,
    WatchClaimsRequest,
};
use sqlx::ConnectOptions;
use tokio::task::JoinSet;
use tonic::Status;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::harness::{Database, Fault, NEWS, document};
use crate::process::{Serve, wait_for};

const CALLERS: usize = 8;
/// How long the server serves on after the signal, so that clients learn of it.
const DELAY: &str = "2";
/// The delay, and what a busy machine needs on top; less than the drain timeout, so that nothing is cut off.
const SOON: Duration = Duration::from_secs(15);

/// A client of two servers that calls the first only while that says it is serving.
struct Caller {
    first: Client,
    second: Client,
    first_is_serving: Arc<AtomicBool>,
    calls: Arc<[AtomicUsize; 2]>,
}

impl Caller {
    /// Calls until it is told to stop. Returns the errors.
    async fn run(self, stop: Arc<AtomicBool>) -> Vec<Status> {
        let mut errors = Vec::new();
        for number in 0.. {
            if stop.load(Relaxed) {
                break;
            }
            let which = usize::from(!self.first_is_serving.load(Relaxed));
            let client = [&self.first, &self.second][which];
            if let Err(status) = call(client, number).await {
                errors.push(status);
            }
            self.calls[which].fetch_add(1, Relaxed);
        }
        errors
    }
}

/// Reads, stores or looks up, in turn.
async fn call(client: &Client, number: usize) -> Result<(), Status> {
    let document = Some(document(NEWS));
    let engine = EngineKind::Rules.into();
    match number % 3 {
        0 => {
            let request = ExtractClaimsRequest {
                document,
                engine,
                ..Default::default()
            };
            client.extract_claims(request).await.map(drop)
        }
        1 => {
            let request = IngestArticleRequest {
                document,
                engine,
                ..Default::default()
            };
            client.ingest_article(request).await.map(drop)
        }
        _ => {
            let request = ListClaimsRequest::default();
            client.list_claims(request).await.map(drop)
        }
    }
}

async fn connect(url: String) -> Client {
    let options = ClientOptions {
        // An error counts, even if it could be mended by another try.
        attempts: 1,
        ..ClientOptions::default()
    };
    Client::connect_with(url, options).await.expect("connect")
}

/// Whether a server says that it is serving, from now on.
async fn follow_health(url: String) -> Arc<AtomicBool> {
    let endpoint = Endpoint::from_shared(url).expect("an address");
    let mut health = HealthClient::new(endpoint.connect().await.expect("connect"));
    let watch = health.watch(HealthCheckRequest::default()).await;
    let mut watch = watch.expect("a watch").into_inner();
    let serving = Arc::new(AtomicBool::new(true));
    let told = Arc::clone(&serving);
    tokio::spawn(async move {
        while let Ok(Some(now)) = watch.message().await {
            told.store(now.status() == ServingStatus::Serving, Relaxed);
        }
        told.store(false, Relaxed);
    });
    serving
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_of_the_first_process_under_load_fails_no_call() {
    let database = Database::create().await;
    let url = database.connect.to_url_lossy().to_string();
    let args = ["--database-url", &url, "--drain-delay", DELAY];
    let Some(mut first) = Serve::spawn_as_first_process(&args) else {
        eprintln!("SKIPPED: this machine lets nobody make a process number 1");
        return;
    };
    let second = Serve::spawn(&["--database-url", &url]);
    wait_for("the database", || {
        let ready = |server: &Serve| server.log().contains("the database is ready");
        (ready(&first) && ready(&second)).then_some(())
    });
    let mut claims = ClaimServiceClient::connect(first.url())
        .await
        .expect("connect");
    let watch = claims.watch_claims(WatchClaimsRequest::default()).await;
    let mut watch = watch.expect("a watch").into_inner();
    let first_is_serving = follow_health(first.url()).await;
    let stop = Arc::new(AtomicBool::new(false));
    let calls = Arc::new([const { AtomicUsize::new(0) }; 2]);
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let caller = Caller {
            first: connect(first.url()).await,
            second: connect(second.url()).await,
            first_is_serving: Arc::clone(&first_is_serving),
            calls: Arc::clone(&calls),
        };
        callers.spawn(caller.run(Arc::clone(&stop)));
    }
    let called = |which: usize, times: usize| {
        let calls = &calls[which];
        wait_for("calls", || (calls.load(Relaxed) >= times).then_some(()));
    };
    called(0, 10 * CALLERS);

    let asked = Instant::now();
    first.signal_child(Signal::SIGTERM);
    let ended = tokio::task::spawn_blocking(move || (first.wait(), first.log()));
    let (status, log) = ended.await.expect("no panic");
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
    let end = loop {
        match watch.message().await {
            Ok(message) => assert!(message.is_some(), "a watch does not end with OK"),
            Err(status) => break status,
        }
    };
    assert_eq!(Fault::of(&end).reason, ErrorReason::ServerStopping);

    called(1, 10 * CALLERS);
    stop.store(true, Relaxed);
    let errors: Vec<Status> = callers.join_all().await.into_iter().flatten().collect();
    assert!(errors.is_empty(), "{errors:?}");
}
