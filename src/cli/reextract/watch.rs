//! Waiting for the end of an operation, and telling how far it is.

use std::io::{Write, stdout};
use std::process::ExitCode;

use anyhow::Context;
use tokio::signal::unix::Signal;

use crate::cli::progress::Progress;
use crate::client::Client;
use crate::proto::longrunning::operation::Result as Outcome;
use crate::proto::longrunning::{Operation, WaitOperationRequest};
use crate::proto::{ReextractArticlesMetadata, ReextractArticlesResponse};
use crate::telemetry::{report_failure, report_notice};

/// How often the progress is shown.
const PERIOD: prost_types::Duration = prost_types::Duration {
    seconds: 1,
    nanos: 0,
};

/// Shows how far an operation is until it is done, or Ctrl-C is pressed.
pub(super) async fn watch(
    client: &Client,
    operation: Operation,
    mut interrupts: Signal,
) -> anyhow::Result<ExitCode> {
    let name = operation.name.clone();
    let ended = tokio::select! {
        ended = until_done(client, operation) => ended,
        _ = interrupts.recv() => {
            let how = how_to_watch(&name);
            report_notice(&format!("{name} goes on without anybody waiting; {how}"));
            return Ok(ExitCode::SUCCESS);
        }
    };
    summary(&ended.with_context(|| how_to_watch(&name))?)
}

async fn until_done(client: &Client, mut operation: Operation) -> anyhow::Result<Operation> {
    let counts = metadata(&operation)?;
    let [total, done, failed] = [
        counts.total_article_count,
        counts.done_article_count,
        counts.failed_article_count,
    ]
    .map(unsigned);
    let mut progress = Progress::of_articles(total, done, failed);
    while !operation.done {
        let request = WaitOperationRequest {
            name: operation.name,
            timeout: Some(PERIOD),
        };
        operation = told(client.wait_operation(request).await)?;
        let counts = metadata(&operation)?;
        let [done, failed] = [counts.done_article_count, counts.failed_article_count].map(unsigned);
        progress.set(done, failed);
    }
    Ok(operation)
}

/// Says how an operation ended.
fn summary(operation: &Operation) -> anyhow::Result<ExitCode> {
    let counts = metadata(operation)?;
    let failed = counts.failed_article_count;
    let response = match &operation.result {
        Some(Outcome::Response(response)) => response.to_msg::<ReextractArticlesResponse>()?,
        _ => ReextractArticlesResponse::default(),
    };
    for failure in response.failures {
        let error = failure.error.unwrap_or_default();
        report_failure(&format!("{}: {}", failure.article, error.message));
    }
    writeln!(
        stdout(),
        "{} articles: {} read again, {failed} failed; {} claims created, {} updated, {} deleted",
        counts.total_article_count,
        counts.done_article_count,
        counts.created_claim_count,
        counts.updated_claim_count,
        counts.deleted_claim_count,
    )?;
    if let Some(Outcome::Error(error)) = &operation.result {
        anyhow::bail!("{}: {}", operation.name, error.message);
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// How far the operation is.
pub(super) fn metadata(operation: &Operation) -> anyhow::Result<ReextractArticlesMetadata> {
    let metadata = operation.metadata.as_ref();
    let read = metadata.map(prost_types::Any::to_msg).transpose();
    read.ok().flatten().with_context(|| {
        format!(
            "{} is no re-extraction of articles, or of another version",
            operation.name
        )
    })
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// What a person types to see how an operation goes on.
pub(super) fn how_to_watch(name: &str) -> String {
    format!("to watch it: onrecord reextract --operation {name}")
}

/// An answer, or what the server says of the error.
pub(super) fn told<T>(answer: Result<T, tonic::Status>) -> anyhow::Result<T> {
    answer.map_err(|status| anyhow::anyhow!("{}", status.message()))
}
