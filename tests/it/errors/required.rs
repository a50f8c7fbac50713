//! What the schema says of fields by `google.api.field_behavior`: the same as its comments, and as the server does.

use std::collections::BTreeSet;

use onrecord::proto::ErrorReason::RequiredFieldMissing;
use onrecord::proto::FILE_DESCRIPTOR_SET;
use prost_reflect::{DescriptorPool, FieldDescriptor, MessageDescriptor, Value};

use crate::harness::{Fault, TestServer};
use crate::security::calls::call;

/// `google.api.FieldBehavior`.
const REQUIRED: i32 = 2;
const OUTPUT_ONLY: i32 = 3;

fn schema() -> DescriptorPool {
    DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the schema")
}

fn has_behavior(schema: &DescriptorPool, field: &FieldDescriptor, behavior: i32) -> bool {
    let extension = schema
        .get_extension_by_name("google.api.field_behavior")
        .expect("the schema imports it");
    let options = field.options();
    let value = options.get_extension(&extension);
    let behaviors = value.as_list().expect("a list");
    behaviors.contains(&Value::EnumNumber(behavior))
}

/// The names of the fields with this behaviour.
fn fields_with(schema: &DescriptorPool, of: &MessageDescriptor, behavior: i32) -> BTreeSet<String> {
    of.fields()
        .filter(|field| has_behavior(schema, field, behavior))
        .map(|field| field.name().to_owned())
        .collect()
}

/// The comment on a field.
fn comment_on(field: &FieldDescriptor) -> String {
    let file = field.parent_message().parent_file();
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    let locations = &info.expect("the comments").location;
    let found = locations
        .iter()
        .find(|location| location.path == field.path());
    found.map_or_else(String::new, |location| {
        location.leading_comments().trim_start().to_owned()
    })
}

/// The names of the fields whose comment begins with this word.
fn fields_said_to_be(of: &MessageDescriptor, word: &str) -> BTreeSet<String> {
    of.fields()
        .filter(|field| comment_on(field).starts_with(word))
        .map(|field| field.name().to_owned())
        .collect()
}

#[test]
fn behaviors_are_those_of_the_comments() {
    let schema = schema();
    let messages = schema.all_messages();
    let ours = messages.filter(|message| message.package_name() == "onrecord.v1");
    let mut required = 0;
    for message in ours {
        let said = fields_said_to_be(&message, "Required.");
        let marked = fields_with(&schema, &message, REQUIRED);
        assert_eq!(marked, said, "{}", message.full_name());
        required += said.len();
        let said = fields_said_to_be(&message, "Output only.");
        let marked = fields_with(&schema, &message, OUTPUT_ONLY);
        assert!(said.is_subset(&marked), "{}", message.full_name());
    }
    assert!(required > 40, "the comments are elsewhere");
}

#[test]
fn what_can_be_updated_is_no_output_only() {
    let schema = schema();
    for (resource, update) in [
        ("Article", "UpdateArticleRequest"),
        ("Actor", "UpdateActorRequest"),
        ("Claim", "ReviewClaimRequest"),
    ] {
        let message = |name: &str| schema.get_message_by_name(&format!("onrecord.v1.{name}"));
        let request = message(update).expect(update);
        let mask = request.get_field_by_name("update_mask").expect("a mask");
        let comment = comment_on(&mask);
        // The comment lists the fields up to the end of its first sentence about them.
        let (_, listed) = comment.split_once("to update:").expect("lists the fields");
        let listed: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
        let output_only = fields_with(&schema, &message(resource).expect(resource), OUTPUT_ONLY);
        assert!(listed.len() > 3, "{update}");
        for field in output_only {
            assert!(!listed.contains(&field.as_str()), "{resource}.{field}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn required_fields_are_required() {
    let server = TestServer::with(None).await;
    let channel = server.channel().await;
    let schema = schema();
    let services = schema.services();
    let methods: Vec<_> = services
        .filter(|service| service.full_name().starts_with("onrecord.v1."))
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .filter(|method| !method.is_client_streaming())
        .collect();
    assert!(methods.len() > 25, "the RPCs are elsewhere");
    for method in methods {
        let required = fields_with(&schema, &method.input(), REQUIRED);
        if required.is_empty() {
            continue;
        }
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        let refusal = call(&channel, &path, &[]).await.expect_err(&path);
        let fault = Fault::of(&refusal);
        assert_eq!(fault.reason, RequiredFieldMissing, "{path}");
        // Of a message that is missing, what it needs inside may be named, and the name of a `oneof` that is empty.
        let top_level = |path: &String| path.split('.').next().map(str::to_owned);
        let named: BTreeSet<String> = fault.fields.iter().filter_map(top_level).collect();
        assert!(required.is_subset(&named), "{path}: {fault:?}");
    }
}
