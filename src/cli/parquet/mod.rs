//! Claims as a Parquet file: the columns of CSV, with types.

mod buffer;
mod schema;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;

use super::output::Output;
use crate::api::convert::table::columns;
use crate::proto::Claim;
use buffer::Buffer;
use schema::schema;

/// How much is held before it is written as a row group: some ten thousand claims, which compress well together.
const ROW_GROUP_BYTES: usize = 16 << 20;

const CREATED_BY: &str = concat!("onrecord ", env!("CARGO_PKG_VERSION"));

/// Writes a Parquet file. It holds one row group in memory, and can be read once it is finished.
pub(super) struct ParquetWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    buffers: Vec<Buffer>,
    /// About what the buffers hold.
    bytes: usize,
}

impl ParquetWriter<Output> {
    /// Begins a file. It is no text, so a terminal does not get it.
    pub(super) fn open(output: Output) -> anyhow::Result<Self> {
        anyhow::ensure!(
            !output.is_terminal(),
            "Parquet is not for a terminal: name a file with --output, or redirect standard output"
        );
        Self::new(output)
    }
}

impl<W: Write + Send> ParquetWriter<W> {
    fn new(out: W) -> anyhow::Result<Self> {
        let columns = columns(&Claim::default());
        let schema = Arc::new(schema(&columns).map_err(plain)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(CREATED_BY.to_owned());
        let file = SerializedFileWriter::new(out, schema, Arc::new(properties.build()));
        Ok(Self {
            file: file.map_err(plain)?,
            buffers: columns
                .iter()
                .map(|column| Buffer::of(&column.value))
                .collect(),
            bytes: 0,
        })
    }

    /// Adds a claim.
    pub(super) fn claim(&mut self, claim: &Claim) -> anyhow::Result<()> {
        for (buffer, column) in self.buffers.iter_mut().zip(columns(claim)) {
            self.bytes += buffer.push(column.value)?;
        }
        if self.bytes >= ROW_GROUP_BYTES {
            self.write_row_group().map_err(plain)?;
        }
        Ok(())
    }

    /// Writes the rest and returns where the file went.
    pub(super) fn finish(mut self) -> anyhow::Result<W> {
        if self.bytes > 0 {
            self.write_row_group().map_err(plain)?;
        }
        self.file.into_inner().map_err(plain)
    }

    fn write_row_group(&mut self) -> Result<(), ParquetError> {
        self.bytes = 0;
        let mut group = self.file.next_row_group()?;
        for buffer in &mut self.buffers {
            buffer.write(&mut group)?;
        }
        group.close()?;
        Ok(())
    }
}

/// What failed, without the wrapping of an error of the output.
fn plain(error: ParquetError) -> anyhow::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => anyhow::Error::new(*error),
            Err(error) => anyhow::Error::from_boxed(error),
        },
        other => anyhow::Error::new(other),
    }
}
