use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Args;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::input::{Documents, Input, InputDocument};
use super::progress::Progress;
use super::target::Target;
use crate::api::convert::document::request;
use crate::client::Client;
use crate::proto::IngestArticleResponse;

/// Send articles to a running server, which reads and stores them
///
/// Safe to repeat: an article that is already stored is not stored again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord ingest article.txt
  onrecord ingest archive.csv
  onrecord ingest --server http://onrecord:50051 --in-flight 16 archive.jsonl")]
pub(super) struct Ingest {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    target: Target,

    /// Maximum number of articles in flight
    #[arg(long, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    in_flight: u16,
}

/// What became of the articles that did not fail.
#[derive(Debug, Default)]
struct Tally {
    new: u64,
    known: u64,
    claims: i64,
}

impl Ingest {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let mut progress = Progress::of(&self.input);
        let documents = self.input.documents(progress.notices(), &progress.bar);
        let client = self.target.connect().await?;
        let mut tally = Tally::default();
        let answers = in_background(documents).map(|document| send(&client, document));
        let mut answers = std::pin::pin!(answers.buffer_unordered(self.in_flight.into()));
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(answer) => {
                    tally.add(&answer);
                    progress.count();
                }
                Err(error) => progress.fail(&error),
            }
        }
        let (all, failed) = (progress.all(), progress.failed);
        drop(progress);
        writeln!(
            stdout(),
            "{all} articles: {} new with {} claims, {} known already, {failed} failed",
            tally.new,
            tally.claims,
            tally.known,
        )?;
        Ok(if failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

impl Tally {
    fn add(&mut self, answer: &IngestArticleResponse) {
        if answer.created {
            self.new += 1;
            self.claims += answer
                .article
                .as_ref()
                .map_or(0, |article| article.claim_count);
        } else {
            self.known += 1;
        }
    }
}

/// Reads documents on a separate thread, a few ahead of those being sent.
fn in_background(documents: Documents) -> ReceiverStream<anyhow::Result<InputDocument>> {
    let (sender, receiver) = mpsc::channel(64);
    tokio::task::spawn_blocking(move || {
        for document in documents {
            if sender.blocking_send(document).is_err() {
                return;
            }
        }
    });
    ReceiverStream::new(receiver)
}

async fn send(
    client: &Client,
    input: anyhow::Result<InputDocument>,
) -> anyhow::Result<IngestArticleResponse> {
    let InputDocument { id, document } = input?;
    let answer = client
        .ingest_article(request(document, String::new()))
        .await;
    answer.map_err(|status| anyhow::anyhow!("{id}: {}", status.message()))
}
