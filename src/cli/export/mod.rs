use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use tonic::Streaming;

use super::output::Output;
use super::target::Target;
use crate::proto::{ClaimFilter, ExportClaimsRequest, ExportClaimsResponse, ExportFormat};

/// Write claims, or the network of who speaks about whom, to a file
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord export --format csv --output claims.csv
  onrecord export --format jsonl --min-confidence 0.75 | jq .content.text
  onrecord export --format graphml --output actors.graphml")]
pub(super) struct Export {
    /// What to write, and in which format
    #[arg(long, value_enum)]
    format: Format,

    /// Write to this file, or `-` for standard output. A regular file is replaced once the export is complete; a device
    /// or a pipe is written as data comes; a link is followed [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Only claims of this actor: actors/…
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    actor: String,

    /// Only claims in this article: articles/…
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    article: String,

    /// Only claims with at least this confidence, from 0 to 1
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    min_confidence: f32,

    /// Only claims with at least this actor confidence, from 0 to 1
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    min_actor_confidence: f32,

    /// Only claims with at least this check-worthiness, from 0 to 1
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    min_check_worthiness: f32,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// One claim per line in the protobuf JSON mapping
    #[value(name = "jsonl", alias = "json-lines")]
    JsonLines,
    /// One row per claim, for people and spreadsheets
    Csv,
    /// A graph of schema.org Claims
    JsonLd,
    /// The network of who speaks about whom
    Graphml,
}

impl Export {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let client = self.target.connect().await?;
        let request = ExportClaimsRequest {
            filter: Some(ClaimFilter {
                actor: self.actor,
                article: self.article,
                min_confidence: self.min_confidence,
                min_actor_confidence: self.min_actor_confidence,
                min_check_worthiness: self.min_check_worthiness,
                ..ClaimFilter::default()
            }),
            format: ExportFormat::from(self.format).into(),
            ..ExportClaimsRequest::default()
        };
        let pieces = client.export_claims(request).await;
        let pieces = pieces.map_err(|status| anyhow::anyhow!("{}", status.message()))?;
        let path = self.output.as_deref();
        write(path, pieces).await.with_context(|| {
            let name = path.map_or_else(|| "standard output".into(), Path::to_string_lossy);
            format!("cannot write {name}")
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::JsonLines => Self::JsonLines,
            Format::Csv => Self::Csv,
            Format::JsonLd => Self::JsonLd,
            Format::Graphml => Self::Graphml,
        }
    }
}

async fn write(path: Option<&Path>, pieces: Streaming<ExportClaimsResponse>) -> anyhow::Result<()> {
    let mut output = Output::open(path)?;
    copy(pieces, &mut output).await?;
    Ok(output.finish()?)
}

async fn copy(
    mut pieces: Streaming<ExportClaimsResponse>,
    to: &mut impl Write,
) -> anyhow::Result<()> {
    while let Some(piece) = pieces
        .message()
        .await
        .map_err(|status| anyhow::anyhow!("the export broke off: {}", status.message()))?
    {
        to.write_all(&piece.data)?;
    }
    to.flush()?;
    Ok(())
}
