use std::io::Write;

use crate::api::convert::json::JsonMapping;
use crate::cli::output::Output;
use crate::cli::parquet::ParquetWriter;
use crate::proto::Claim;

/// Where the pieces of an export are written.
pub(super) enum Sink {
    /// As they come.
    Through(Output),
    /// JSON lines as Parquet.
    Parquet(Box<Rows>),
}

impl Sink {
    pub(super) fn parquet(output: Output) -> anyhow::Result<Self> {
        let rows = Rows {
            file: ParquetWriter::open(output)?,
            mapping: JsonMapping::new("onrecord.v1.Claim", false)?,
            begun: Vec::new(),
        };
        Ok(Self::Parquet(Box::new(rows)))
    }

    pub(super) fn write(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::Through(output) => Ok(output.write_all(piece)?),
            Self::Parquet(rows) => rows.write(piece),
        }
    }

    pub(super) fn finish(self) -> anyhow::Result<()> {
        let output = match self {
            Self::Through(output) => output,
            Self::Parquet(rows) => rows.finish()?,
        };
        Ok(output.finish()?)
    }
}

/// Reads JSON lines, wherever they are cut into pieces.
pub(super) struct Rows {
    file: ParquetWriter<Output>,
    mapping: JsonMapping,
    /// A line whose end has not come.
    begun: Vec<u8>,
}

impl Rows {
    fn write(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        self.begun.extend_from_slice(piece);
        let mut lines = 0;
        for line in self.begun.split_inclusive(|byte| *byte == b'\n') {
            if !line.ends_with(b"\n") {
                break;
            }
            self.file.claim(&self.mapping.parse::<Claim>(line)?)?;
            lines += line.len();
        }
        self.begun.drain(..lines);
        Ok(())
    }

    fn finish(self) -> anyhow::Result<Output> {
        anyhow::ensure!(self.begun.is_empty(), "the last line has no end");
        self.file.finish()
    }
}
