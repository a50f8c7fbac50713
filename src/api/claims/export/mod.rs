//! Exports: the archive, or part of it, as a file for other tools.
//!
//! A file is streamed in chunks from one snapshot of the database, as fast as its reader consumes it; memory holds
//! only a page of claims and a few chunks at a time.

mod about;
mod claim_review;
mod claims;
mod csv;
mod graphml;
mod json_ld;
mod json_lines;
mod out;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;

use crate::api::request::{Check, Violated};
use crate::api::wire::status::{Reason, error};
use crate::proto::{self, ExportClaimsResponse, ExportFormat};
use crate::service::claims::Export;
use crate::store::ClaimFilter;
use crate::text::TextEncoding;

use claims::write_claims;
use out::Out;

/// How many chunks may be buffered ahead of the reader.
const PIECES_AHEAD: usize = 2;

/// The file requested by an export.
#[derive(Debug)]
pub(super) struct File {
    filter: ClaimFilter,
    format: Format,
    encoding: TextEncoding,
    with_defaults: bool,
}

#[derive(Debug, Clone, Copy)]
enum Format {
    JsonLines,
    Csv,
    JsonLd,
    Graphml,
    ClaimReview,
}

impl Format {
    const fn content_type(self) -> &'static str {
        match self {
            Self::JsonLines => "application/jsonl; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLd | Self::ClaimReview => "application/ld+json",
            Self::Graphml => "application/graphml+xml",
        }
    }

    const fn file_name(self) -> &'static str {
        match self {
            Self::JsonLines => "claims.jsonl",
            Self::Csv => "claims.csv",
            Self::JsonLd => "claims.jsonld",
            Self::Graphml => "actors.graphml",
            Self::ClaimReview => "claim-reviews.jsonld",
        }
    }
}

pub(super) fn parse(request: proto::ExportClaimsRequest) -> Result<File, Status> {
    let mut check = Check::default();
    let filter = check.claim_filter(request.filter.unwrap_or_default());
    let format = format(&mut check, request.format);
    let encoding = check.encoding(request.encoding_type);
    Ok(File {
        format: check.finish_with(format)?,
        filter,
        encoding,
        with_defaults: request.include_defaults,
    })
}

fn format(check: &mut Check, number: i32) -> Result<Format, Violated> {
    match check.required_enumeration::<ExportFormat>("format", number)? {
        ExportFormat::Unspecified => {
            Err(check.fail("format", Reason::RequiredFieldMissing, "is required"))
        }
        ExportFormat::JsonLines => Ok(Format::JsonLines),
        ExportFormat::Csv => Ok(Format::Csv),
        ExportFormat::JsonLd => Ok(Format::JsonLd),
        ExportFormat::Graphml => Ok(Format::Graphml),
        ExportFormat::ClaimReview => Ok(Format::ClaimReview),
    }
}

/// The stream of an export's messages.
pub(super) fn stream(export: Export, file: File) -> BoxStream<ExportClaimsResponse> {
    let (sender, pieces) = mpsc::channel(PIECES_AHEAD);
    let first = ExportClaimsResponse {
        content_type: file.format.content_type().to_owned(),
        file_name: file.format.file_name().to_owned(),
        data: Vec::new(),
    };
    // Writes in a separate task, which notices when the reader stops reading.
    let cut_off = export.cut_off();
    let written = write(export, file, Out::new(sender));
    let writing = tokio::spawn(async {
        tokio::select! {
            outcome = written => outcome,
            failure = cut_off => Err(failure.into()),
        }
    });
    let outcome = async {
        match writing.await {
            Ok(outcome) => outcome.err().map(Err),
            Err(_) => Some(Err(error(Reason::Internal, "the export broke off"))),
        }
    };
    let pieces = ReceiverStream::new(pieces).map(|data| ExportClaimsResponse {
        data,
        ..ExportClaimsResponse::default()
    });
    let messages = stream::once(async { first }).chain(pieces).map(Ok);
    let end = stream::once(outcome).filter_map(std::future::ready);
    Box::pin(messages.chain(end))
}

async fn write(mut export: Export, file: File, mut out: Out) -> Result<(), Status> {
    let File {
        filter,
        format,
        encoding,
        with_defaults,
    } = file;
    let (snapshot, to) = (&mut export.snapshot, &mut out);
    match format {
        Format::JsonLines => {
            let mut writer = json_lines::JsonLines::new(with_defaults)?;
            write_claims(snapshot, &filter, encoding, &mut writer, to).await?;
        }
        Format::Csv => {
            write_claims(snapshot, &filter, encoding, &mut csv::Csv, to).await?;
        }
        Format::JsonLd => {
            let mut writer = json_ld::JsonLd::default();
            write_claims(snapshot, &filter, TextEncoding::Utf8, &mut writer, to).await?;
        }
        Format::Graphml => graphml::write_network(snapshot, &filter, to).await?,
        Format::ClaimReview => {
            let checked = ClaimFilter {
                has_fact_check: filter.has_fact_check.or(Some(true)),
                ..filter
            };
            let mut writer = claim_review::ClaimReviews::default();
            write_claims(snapshot, &checked, TextEncoding::Utf8, &mut writer, to).await?;
        }
    }
    out.finish().await
}
