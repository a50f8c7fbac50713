//! What the real server tells of itself: its log, the management port, metrics, traces, and what watches over them.

mod collector;
mod http;
mod log;
mod management;
mod metrics;
mod rules;
mod traces;

use std::net::SocketAddr;

use onrecord::client::Client;
use onrecord::proto::{Article, Document, IngestArticleRequest};
use serde_json::Value;

use crate::process::{DataDir, Serve, wait_for};

/// A text whose words are found nowhere else.
const TEXT: &str =
    "“The zeppelin hangar is waterproof,” said Quirina Blauwvoet, the airfield's warden.";

/// A server that logs JSON, with a database and a management port.
struct Observed {
    server: Serve,
    management: SocketAddr,
    client: Client,
    _dir: DataDir,
}

impl Observed {
    async fn start(args: &[&str]) -> Self {
        let dir = DataDir::new();
        let always = ["--log-format", "json", "--management-listen", "127.0.0.1:0"];
        let server = Serve::start(&dir, &[&always, args].concat());
        let management = management_address(&server);
        let client = Client::connect(server.url()).await.expect("connect");
        Self {
            server,
            management,
            client,
            _dir: dir,
        }
    }

    /// Has an article stored.
    async fn ingest(&self, text: &str) -> Article {
        let request = IngestArticleRequest {
            document: Some(Document {
                text: text.to_owned(),
                ..Document::default()
            }),
            ..Default::default()
        };
        let response = self.client.ingest_article(request).await.expect("ingest");
        response.article.expect("an article")
    }

    /// Waits for the line of the log that tells of a call of this method that ended with this code.
    fn call(&self, method: &str, code: &str) -> Value {
        wait_for(&format!("{method} with {code}"), || {
            let mut calls = calls(&self.server).into_iter();
            calls.find(|call| call["method"] == method && call["code"] == code)
        })
    }
}

/// Where the server says that its management port is.
fn management_address(server: &Serve) -> SocketAddr {
    wait_for("the management port", || {
        let opened = lines(server)
            .into_iter()
            .find(|line| line["message"] == "the management port is open")?;
        opened["address"].as_str()?.parse().ok()
    })
}

/// The lines of a server's log, each of which has to be JSON.
fn lines(server: &Serve) -> Vec<Value> {
    parse(&server.log())
}

fn parse(log: &str) -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    log.lines().map(parse).collect()
}

/// Those that tell of calls.
fn calls(server: &Serve) -> Vec<Value> {
    let mut lines = lines(server);
    lines.retain(|line| line["message"] == "call");
    lines
}
