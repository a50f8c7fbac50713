//! What logs, metrics, traces, TLS and keys cost: `cargo bench --bench observability` runs servers that tell all beside
//! one that tells nothing and lets everybody in, calls both in turn, and prints how much of the throughput is left.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

mod samples;

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use onrecord::client::{Client, ClientOptions, Credentials};
use onrecord::proto::{
    Document, EngineKind, ExtractClaimsRequest, GetClaimRequest, IngestArticleRequest,
    ListClaimsRequest,
};
use onrecord::server::{Scope, new_key};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// Rounds, in each of which both servers are called.
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(1);
/// Callers, each of whom calls again as soon as there is an answer.
const CALLERS: usize = 8;

/// A collector that throws away what it is sent.
struct Nowhere;

#[tonic::async_trait]
impl TraceService for Nowhere {
    async fn export(
        &self,
        _: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// A certificate and a key that callers need.
struct Locks {
    dir: TempDir,
    credentials: Credentials,
}

impl Locks {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let pair = KeyPair::generate().expect("a key");
        let names = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        let certificate = names.self_signed(&pair).expect("a certificate").pem();
        let (key, line) = new_key("bench", &[Scope::Admin]).expect("a key");
        let files = [
            ("cert", certificate),
            ("key", pair.serialize_pem()),
            ("keys", line),
        ];
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).expect("write a file");
        }
        let credentials = Credentials::default()
            .with_ca_file(&dir.path().join("cert"))
            .expect("the certificate")
            .with_token(key.as_str());
        Self { dir, credentials }
    }

    fn args(&self) -> [String; 6] {
        let path = |name| self.dir.path().join(name).to_string_lossy().into_owned();
        [
            "--tls-cert".to_owned(),
            path("cert"),
            "--tls-key".to_owned(),
            path("key"),
            "--auth-keys".to_owned(),
            path("keys"),
        ]
    }
}

/// A running `onrecord serve`.
struct Serve {
    child: Child,
    client: Client,
    claim: String,
    _dir: TempDir,
}

impl Serve {
    async fn start(args: &[&str], locks: Option<&Locks>) -> Self {
        let dir = tempfile::Builder::new()
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .expect("a directory");
        let mut child = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["serve", "--listen", "127.0.0.1:0", "--propositions", "off"])
            .args(["--log-format", "json", "--data-dir"])
            .arg(dir.path())
            .args(args)
            .args(locks.iter().flat_map(|locks| locks.args()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("start the server");
        let stdout = child.stdout.take().expect("a pipe");
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut line).expect("the server's address");
        let address = line.trim().rsplit(' ').next().expect("an address");
        let client = connect(address, locks).await;
        let request = IngestArticleRequest {
            document: Some(document()),
            ..IngestArticleRequest::default()
        };
        client.ingest_article(request).await.expect("an article");
        let page = client.list_claims(ListClaimsRequest::default()).await;
        let claim = page.expect("claims").claims[0].name.clone();
        Self {
            child,
            client,
            claim,
            _dir: dir,
        }
    }

    /// Answers a second to callers who ask for as many as they can get.
    async fn rate(&self, mix: Mix) -> f64 {
        let start = Instant::now();
        let callers = (0..CALLERS).map(|_| async {
            let mut calls = 0.0;
            while start.elapsed() < ROUND {
                mix.call(self).await;
                calls += 1.0;
            }
            calls
        });
        let calls: f64 = futures_util::future::join_all(callers).await.iter().sum();
        calls / start.elapsed().as_secs_f64()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // Its Postgres ends with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, Clone, Copy)]
enum Mix {
    GetClaim,
    ExtractClaims,
}

impl Mix {
    async fn call(self, server: &Serve) {
        match self {
            Self::GetClaim => {
                let request = GetClaimRequest {
                    name: server.claim.clone(),
                    ..GetClaimRequest::default()
                };
                server.client.get_claim(request).await.expect("a claim");
            }
            Self::ExtractClaims => {
                let request = ExtractClaimsRequest {
                    document: Some(document()),
                    engine: EngineKind::Model.into(),
                    ..ExtractClaimsRequest::default()
                };
                let answer = server.client.extract_claims(request).await;
                assert!(!answer.expect("an answer").claims.is_empty());
            }
        }
    }
}

fn document() -> Document {
    Document {
        text: samples::text(100),
        ..Document::default()
    }
}

async fn connect(address: &str, locks: Option<&Locks>) -> Client {
    let client = match locks {
        None => Client::connect(format!("http://{address}")).await,
        Some(locks) => {
            let (_, port) = address.rsplit_once(':').expect("a port");
            let url = format!("https://localhost:{port}");
            let credentials = locks.credentials.clone();
            Client::connect_as(url, ClientOptions::default(), credentials).await
        }
    };
    client.expect("the server")
}

async fn collector() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    let serving = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(Nowhere))
        .serve_with_incoming(TcpIncoming::from(listener));
    tokio::spawn(serving);
    address
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

#[tokio::main]
async fn main() {
    let collector = format!("http://{}", collector().await);
    let metrics = ["--management-listen", "127.0.0.1:0", "--log", "info"];
    let tenth = ["--otlp-endpoint", &collector, "--trace-ratio", "0.1"];
    let all = ["--otlp-endpoint", &collector, "--trace-ratio", "1"];
    let lines = ["--log", "info,onrecord::server=debug"];
    let locks = Locks::new();
    let silent = Serve::start(&["--log", "off"], None).await;
    let all_lines = [&metrics[..2], &lines].concat();
    let most = [&metrics[..], &tenth].concat();
    let telling = [
        // What two servers that do the same differ by.
        ("nothing", Serve::start(&["--log", "off"], None).await),
        ("metrics", Serve::start(&metrics, None).await),
        (
            "metrics, a line a call",
            Serve::start(&all_lines, None).await,
        ),
        ("metrics, traces of 10 %", Serve::start(&most, None).await),
        (
            "metrics, all traces",
            Serve::start(&[&metrics[..], &all].concat(), None).await,
        ),
        ("all, TLS, keys", {
            let args = [&all_lines[..], &tenth].concat();
            Serve::start(&args, Some(&locks)).await
        }),
    ];
    println!("call            told                       a second   of silence");
    for mix in [Mix::GetClaim, Mix::ExtractClaims] {
        for (told, server) in &telling {
            let (mut rates, mut shares) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let without = silent.rate(mix).await;
                let with = server.rate(mix).await;
                rates.push(with);
                shares.push(with / without);
            }
            let (mix, rate, share) = (format!("{mix:?}"), median(rates), 100.0 * median(shares));
            println!("{mix:14}  {told:25}  {rate:8.1}   {share:8.1} %");
        }
    }
}
