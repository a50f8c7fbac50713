//! What was stored stays, whole, however the server ends; and nothing of it stays running.

mod crash;

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use futures_util::{TryStreamExt, stream};
use http::uri::PathAndQuery;
use nix::sys::signal::Signal;
use onrecord::client::Client;
use onrecord::proto::{
    Article, Document, EngineKind, IngestArticleRequest, IngestArticleResponse, ListArticlesRequest,
};
use tokio::sync::oneshot;
use tonic::client::Grpc;
use tonic::transport::Endpoint;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

use crate::process::{DataDir, Serve, program, run, send_signal, wait_for};

fn document(text: impl Into<String>) -> Document {
    Document {
        text: text.into(),
        ..Document::default()
    }
}

async fn ingest(client: &Client, text: &str) -> Article {
    let request = IngestArticleRequest {
        document: Some(document(text)),
        ..Default::default()
    };
    let answer = client.ingest_article(request).await.expect("ingest");
    answer.article.expect("an article")
}

async fn articles(client: &Client) -> Vec<Article> {
    let listed = client.all_articles(ListArticlesRequest::default());
    listed.try_collect().await.expect("list the articles")
}

#[tokio::test(flavor = "multi_thread")]
async fn data_survive_every_way_to_end_and_no_process_does() {
    let dir = DataDir::new();
    let mut stored = Vec::new();
    for (signal, code) in [
        (Signal::SIGTERM, Some(0)),
        (Signal::SIGINT, Some(0)),
        (Signal::SIGKILL, None),
        (Signal::SIGTERM, Some(0)),
    ] {
        let mut server = Serve::start(&dir, &[]);
        let client = Client::connect(server.url()).await.expect("connect");
        assert_eq!(articles(&client).await, stored, "before {signal}");
        let text = format!("“{} are safe before {signal},” said Ann Lee.", stored.len());
        ingest(&client, &text).await;
        stored = articles(&client).await;
        server.signal(signal);
        assert_eq!(server.wait().code(), code, "{}", server.log());
        if signal != Signal::SIGKILL {
            let mut left = dir.users();
            left.retain(|process| process.contains("postgres"));
            assert_eq!(left, [""; 0], "right after {signal}");
        }
        dir.wait_until_unused();
    }
    assert_eq!(stored.len(), 4);
}

/// A call whose message is sent when `message` resolves; the server has it at hand from the start.
async fn slow_ingest(
    url: String,
    message: oneshot::Receiver<IngestArticleRequest>,
) -> Result<IngestArticleResponse, Status> {
    let endpoint = Endpoint::from_shared(url).expect("a URL");
    let channel = endpoint.connect().await.expect("connect");
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.expect("a connection");
    let messages = stream::once(async { message.await.expect("a message") });
    let path = PathAndQuery::from_static("/onrecord.v1.ArticleService/IngestArticle");
    let codec = ProstCodec::default();
    let answer = grpc
        .client_streaming(Request::new(messages), path, codec)
        .await?;
    Ok(answer.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_at_hand_end_before_the_server_does() {
    let dir = DataDir::new();
    let mut server = Serve::start(&dir, &[]);
    let (send, message) = oneshot::channel();
    let call = tokio::spawn(slow_ingest(server.url(), message));
    tokio::time::sleep(Duration::from_millis(500)).await;
    server.signal(Signal::SIGTERM);
    wait_for("the drain", || {
        server.log().contains("stopping").then_some(())
    });
    thread::sleep(Duration::from_millis(500));

    let request = IngestArticleRequest {
        document: Some(document("“It is safe,” said Ann Lee.")),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    send.send(request).expect("the call still waits");
    let answer = call.await.expect("no panic").expect("an answer");
    assert!(answer.created);
    assert_eq!(server.wait().code(), Some(0), "{}", server.log());
    assert!(!server.log().contains("cut off"), "{}", server.log());

    let server = Serve::start(&dir, &[]);
    let client = Client::connect(server.url()).await.expect("connect");
    assert_eq!(articles(&client).await, Vec::from_iter(answer.article));
}

#[test]
fn a_second_server_stays_out_of_the_directory() {
    let dir = DataDir::new();
    let first = Serve::start(&dir, &[]);
    let path = dir.path().to_string_lossy();
    let second = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", &path]);
    assert_eq!(second.code, Some(1));
    assert!(
        second.stderr.contains("is in use by another onrecord"),
        "{}",
        second.stderr
    );
    let health = run(&["health", "--server", &first.url()]);
    assert_eq!(health.code, Some(0), "{health:?}");
}

#[test]
fn a_directory_without_programs_is_named_with_the_remedy() {
    let dir = DataDir::new();
    let empty = tempfile::tempdir().expect("a directory");
    let [path, empty] = [dir.path(), empty.path()].map(|path| path.to_string_lossy());
    let ran = run(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        &path,
        "--pg-bindir",
        &empty,
    ]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains(&*empty), "{}", ran.stderr);
    assert!(ran.stderr.contains("there is no initdb"), "{}", ran.stderr);
}

#[test]
fn a_stop_during_the_start_is_obeyed() {
    let dir = DataDir::new();
    let started = Instant::now();
    let path = dir.path().to_string_lossy();
    let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--data-dir", &path]);
    let mut child = command
        .stderr(Stdio::null())
        .spawn()
        .expect("start the server");
    thread::sleep(Duration::from_millis(300));
    send_signal(&child, Signal::SIGTERM);
    assert_eq!(child.wait().expect("wait").code(), Some(0));
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
}
