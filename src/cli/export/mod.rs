mod filter;
mod sink;

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use tonic::Streaming;

use filter::Filter;
use sink::Sink;

use super::encoding::Encoding;
use super::output::{Output, OutputFlag};
use super::target::Target;
use crate::api::convert::table::csv::BYTE_ORDER_MARK;
use crate::proto::{EncodingType, ExportClaimsRequest, ExportClaimsResponse, ExportFormat};

/// Write claims, or the network of who speaks about whom, to a file
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord export --format csv --output claims.csv
  onrecord export --format jsonl --min-confidence 0.75 | jq .content.text
  onrecord export --format parquet --encoding utf32 --output claims.parquet
  onrecord export --format csv --kind commitment --kind prediction --start-publish-time 2026-01-01
  onrecord export --format graphml --output actors.graphml")]
pub(super) struct Export {
    /// What to write, and in which format
    #[arg(long, value_enum)]
    format: Format,

    #[command(flatten)]
    output: OutputFlag,

    /// Begin CSV with a byte order mark, by which Excel knows that it is UTF-8
    #[arg(long)]
    bom: bool,

    /// Write all fields in JSON lines, for data frames: those with their default value as well, and absent ones as null
    #[arg(long)]
    defaults: bool,

    /// Unit of the offsets in JSON lines, CSV and Parquet: bytes, UTF-16 code units or code points, as Python counts
    #[arg(long, value_enum, default_value = "utf8")]
    encoding: Encoding,

    #[command(flatten)]
    filter: Filter,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One claim per line in the protobuf JSON mapping, with what is known of its article and actor
    #[value(name = "jsonl", alias = "json-lines")]
    JsonLines,
    /// One row per claim, for people and spreadsheets
    Csv,
    /// The columns of CSV with their types, for data frames
    Parquet,
    /// A graph of schema.org Claims
    JsonLd,
    /// The network of who speaks about whom, with signs and dates
    Graphml,
    /// A graph of schema.org ClaimReviews: the published fact checks of the claims
    ClaimReview,
}

impl Export {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        self.check_flags()?;
        let client = self.target.connect().await?;
        let request = ExportClaimsRequest {
            filter: Some(self.filter.into()),
            format: ExportFormat::from(self.format).into(),
            encoding_type: EncodingType::from(self.encoding).into(),
            include_defaults: self.defaults,
        };
        let pieces = client.export_claims(request).await;
        let pieces = pieces.map_err(|status| anyhow::anyhow!("{}", status.message()))?;
        let output = self.output.open()?;
        let written = write(output, self.format, self.bom, pieces).await;
        self.output.name_failure(written)?;
        Ok(ExitCode::SUCCESS)
    }

    fn check_flags(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            !self.bom || self.format == Format::Csv,
            "--bom is for --format csv"
        );
        anyhow::ensure!(
            !self.defaults || self.format == Format::JsonLines,
            "--defaults is for --format jsonl"
        );
        Ok(())
    }
}

impl From<Format> for ExportFormat {
    /// What is asked of the server, which knows no Parquet: JSON lines have all that goes into it.
    fn from(format: Format) -> Self {
        match format {
            Format::JsonLines | Format::Parquet => Self::JsonLines,
            Format::Csv => Self::Csv,
            Format::JsonLd => Self::JsonLd,
            Format::Graphml => Self::Graphml,
            Format::ClaimReview => Self::ClaimReview,
        }
    }
}

async fn write(
    output: Output,
    format: Format,
    bom: bool,
    mut pieces: Streaming<ExportClaimsResponse>,
) -> anyhow::Result<()> {
    let mut sink = match format {
        Format::Parquet => Sink::parquet(output)?,
        _ => Sink::Through(output),
    };
    if bom {
        sink.write(BYTE_ORDER_MARK.to_string().as_bytes())?;
    }
    while let Some(piece) = pieces
        .message()
        .await
        .map_err(|status| anyhow::anyhow!("the export broke off: {}", status.message()))?
    {
        sink.write(&piece.data)?;
    }
    sink.finish()
}
