mod watch;

use std::io::{Write, stdout};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};
use uuid::Uuid;

use super::engine::Engine;
use super::target::Target;
use super::values::{article_state, time};
use crate::client::Client;
use crate::proto::longrunning::{GetOperationRequest, Operation};
use crate::proto::{ArticleFilter, ArticleState, EngineKind, ReextractArticlesRequest};

use watch::{how_to_watch, metadata, told, watch};

/// Have a running server extract the claims of its stored articles again, as after an update of its engine
///
/// The server works on it beside its calls, whether or not anybody waits. Claims that people reviewed are kept. With
/// --outdated, articles that this version of the engine has read are left out, so the command may be repeated.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord reextract --outdated --requested-by ops@example.org --wait
  onrecord reextract --outdated --requested-by ops@example.org --validate-only
  onrecord reextract --publisher 'Ostbridge Courier' --start-publish-time 2026-01-01 --requested-by ops@example.org
  onrecord reextract --operation operations/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d")]
pub(super) struct Reextract {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    articles: Articles,

    /// Engine that reads the articles: the trained model, or the rules, which are faster
    #[arg(long, value_enum, default_value = "model")]
    engine: Engine,

    /// Who requests it, for the record
    #[arg(long, value_name = "NAME", required_unless_present = "operation")]
    requested_by: Option<String>,

    /// Only say how many articles would be read
    #[arg(long)]
    validate_only: bool,

    /// Wait for the end and show how far it is; Ctrl-C ends the waiting, not the work
    #[arg(long)]
    wait: bool,

    /// Start nothing: wait for an operation that was started before
    #[arg(long, value_name = "NAME", conflicts_with_all = ["requested_by", "validate_only", "outdated"])]
    operation: Option<String>,
}

/// Which articles are read: those that meet every condition given.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which articles")]
struct Articles {
    /// Only articles that the engine has not read in the version that the server has
    #[arg(long)]
    outdated: bool,

    /// Only articles of this publisher; repeat it for several
    #[arg(long, value_name = "PUBLISHER")]
    publisher: Vec<String>,

    /// Only articles in this language, such as en; repeat it for several
    #[arg(long, value_name = "CODE")]
    language_code: Vec<String>,

    /// Only articles in this state: active, corrected or retracted
    #[arg(long, value_name = "STATE", value_parser = article_state)]
    state: Option<ArticleState>,

    /// Only articles published at or after this time: a date, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = time)]
    start_publish_time: Option<prost_types::Timestamp>,

    /// Only articles published before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    end_publish_time: Option<prost_types::Timestamp>,
}

impl Reextract {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let client = self.target.connect().await?;
        if let Some(name) = self.operation {
            let operation = client.get_operation(GetOperationRequest { name }).await;
            return watch(&client, told(operation)?, interrupts()?).await;
        }
        let wait = self.wait;
        let validate_only = self.validate_only;
        let operation = self.start(&client).await?;
        let articles = metadata(&operation)?.total_article_count;
        if validate_only {
            writeln!(stdout(), "{articles} articles would be read again")?;
            return Ok(ExitCode::SUCCESS);
        }
        // From here on the work goes on whatever becomes of this program.
        let interrupts = interrupts()?;
        let name = &operation.name;
        writeln!(stdout(), "{name}: {articles} articles to read again")?;
        if wait {
            return watch(&client, operation, interrupts).await;
        }
        writeln!(stdout(), "{}", how_to_watch(name))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn start(self, client: &Client) -> anyhow::Result<Operation> {
        let request = ReextractArticlesRequest {
            engine: EngineKind::from(self.engine).into(),
            outdated_only: self.articles.outdated,
            filter: Some(self.articles.into()),
            requested_by: self.requested_by.unwrap_or_default(),
            validate_only: self.validate_only,
            // The client may repeat the call.
            request_id: Uuid::now_v7().to_string(),
        };
        told(client.reextract_articles(request).await)
    }
}

fn interrupts() -> anyhow::Result<Signal> {
    signal(SignalKind::interrupt()).context("cannot listen for signals")
}

impl From<Articles> for ArticleFilter {
    fn from(articles: Articles) -> Self {
        Self {
            publishers: articles.publisher,
            language_codes: articles.language_code,
            start_publish_time: articles.start_publish_time,
            end_publish_time: articles.end_publish_time,
            state: articles.state.unwrap_or_default().into(),
        }
    }
}
