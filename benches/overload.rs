//! A server with five times the work that it can do: `cargo bench --bench overload`, or for longer than a minute
//! `cargo bench --bench overload -- MINUTES`.
//!
//! Starts the real program with a private PostgreSQL, measures what it can do and how fast look-ups are without load, and
//! then sends five times as many articles as it can read, each with a deadline of ten seconds, beside look-ups and health
//! checks; then the same with somebody who sends texts of 1 MiB, one after the other. Prints how much is done all the
//! same, how long look-ups and health checks take, and the memory and open files.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

mod samples;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::{
    Document, EngineKind, ExtractClaimsRequest, GetClaimRequest, IngestArticleRequest,
    ListClaimsRequest,
};
use tokio::task::JoinSet;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

const WORDS: usize = 800;
const DEADLINE: Duration = Duration::from_secs(10);
const LOOKUPS_A_SECOND: u32 = 50;
const CALLERS: usize = 8;
/// How long each phase lasts where nothing else is said.
const PHASE: Duration = Duration::from_mins(1);
/// The figures of a phase are given for so many spans of time.
const SPANS: u32 = 6;
/// How long look-ups without load are measured.
const WITHOUT_LOAD: Duration = Duration::from_secs(10);
/// A text as long as may be.
const LONG: usize = 1 << 20;

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let server = Program::start(directory.path());
    let client = connect(&server.url, Duration::from_mins(1)).await;
    let claim = store_one(&client).await;

    let calm = Beside::measure(&server.url, &claim, WITHOUT_LOAD).await;
    calm.report("without load", &server);
    let peak = peak(&server.url).await;
    println!("reads {peak:.2} articles of {WORDS} words a second with {CALLERS} callers");

    let (rate, phase) = (peak * 5.0, phase());
    under_load("under overload", rate, phase, &server, &claim).await;
    let long = tokio::spawn(long_texts(server.url.clone(), phase));
    under_load("beside long texts", rate, phase, &server, &claim).await;
    let (done, failed) = long.await.expect("no panic");
    println!("texts of 1 MiB, one after the other: {done} read, {failed} refused or given up");
    println!(
        "one caller with 60 calls in flight, another with one at a time: {}",
        greedy(&server.url).await
    );
}

/// How long a phase of overload lasts: as many minutes as the command line says.
fn phase() -> Duration {
    let minutes = std::env::args().find_map(|argument| argument.parse().ok());
    minutes.map_or(PHASE, Duration::from_mins)
}

/// Sends so many articles a second and reports what is done, and how others fare meanwhile.
async fn under_load(when: &str, rate: f64, phase: Duration, server: &Program, claim: &str) {
    let (done, beside, sizes) = tokio::join!(
        overload(&server.url, rate, phase),
        Beside::measure(&server.url, claim, phase),
        sizes(server, phase)
    );
    let span = phase / SPANS;
    let spans: Vec<String> = done
        .iter()
        .map(|count| format!("{:.2}", *count as f64 / span.as_secs_f64()))
        .collect();
    println!(
        "{when}: of {rate:.1} a second with {} s deadlines, done a second in each {} s: {}",
        DEADLINE.as_secs(),
        span.as_secs(),
        spans.join(" ")
    );
    println!(
        "{when}: MiB / open files at the end of each: {}",
        sizes.join(" ")
    );
    beside.report(when, server);
}

/// Memory and open files at the end of each span.
async fn sizes(server: &Program, phase: Duration) -> Vec<String> {
    let mut sizes = Vec::new();
    for _ in 0..SPANS {
        tokio::time::sleep(phase / SPANS).await;
        sizes.push(format!("{}/{}", server.memory(), server.open_files()));
    }
    sizes
}

