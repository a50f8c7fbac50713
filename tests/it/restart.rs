//! What was stored stays, whole, however the server ends; and nothing of it stays running.

mod crash;

use std::fs;
use std::net::TcpStream;
use std::pin::Pin;
use std::process::Stdio;

use futures_util::{TryStreamExt, stream};
use http::uri::PathAndQuery;
use nix::sys::signal::Signal;
use onrecord::client::Client;
use onrecord::proto::article_service_client::ArticleServiceClient;
use onrecord::proto::{
    Article, Document, EngineKind, IngestArticleRequest, IngestArticleResponse, ListArticlesRequest,
};
use tokio::sync::oneshot;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

use crate::process::{DataDir, Ran, Serve, program, run, send_signal, wait_for};

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

/// A call whose message is sent when `message` resolves; the server has it in flight from the start.
async fn slow_ingest(
    channel: Channel,
    message: oneshot::Receiver<IngestArticleRequest>,
) -> Result<IngestArticleResponse, Status> {
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

/// Polls the call until the server has it: a connection delivers its calls in order, so once the server has answered
/// a later one, it has this one too.
async fn until_in_flight<T>(mut call: Pin<&mut impl Future<Output = T>>, channel: Channel) {
    let mut later = ArticleServiceClient::new(channel);
    tokio::select! {
        biased;
        _ = &mut call => panic!("the call ended without its message"),
        answer = later.list_articles(ListArticlesRequest::default()) => drop(answer.expect("an answer")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_flight_end_before_the_server_does() {
    let dir = DataDir::new();
    let mut server = Serve::start(&dir, &[]);
    let endpoint = Endpoint::from_shared(server.url()).expect("a URL");
    let channel = endpoint.connect().await.expect("connect");
    let (send, message) = oneshot::channel();
    let mut call = Box::pin(slow_ingest(channel.clone(), message));
    until_in_flight(call.as_mut(), channel).await;
    server.signal(Signal::SIGTERM);
    wait_for("the server to refuse connections", || {
        TcpStream::connect(server.address).err()
    });

    let request = IngestArticleRequest {
        document: Some(document("“It is safe,” said Ann Lee.")),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    send.send(request).expect("the call still waits");
    let answer = call.await.expect("an answer");
    assert!(answer.created);
    assert_eq!(server.wait().code(), Some(0), "{}", server.log());
    assert!(!server.log().contains("did not finish"), "{}", server.log());

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
    let path = dir.path().to_string_lossy();
    let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--data-dir", &path]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.spawn().expect("start the server");
    // It makes its files once it listens for signals, and has Postgres to set up then.
    wait_for("the start of Postgres", || {
        let mut files = fs::read_dir(dir.path()).expect("a directory");
        files.next().map(drop)
    });
    send_signal(&child, Signal::SIGTERM);
    let ran = Ran::from(child.wait_with_output().expect("wait"));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
}
