use std::io::{BufWriter, IntoInnerError, Write};

use crate::api::convert::table::csv::{BYTE_ORDER_MARK, header};
use crate::cli::output::Output;
use crate::cli::parquet::ParquetWriter;
use crate::proto::Claim;

/// What is written of a document.
pub(super) enum Printed {
    Text(String),
    Rows(Vec<Claim>),
}

/// Where documents' claims are written.
pub(super) enum Sink {
    Text(BufWriter<Output>),
    Parquet(Box<ParquetWriter<Output>>),
}

impl Sink {
    pub(super) fn text(output: Output) -> Self {
        Self::Text(BufWriter::new(output))
    }

    /// For CSV, whose header is written.
    pub(super) fn csv(output: Output, bom: bool) -> anyhow::Result<Self> {
        let mut text = String::new();
        if bom {
            text.push(BYTE_ORDER_MARK);
        }
        header(&mut text);
        let mut out = BufWriter::new(output);
        out.write_all(text.as_bytes())?;
        Ok(Self::Text(out))
    }

    pub(super) fn parquet(output: Output) -> anyhow::Result<Self> {
        Ok(Self::Parquet(Box::new(ParquetWriter::open(output)?)))
    }

    pub(super) fn write(&mut self, printed: &Printed) -> anyhow::Result<()> {
        match (self, printed) {
            (Self::Text(out), Printed::Text(text)) => out.write_all(text.as_bytes())?,
            (Self::Parquet(file), Printed::Rows(claims)) => {
                for claim in claims {
                    file.claim(claim)?;
                }
            }
            _ => anyhow::bail!("a document was printed in another format than the others"),
        }
        Ok(())
    }

    pub(super) fn finish(self) -> anyhow::Result<()> {
        let output = match self {
            Self::Text(out) => out.into_inner().map_err(IntoInnerError::into_error)?,
            Self::Parquet(file) => file.finish()?,
        };
        Ok(output.finish()?)
    }
}
