//! Exports: the archive, or a part of it, as a file that other tools read.
//!
//! A file is written piece by piece out of one snapshot of the database, as fast as its reader takes it; what is in
//! memory at a time is a page of claims and a few pieces.

mod claims;
mod csv;
mod graphml;
mod json_ld;
mod json_lines;
mod out;

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;

use super::check::Check;
use super::status::{Reason, error};
use crate::proto::{self, ExportClaimsResponse, ExportFormat};
use crate::store::{ClaimFilter, Snapshot, Store};
use crate::text::TextEncoding;

use claims::write_claims;
use out::Out;

/// How many files are written at a time: each takes a connection to the database and holds an old state of it.
const AT_ONCE: usize = 4;
/// How many pieces wait for their reader.
const PIECES_AHEAD: usize = 2;

/// What an export is asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    filter: ClaimFilter,
    format: Format,
    encoding: TextEncoding,
}

#[derive(Debug, Clone, Copy)]
enum Format {
    JsonLines,
    Csv,
    JsonLd,
    Graphml,
}

impl Format {
    const fn content_type(self) -> &'static str {
        match self {
            Self::JsonLines => "application/jsonl; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLd => "application/ld+json",
            Self::Graphml => "application/graphml+xml",
        }
    }

    const fn file_name(self) -> &'static str {
        match self {
            Self::JsonLines => "claims.jsonl",
            Self::Csv => "claims.csv",
            Self::JsonLd => "claims.jsonld",
            Self::Graphml => "actors.graphml",
        }
    }
}

/// Reads the request.
pub(super) fn wanted(request: proto::ExportClaimsRequest) -> Result<Wanted, Status> {
    let mut check = Check::default();
    let filter = check.claim_filter(request.filter.unwrap_or_default());
    let format = check.export_format(request.format);
    let encoding = check.encoding(request.encoding_type);
    let format = check.finish_with(format)?;
    Ok(Wanted {
        filter,
        format,
        encoding,
    })
}

impl Check {
    fn export_format(&mut self, number: i32) -> Option<Format> {
        match self.enumeration::<ExportFormat>("format", number)? {
            ExportFormat::Unspecified => {
                self.fail("format", Reason::RequiredFieldMissing, "is required");
                None
            }
            ExportFormat::JsonLines => Some(Format::JsonLines),
            ExportFormat::Csv => Some(Format::Csv),
            ExportFormat::JsonLd => Some(Format::JsonLd),
            ExportFormat::Graphml => Some(Format::Graphml),
        }
    }
}

/// Writes exports, so many at a time.
#[derive(Debug)]
pub(super) struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Exports {
    /// Begins to write.
    pub(super) async fn export(
        &self,
        store: &Store,
        wanted: Wanted,
    ) -> Result<BoxStream<ExportClaimsResponse>, Status> {
        let Ok(place) = Arc::clone(&self.0).try_acquire_owned() else {
            return Err(error(Reason::Overloaded, "too many exports are at hand"));
        };
        let snapshot = store.snapshot().await?;
        let (sender, pieces) = mpsc::channel(PIECES_AHEAD);
        let first = ExportClaimsResponse {
            content_type: wanted.format.content_type().to_owned(),
            file_name: wanted.format.file_name().to_owned(),
            data: Vec::new(),
        };
        // In a task of its own, which notices a reader who takes nothing.
        let writing = tokio::spawn(async move {
            let _place = place;
            write(snapshot, wanted, Out::new(sender)).await
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
        let answers = stream::once(async { first }).chain(pieces).map(Ok);
        let end = stream::once(outcome).filter_map(std::future::ready);
        Ok(Box::pin(answers.chain(end)))
    }
}

async fn write(mut snapshot: Snapshot, wanted: Wanted, mut out: Out) -> Result<(), Status> {
    let Wanted {
        filter,
        format,
        encoding,
    } = wanted;
    let (snapshot, to) = (&mut snapshot, &mut out);
    match format {
        Format::JsonLines => {
            write_claims(snapshot, &filter, encoding, &mut json_lines::writer()?, to).await?;
        }
        Format::Csv => {
            write_claims(snapshot, &filter, TextEncoding::Utf8, &mut csv::Csv, to).await?;
        }
        Format::JsonLd => {
            let mut writer = json_ld::JsonLd::default();
            write_claims(snapshot, &filter, TextEncoding::Utf8, &mut writer, to).await?;
        }
        Format::Graphml => graphml::write_network(snapshot, &filter, to).await?,
    }
    out.finish().await
}
