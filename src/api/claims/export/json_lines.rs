use tonic::Status;

use super::about::Row;
use super::claims::ClaimWriter;
use crate::api::convert::json::{JsonError, JsonMapping};
use crate::api::wire::status::{Reason, error};

/// One `Claim` per line in protobuf's JSON mapping.
pub(super) struct JsonLines(JsonMapping);

impl JsonLines {
    /// Creates a writer; with defaults, each line has every field.
    pub(super) fn new(with_defaults: bool) -> Result<Self, Status> {
        let mapping = JsonMapping::new("onrecord.v1.Claim", with_defaults);
        mapping.map(Self).map_err(|failure| broken(&failure))
    }

    fn line(&self, row: &Row<'_>) -> Result<String, JsonError> {
        Ok(serde_json::to_string(&self.0.of(row.message)?)?)
    }
}

fn broken(failure: &JsonError) -> Status {
    error(
        Reason::Internal,
        format!("a claim cannot be written: {failure}"),
    )
}

impl ClaimWriter for JsonLines {
    fn begin(&mut self, _: &mut String) {}

    fn claim(&mut self, row: &Row<'_>, text: &mut String) -> Result<(), Status> {
        let line = self.line(row).map_err(|failure| broken(&failure))?;
        text.push_str(&line);
        text.push('\n');
        Ok(())
    }

    fn end(&mut self, _: &mut String) {}
}
