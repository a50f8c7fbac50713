use std::sync::LazyLock;

use anyhow::Context;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use serde::Serialize;

use crate::proto::{ExtractClaimsResponse, FILE_DESCRIPTOR_SET};

static RESPONSE: LazyLock<Option<MessageDescriptor>> = LazyLock::new(|| {
    DescriptorPool::decode(FILE_DESCRIPTOR_SET)
        .ok()?
        .get_message_by_name("onrecord.v1.ExtractClaimsResponse")
});

/// A document's id, then its response in the protobuf JSON mapping: lowerCamelCase names, enums by name, default
/// values omitted.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    id: &'a str,
    #[serde(flatten)]
    response: DynamicMessage,
}

impl<'a> Answer<'a> {
    pub(super) fn new(id: &'a str, response: &ExtractClaimsResponse) -> anyhow::Result<Self> {
        let descriptor = RESPONSE
            .clone()
            .context("the schema compiled into the program is broken")?;
        let response = DynamicMessage::decode(descriptor, response.encode_to_vec().as_slice())?;
        Ok(Self { id, response })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Answer;
    use crate::proto::{Claim, Content, ExtractClaimsResponse, QuoteType, Span};

    #[test]
    fn names_are_those_of_the_json_mapping_and_numbers_are_short() {
        let span = Span {
            start: 3,
            end: 5,
            text: "ab".into(),
        };
        let response = ExtractClaimsResponse {
            claims: vec![Claim {
                quote_type: QuoteType::Direct.into(),
                confidence: 0.81,
                content: Some(Content {
                    spans: vec![span],
                    text: "ab".into(),
                }),
                ..Claim::default()
            }],
            ..ExtractClaimsResponse::default()
        };
        let expected = serde_json::json!({"id": "7", "claims": [{
            "quoteType": "QUOTE_TYPE_DIRECT",
            "content": {"spans": [{"start": 3, "end": 5, "text": "ab"}], "text": "ab"},
            "confidence": 0.81,
        }]});
        let answer = Answer::new("7", &response).unwrap();
        let printed = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), expected);
    }
}
