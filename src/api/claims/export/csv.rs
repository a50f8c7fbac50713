use tonic::Status;

use super::about::Row;
use super::claims::ClaimWriter;
use crate::api::convert::table::csv::{header, row};

/// Comma-separated values with a header.
pub(super) struct Csv;

impl ClaimWriter for Csv {
    fn begin(&mut self, text: &mut String) {
        header(text);
    }

    fn claim(&mut self, claim: &Row<'_>, text: &mut String) -> Result<(), Status> {
        row(claim.message, text);
        Ok(())
    }

    fn end(&mut self, _: &mut String) {}
}
