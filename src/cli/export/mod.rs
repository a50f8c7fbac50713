mod filter;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use tonic::Streaming;

use filter::Filter;

use super::output::Output;
use super::target::Target;
use crate::api::convert::csv::BYTE_ORDER_MARK;
use crate::proto::{ExportClaimsRequest, ExportClaimsResponse, ExportFormat};

/// Write claims, or the network of who speaks about whom, to a file
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord export --format csv --output claims.csv
  onrecord export --format jsonl --min-confidence 0.75 | jq .content.text
  onrecord export --format csv --kind commitment --kind prediction --start-publish-time 2026-01-01
  onrecord export --format graphml --output actors.graphml")]
pub(super) struct Export {
    /// What to write, and in which format
    #[arg(long, value_enum)]
    format: Format,

    /// Write to this file, or `-` for standard output. A regular file is replaced once the export is complete; a device
    /// or a pipe is written as data comes; a link is followed [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Begin CSV with a byte order mark, by which Excel knows that it is UTF-8
    #[arg(long)]
    bom: bool,

    #[command(flatten)]
    filter: Filter,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
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
    /// A graph of schema.org ClaimReviews: the published fact checks of the claims
    ClaimReview,
}

impl Export {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            !self.bom || self.format == Format::Csv,
            "--bom is for --format csv"
        );
        let client = self.target.connect().await?;
        let request = ExportClaimsRequest {
            filter: Some(self.filter.into()),
            format: ExportFormat::from(self.format).into(),
            ..ExportClaimsRequest::default()
        };
        let pieces = client.export_claims(request).await;
        let pieces = pieces.map_err(|status| anyhow::anyhow!("{}", status.message()))?;
        let path = self.output.as_deref();
        write(path, self.bom, pieces).await.with_context(|| {
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
            Format::ClaimReview => Self::ClaimReview,
        }
    }
}

async fn write(
    path: Option<&Path>,
    bom: bool,
    pieces: Streaming<ExportClaimsResponse>,
) -> anyhow::Result<()> {
    let mut output = Output::open(path)?;
    if bom {
        write!(output, "{BYTE_ORDER_MARK}")?;
    }
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
