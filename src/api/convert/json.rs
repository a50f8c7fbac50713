//! Messages in the protobuf JSON mapping: lowerCamelCase names, enums by name, default values omitted unless asked for.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MessageDescriptor, SerializeOptions};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::proto::FILE_DESCRIPTOR_SET;

static SCHEMA: LazyLock<Option<DescriptorPool>> =
    LazyLock::new(|| DescriptorPool::decode(FILE_DESCRIPTOR_SET).ok());

/// Why a message cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The schema lacks the message.
    #[error("the schema compiled into the program lacks {0}")]
    NoMessage(&'static str),
    /// The message is not as the schema says.
    #[error(transparent)]
    Message(#[from] prost::DecodeError),
    /// It cannot be expressed in JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The JSON mapping of one type of message.
#[derive(Debug, Clone)]
pub struct JsonMapping {
    descriptor: MessageDescriptor,
    with_defaults: bool,
}

impl JsonMapping {
    /// The mapping of the message with this full name. With defaults every field is written, for programs that make a
    /// column of each: default values too, and as null what is absent.
    ///
    /// # Errors
    /// [`JsonError::NoMessage`].
    pub fn new(name: &'static str, with_defaults: bool) -> Result<Self, JsonError> {
        let schema = SCHEMA.as_ref();
        let descriptor = schema.and_then(|schema| schema.get_message_by_name(name));
        Ok(Self {
            descriptor: descriptor.ok_or(JsonError::NoMessage(name))?,
            with_defaults,
        })
    }

    /// The message, to be serialized.
    ///
    /// # Errors
    /// See [`JsonError`].
    pub fn of(&self, message: &impl Message) -> Result<Mapped, JsonError> {
        let descriptor = self.descriptor.clone();
        let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())?;
        if !self.with_defaults {
            return Ok(Mapped(Form::Short(dynamic)));
        }
        let options = SerializeOptions::new().skip_default_fields(false);
        let mut text = Vec::new();
        dynamic.serialize_with_options(&mut serde_json::Serializer::new(&mut text), &options)?;
        // By way of the text, in which numbers are short.
        let value = serde_json::from_slice(&text)?;
        Ok(Mapped(Form::Whole(value, self.descriptor.clone())))
    }

    /// Reads a message. Fields that a later version of the schema may have are passed over.
    ///
    /// # Errors
    /// See [`JsonError`].
    pub fn parse<M: Message + Default>(&self, json: &[u8]) -> Result<M, JsonError> {
        let options = prost_reflect::DeserializeOptions::new().deny_unknown_fields(false);
        let mut json = serde_json::Deserializer::from_slice(json);
        let descriptor = self.descriptor.clone();
        let message = DynamicMessage::deserialize_with_options(descriptor, &mut json, &options)?;
        json.end()?;
        Ok(message.transcode_to()?)
    }
}

/// A message as JSON.
#[derive(Debug)]
pub struct Mapped(Form);

#[derive(Debug)]
enum Form {
    Short(DynamicMessage),
    Whole(Value, MessageDescriptor),
}

impl Serialize for Mapped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Short(message) => message.serialize(serializer),
            Form::Whole(value, descriptor) => Whole { value, descriptor }.serialize(serializer),
        }
    }
}

/// A message, or a list of them, with null for what it lacks, in the order of the schema.
struct Whole<'a> {
    value: &'a Value,
    descriptor: &'a MessageDescriptor,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { value, descriptor } = *self;
        match value {
            Value::Array(values) => {
                serializer.collect_seq(values.iter().map(|value| Whole { value, descriptor }))
            }
            Value::Object(fields) => {
                let field = |field: prost_reflect::FieldDescriptor| {
                    let value = fields.get(field.json_name()).unwrap_or(&Value::Null);
                    (field.json_name().to_owned(), Field { value, field })
                };
                serializer.collect_map(descriptor.fields().map(field))
            }
            // Times and lengths of time are texts.
            other => other.serialize(serializer),
        }
    }
}

struct Field<'a> {
    value: &'a Value,
    field: prost_reflect::FieldDescriptor,
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.value;
        match self.field.kind() {
            Kind::Message(descriptor) if !self.field.is_map() => Whole {
                value,
                descriptor: &descriptor,
            }
            .serialize(serializer),
            _ => value.serialize(serializer),
        }
    }
}
