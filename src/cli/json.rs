use std::sync::LazyLock;

use anyhow::Context;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use serde_json::Value;

use crate::proto::{ExtractClaimsResponse, FILE_DESCRIPTOR_SET};

static RESPONSE: LazyLock<Option<MessageDescriptor>> = LazyLock::new(|| {
    DescriptorPool::decode(FILE_DESCRIPTOR_SET)
        .ok()?
        .get_message_by_name("onrecord.v1.ExtractClaimsResponse")
});

/// A response in the protobuf JSON mapping: lowerCamelCase names, enums by name, fields at their default left out.
pub(super) fn response(response: &ExtractClaimsResponse) -> anyhow::Result<Value> {
    let descriptor = RESPONSE.clone().context("the schema compiled into the program is broken")?;
    let message = DynamicMessage::decode(descriptor, response.encode_to_vec().as_slice())?;
    Ok(serde_json::to_value(message)?)
}

#[cfg(test)]
mod tests {
    use crate::proto::{Claim, Content, ExtractClaimsResponse, QuoteType, Span};

    #[test]
    fn names_are_those_of_the_json_mapping() {
        let span = Span { start: 3, end: 5, text: "ab".into() };
        let response = ExtractClaimsResponse {
            claims: vec![Claim {
                quote_type: QuoteType::Direct.into(),
                content: Some(Content { spans: vec![span], text: "ab".into() }),
                ..Claim::default()
            }],
            ..ExtractClaimsResponse::default()
        };
        let expected = serde_json::json!({"claims": [{
            "quoteType": "QUOTE_TYPE_DIRECT",
            "content": {"spans": [{"start": 3, "end": 5, "text": "ab"}], "text": "ab"},
        }]});
        assert_eq!(super::response(&response).unwrap(), expected);
    }
}
