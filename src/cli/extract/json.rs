use serde::Serialize;

use crate::api::convert::json::{JsonError, JsonMapping, Mapped};
use crate::proto::ExtractClaimsResponse;

/// A document's id, then its response in the protobuf JSON mapping.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    id: &'a str,
    #[serde(flatten)]
    response: Mapped,
}

impl<'a> Answer<'a> {
    pub(super) fn new(
        id: &'a str,
        response: &ExtractClaimsResponse,
        with_defaults: bool,
    ) -> Result<Self, JsonError> {
        let mapping = JsonMapping::new("onrecord.v1.ExtractClaimsResponse", with_defaults)?;
        let response = mapping.of(response)?;
        Ok(Self { id, response })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Answer;
    use crate::proto::{Claim, Content, ExtractClaimsResponse, QuoteType, Span};

    fn printed(with_defaults: bool) -> String {
        let span = Span {
            start: 0,
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
        let answer = Answer::new("7", &response, with_defaults).unwrap();
        serde_json::to_string(&answer).unwrap()
    }

    #[test]
    fn names_are_those_of_the_json_mapping_and_numbers_are_short() {
        let expected = serde_json::json!({"id": "7", "claims": [{
            "quoteType": "QUOTE_TYPE_DIRECT",
            "content": {"spans": [{"end": 5, "text": "ab"}], "text": "ab"},
            "confidence": 0.81,
        }]});
        let printed = serde_json::from_str::<Value>(&printed(false)).unwrap();
        assert_eq!(printed, expected);
    }

    #[test]
    fn with_defaults_every_field_is_there_in_the_order_of_the_schema() {
        let printed = printed(true);
        let all: Value = serde_json::from_str(&printed).unwrap();
        let claim = &all["claims"][0];
        assert_eq!(claim["confidence"], 0.81);
        assert_eq!(claim["content"]["spans"][0]["start"], 0);
        assert_eq!(claim["article"], "");
        assert_eq!(claim["kind"], "CLAIM_KIND_UNSPECIFIED");
        assert_eq!(claim["aboutActors"], Value::Array(Vec::new()));
        for absent in ["source", "factuality", "createTime"] {
            assert_eq!(claim.get(absent), Some(&Value::Null), "{absent}");
        }
        let at = |name: &str| printed.find(&format!("\"{name}\":")).unwrap();
        assert!(at("id") < at("claims") && at("article") < at("source"));
        assert!(at("source") < at("content") && at("content") < at("confidence"));
    }
}
