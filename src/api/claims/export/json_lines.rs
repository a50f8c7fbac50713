use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use tonic::Status;

use super::claims::{ClaimWriter, Row};
use crate::api::wire::status::{Reason, error};
use crate::proto::FILE_DESCRIPTOR_SET;

static CLAIM: LazyLock<Option<MessageDescriptor>> = LazyLock::new(|| {
    DescriptorPool::decode(FILE_DESCRIPTOR_SET)
        .ok()?
        .get_message_by_name("onrecord.v1.Claim")
});

/// One `Claim` per line in protobuf's JSON mapping: lowerCamelCase names, enums by name, default values omitted.
pub(super) struct JsonLines(MessageDescriptor);

/// Creates a JSON Lines writer.
pub(super) fn writer() -> Result<JsonLines, Status> {
    let claim = CLAIM.clone();
    claim
        .map(JsonLines)
        .ok_or_else(|| error(Reason::Internal, "the schema compiled in is broken"))
}

impl ClaimWriter for JsonLines {
    fn begin(&mut self, _: &mut String) {}

    fn claim(&mut self, row: &Row<'_>, text: &mut String) -> Result<(), Status> {
        let bytes = row.message.encode_to_vec();
        let line = DynamicMessage::decode(self.0.clone(), bytes.as_slice())
            .ok()
            .and_then(|message| serde_json::to_string(&message).ok());
        let line = line.ok_or_else(|| error(Reason::Internal, "a claim cannot be written"))?;
        text.push_str(&line);
        text.push('\n');
        Ok(())
    }

    fn end(&mut self, _: &mut String) {}
}