/// Sends texts of 1 MiB, one after the other. Returns how many were read, and how many not.
async fn long_texts(url: String, phase: Duration) -> (usize, usize) {
    let client = connect(&url, Duration::from_mins(1)).await;
    let mut text = samples::text(WORDS);
    text = text.repeat(LONG / text.len());
    let end = Instant::now() + phase;
    let (mut done, mut failed) = (0, 0);
    while Instant::now() < end {
        let request = ExtractClaimsRequest {
            document: Some(Document {
                text: text.clone(),
                ..Document::default()
            }),
            engine: EngineKind::Rules.into(),
            ..ExtractClaimsRequest::default()
        };
        if client.extract_claims(request).await.is_ok() {
            done += 1;
        } else {
            failed += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    (done, failed)
}

/// The program, stopped when this is dropped.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    fn start(data: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "error"])
            .arg("--data-dir")
            .arg(data.join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("start the program");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("its first line");
        let address = line.trim().rsplit(' ').next().expect("an address");
        let url = format!("http://{address}");
        Self { child, url }
    }

    /// Resident memory in MiB, where `/proc` tells it.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        kib.unwrap_or_default() / 1024
    }

    /// How many files and connections it has open, where `/proc` tells it.
    fn open_files(&self) -> usize {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        files.map_or(0, Iterator::count)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

async fn connect(url: &str, deadline: Duration) -> Client {
    let options = ClientOptions {
        attempts: 1,
        deadline,
        ..ClientOptions::default()
    };
    Client::connect_with(url, options).await.expect("connect")
}

fn document() -> Document {
    Document {
        text: samples::text(WORDS),
        ..Document::default()
    }
}

fn article() -> ExtractClaimsRequest {
    ExtractClaimsRequest {
        document: Some(document()),
        ..ExtractClaimsRequest::default()
    }
}

/// Stores an article and returns the name of one of its claims.
async fn store_one(client: &Client) -> String {
    let request = IngestArticleRequest {
        document: Some(document()),
        engine: EngineKind::Rules.into(),
        ..IngestArticleRequest::default()
    };
    client.ingest_article(request).await.expect("ingest");
    let page = client.list_claims(ListClaimsRequest::default()).await;
    page.expect("list").claims.swap_remove(0).name
}

/// The times of look-ups at a fixed rate, in microseconds, and how many failed.
async fn lookups(url: &str, claim: &str, time: Duration) -> (Histogram<u64>, usize) {
    let client = connect(url, DEADLINE).await;
    let calls = at_rate(f64::from(LOOKUPS_A_SECOND), time, || {
        let client = client.clone();
        let request = GetClaimRequest {
            name: claim.to_owned(),
            ..GetClaimRequest::default()
        };
        async move { client.get_claim(request).await.is_ok() }
    });
    calls.await
}

/// The times of health checks, ten a second.
async fn healths(url: &str, time: Duration) -> (Histogram<u64>, usize) {
    let endpoint = tonic::transport::Endpoint::from_shared(url.to_owned()).expect("a URL");
    let channel = endpoint.connect().await.expect("connect");
    let calls = at_rate(10.0, time, || {
        let mut client = HealthClient::new(channel.clone());
        async move { client.check(HealthCheckRequest::default()).await.is_ok() }
    });
    calls.await
}

/// Makes calls at a rate, whether or not those before are done.
async fn at_rate<F>(rate: f64, time: Duration, call: impl Fn() -> F) -> (Histogram<u64>, usize)
where
    F: Future<Output = bool> + Send + 'static,
{
    let mut calls = JoinSet::new();
    let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
    let end = Instant::now() + time;
    while Instant::now() < end {
        tick.tick().await;
        let call = call();
        calls.spawn(async move {
            let begin = Instant::now();
            (call.await, begin.elapsed())
        });
    }
    let mut times = Histogram::new(3).expect("a histogram");
    let mut failed = 0;
    while let Some(done) = calls.join_next().await {
        match done.expect("no panic") {
            (true, took) => {
                times.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
            }
            (false, _) => failed += 1,
        }
    }
    (times, failed)
}

/// Articles read a second by callers that each wait for one after the other.
async fn peak(url: &str) -> f64 {
    let done = Arc::new(AtomicUsize::new(0));
    let end = Instant::now() + PHASE / 2;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let client = connect(url, Duration::from_mins(1)).await;
        let done = Arc::clone(&done);
        callers.spawn(async move {
            while Instant::now() < end {
                client.extract_claims(article()).await.expect("an answer");
                done.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let begin = Instant::now();
    callers.join_all().await;
    done.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64()
}

/// How many articles were read in time in each span, where this many a second are sent.
async fn overload(url: &str, rate: f64, phase: Duration) -> Vec<usize> {
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        callers.push(connect(url, DEADLINE).await);
    }
    let spans: Vec<AtomicUsize> = (0..SPANS).map(|_| AtomicUsize::new(0)).collect();
    let spans = Arc::new(spans);
    let next = AtomicUsize::new(0);
    let begin = Instant::now();
    let calls = at_rate(rate, phase, || {
        let client = callers[next.fetch_add(1, Ordering::Relaxed) % CALLERS].clone();
        let spans = Arc::clone(&spans);
        async move {
            let is_done = client.extract_claims(article()).await.is_ok();
            let span = begin.elapsed().as_micros() / (phase / SPANS).as_micros();
            if let Some(count) = spans.get(usize::try_from(span).unwrap_or(usize::MAX))
                && is_done
            {
                count.fetch_add(1, Ordering::Relaxed);
            }
            is_done
        }
    });
    calls.await;
    spans
        .iter()
        .map(|count| count.load(Ordering::Relaxed))
        .collect()
}

/// What a modest caller gets beside a greedy one.
async fn greedy(url: &str) -> String {
    let end = Instant::now() + PHASE / 2;
    let mut greedy = JoinSet::new();
    let client = connect(url, Duration::from_mins(1)).await;
    for _ in 0..60 {
        let client = client.clone();
        greedy.spawn(async move {
            let mut done = 0;
            while Instant::now() < end {
                match client.extract_claims(article()).await {
                    Ok(_) => done += 1,
                    Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
                }
            }
            done
        });
    }
    let modest = connect(url, DEADLINE).await;
    let (mut done, mut failed, mut longest) = (0, 0, Duration::ZERO);
    while Instant::now() < end {
        let begin = Instant::now();
        match modest.extract_claims(article()).await {
            Ok(_) => done += 1,
            Err(_) => failed += 1,
        }
        longest = longest.max(begin.elapsed());
    }
    let greedy: usize = greedy.join_all().await.into_iter().sum();
    format!(
        "the other had {done} done and {failed} refused, the longest took {longest:.1?}; the greedy one had {greedy} done"
    )
}

/// What those who ask for little see.
struct Beside {
    lookups: (Histogram<u64>, usize),
    health: (Histogram<u64>, usize),
}

impl Beside {
    async fn measure(url: &str, claim: &str, time: Duration) -> Self {
        let (lookups, health) = tokio::join!(lookups(url, claim, time), healths(url, time));
        Self { lookups, health }
    }

    fn report(&self, when: &str, server: &Program) {
        let millis = |micros: u64| micros as f64 / 1e3;
        let (times, failed) = &self.lookups;
        println!(
            "{when}: look-ups p50 {:.2} p99 {:.2} ms, {failed} failed; health p99 {:.2} longest {:.2} ms, {} failed; {} MiB",
            millis(times.value_at_quantile(0.5)),
            millis(times.value_at_quantile(0.99)),
            millis(self.health.0.value_at_quantile(0.99)),
            millis(self.health.0.max()),
            self.health.1,
            server.memory(),
        );
    }
}
