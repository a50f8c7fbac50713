use std::sync::LazyLock;

use onrecord::proto::{EncodingType, FILE_DESCRIPTOR_SET, Span};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage, Value};

static SCHEMA: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the schema"));

/// The units in which offsets count.
pub const ENCODINGS: [EncodingType; 3] =
    [EncodingType::Utf8, EncodingType::Utf16, EncodingType::Utf32];

const SPAN: &str = "onrecord.v1.Span";

/// Every span in a message, wherever the schema has one: a field added later is found, too.
pub fn spans_in<M: Message>(message: &M) -> Vec<Span> {
    // Messages are named in Rust as in the schema.
    let name = std::any::type_name::<M>().rsplit("::").next();
    let name = format!("onrecord.v1.{}", name.expect("a name"));
    let descriptor = SCHEMA
        .get_message_by_name(&name)
        .expect("a message of the schema");
    let bytes = message.encode_to_vec();
    let message = DynamicMessage::decode(descriptor, bytes.as_slice()).expect("the same message");
    let mut spans = Vec::new();
    collect(&Value::Message(message), &mut spans);
    spans
}

fn collect(value: &Value, spans: &mut Vec<Span>) {
    match value {
        Value::List(values) => values.iter().for_each(|value| collect(value, spans)),
        Value::Message(message) if message.descriptor().full_name() == SPAN => {
            spans.push(message.transcode_to().expect("a span"));
        }
        Value::Message(message) => {
            message
                .fields()
                .for_each(|(_, value)| collect(value, spans));
        }
        _ => {}
    }
}

/// A text, laid out in every unit.
pub struct Ruler {
    bytes: Vec<u8>,
    units: Vec<u16>,
    points: Vec<char>,
}

impl Ruler {
    pub fn new(text: &str) -> Self {
        Self {
            bytes: text.as_bytes().to_vec(),
            units: text.encode_utf16().collect(),
            points: text.chars().collect(),
        }
    }

    /// Checks that each span is not empty and that its text is exactly what stands between its ends. Returns the
    /// texts.
    pub fn check(&self, encoding: EncodingType, spans: &[Span]) -> Vec<String> {
        for span in spans {
            assert!(span.start < span.end, "empty: {span:?}");
            let text = self.slice(encoding, span);
            assert_eq!(text.as_ref(), Some(&span.text), "{encoding:?} {span:?}");
        }
        spans.iter().map(|span| span.text.clone()).collect()
    }

    fn slice(&self, encoding: EncodingType, span: &Span) -> Option<String> {
        let range = usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?;
        match encoding {
            EncodingType::Unspecified | EncodingType::Utf8 => {
                String::from_utf8(self.bytes.get(range)?.to_vec()).ok()
            }
            EncodingType::Utf16 => String::from_utf16(self.units.get(range)?).ok(),
            EncodingType::Utf32 => Some(self.points.get(range)?.iter().collect()),
        }
    }
}
