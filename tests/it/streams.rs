//! Streams of documents: each answered once, by its id, whatever becomes of the others.

mod breaks;
mod limits;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::stream;
use onrecord::proto::stream_extract_claims_response::Outcome as Extraction;
use onrecord::proto::stream_ingest_articles_response::Outcome as Ingestion;
use onrecord::proto::{
    EngineKind, ErrorReason, ExtractClaimsRequest, IngestArticleRequest, IngestArticleResponse,
    StreamExtractClaimsRequest, StreamIngestArticlesRequest, StreamIngestArticlesResponse,
};
use prost::Message;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};
use tonic_types::pb;

use crate::harness::{Fault, MAX_TEXT_BYTES, TestServer, document};

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
const DOCUMENTS: usize = 60;

/// A stream of articles, sent and answered one by one.
struct Articles {
    sender: mpsc::Sender<StreamIngestArticlesRequest>,
    answers: Streaming<StreamIngestArticlesResponse>,
}

impl Articles {
    async fn begin(server: &TestServer) -> Self {
        let (sender, requests) = mpsc::channel(1);
        let answers = server
            .client
            .stream_ingest_articles(ReceiverStream::new(requests))
            .await
            .expect("begin");
        Self { sender, answers }
    }

    async fn send(&self, text: &str) {
        let request = StreamIngestArticlesRequest {
            id: text.to_owned(),
            request: Some(ingest(text)),
        };
        self.sender.send(request).await.expect("send");
    }

    /// The next answer's id and what came of it, or how the stream ends.
    async fn answer(&mut self) -> Result<(String, Result<IngestArticleResponse, Fault>), Status> {
        let answer = tokio::time::timeout(PATIENCE, self.answers.message()).await;
        let answer = answer.expect("an answer in time")?.expect("an answer");
        Ok((answer.id, outcome(answer.outcome)))
    }

    /// Sends a text and waits for what comes of it.
    async fn stored(&mut self, text: &str) -> Result<IngestArticleResponse, Fault> {
        self.send(text).await;
        let (id, outcome) = self.answer().await.expect("an answer");
        assert_eq!(id, text);
        outcome
    }
}

fn ingest(text: &str) -> IngestArticleRequest {
    IngestArticleRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    }
}

fn outcome(outcome: Option<Ingestion>) -> Result<IngestArticleResponse, Fault> {
    match outcome.expect("an outcome") {
        Ingestion::Result(article) => Ok(article),
        Ingestion::Error(error) => Err(fault(&error)),
    }
}

/// The error as a call of its own would have raised it.
fn fault(error: &pb::Status) -> Fault {
    let details = error.encode_to_vec().into();
    Fault::of(&Status::with_details(
        Code::from(error.code),
        error.message.clone(),
        details,
    ))
}

fn text(number: usize) -> String {
    format!("Ann Lee said bridge {number} was safe. Tom Pell said it was not.")
}

/// The text of one of many documents, and why it is refused, if it is.
fn nth(number: usize) -> (String, Option<ErrorReason>) {
    match number % 10 {
        3 => (String::new(), Some(ErrorReason::RequiredFieldMissing)),
        6 => (format!("{number}\0"), Some(ErrorReason::NulCharacter)),
        9 => (
            "x".repeat(MAX_TEXT_BYTES + 1),
            Some(ErrorReason::TextTooLarge),
        ),
        _ => (text(number), None),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_document_is_read_as_by_a_call_of_its_own() {
    let server = TestServer::with(None).await;
    let request = |number| ExtractClaimsRequest {
        document: Some(document(nth(number).0)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let requests = (0..DOCUMENTS).map(move |number| StreamExtractClaimsRequest {
        id: number.to_string(),
        request: Some(request(number)),
    });
    let answers = server.client.stream_extract_claims(stream::iter(requests));
    let mut answers = answers.await.expect("begin");
    let mut outcomes = BTreeMap::new();
    while let Some(answer) = answers.message().await.expect("an answer") {
        let outcome = answer.outcome.expect("an outcome");
        let number: usize = answer.id.parse().expect("a number that was sent");
        assert!(outcomes.insert(number, outcome).is_none(), "answered twice");
    }
    assert_eq!(outcomes.len(), DOCUMENTS);
    for (number, outcome) in outcomes {
        let alone = server.client.extract_claims(request(number)).await;
        match outcome {
            Extraction::Result(read) => assert_eq!(read, alone.expect("read")),
            Extraction::Error(error) => {
                let fault = fault(&error);
                assert_eq!(Some(fault.reason), nth(number).1);
                let alone = alone.expect_err("refused");
                assert_eq!(error.message, alone.message());
                assert_eq!(fault, Fault::of(&alone));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_article_is_stored_once() {
    let server = TestServer::start().await;
    let mut created = 0;
    for _ in 0..2 {
        // Each comes twice in one stream, and the stream twice.
        let requests = (0..2 * DOCUMENTS).map(|number| StreamIngestArticlesRequest {
            id: number.to_string(),
            request: Some(ingest(&nth(number / 2).0)),
        });
        let answers = server.client.stream_ingest_articles(stream::iter(requests));
        let mut answers = answers.await.expect("begin");
        let mut names = BTreeMap::new();
        while let Some(answer) = answers.message().await.expect("an answer") {
            let number = answer.id.parse::<usize>().expect("a number") / 2;
            match outcome(answer.outcome) {
                Ok(stored) => {
                    created += usize::from(stored.created);
                    let name = stored.article.expect("an article").name;
                    assert_eq!(names.entry(number).or_insert(name.clone()), &name);
                }
                Err(fault) => assert_eq!(Some(fault.reason), nth(number).1),
            }
        }
    }
    let good = (0..DOCUMENTS).filter(|&number| nth(number).1.is_none());
    assert_eq!(created, good.count());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_document_is_refused_by_the_path_of_the_call() {
    let server = TestServer::start().await;
    let requests = stream::iter([StreamIngestArticlesRequest::default()]);
    let answers = server.client.stream_ingest_articles(requests).await;
    let answer = answers.expect("begin").message().await.expect("an answer");
    let answer = answer.expect("an answer");
    let fault = outcome(answer.outcome).expect_err("refused");
    assert_eq!(fault.reason, ErrorReason::RequiredFieldMissing);
    assert_eq!(
        (answer.id.as_str(), fault.fields),
        ("", vec!["document".to_owned()])
    );
}
