use serde_json::{Value, json};
use tonic::Status;

use super::about::Row;
use super::claims::ClaimWriter;
use crate::domain::ActorKind;
use crate::store::ArticleHead;

/// Writes a JSON-LD 1.1 document: a graph of schema.org Claims (https://schema.org/Claim), each with its author,
/// text, date and the article in which it appears.
#[derive(Default)]
pub(super) struct JsonLd {
    begun: bool,
}

/// The context is inline, so nothing is fetched over the network: names without a colon are schema.org terms.
pub(super) const BEGIN: &str = r#"{"@context":{"@version":1.1,"@vocab":"https://schema.org/","datePublished":{"@type":"DateTime"},"dateCreated":{"@type":"DateTime"}},"@graph":["#;

/// What follows the last node.
pub(super) const END: &str = "\n]}\n";

impl ClaimWriter for JsonLd {
    fn begin(&mut self, text: &mut String) {
        text.push_str(BEGIN);
    }

    fn claim(&mut self, row: &Row<'_>, text: &mut String) -> Result<(), Status> {
        separate(&mut self.begun, text);
        text.push_str(&claim(row).to_string());
        Ok(())
    }

    fn end(&mut self, text: &mut String) {
        text.push_str(END);
    }
}

/// Writes what separates a node of the graph from the one before.
pub(super) fn separate(begun: &mut bool, text: &mut String) {
    text.push_str(if *begun { ",\n" } else { "\n" });
    *begun = true;
}

/// A claim as a node of the graph.
pub(super) fn claim(row: &Row<'_>) -> Value {
    let Row { claim, message, .. } = row;
    let content = message
        .content
        .as_ref()
        .map(|content| content.text.as_str());
    let about: Vec<Value> = claim
        .about
        .iter()
        .map(|id| json!({"@id": urn(id)}))
        .collect();
    object([
        ("@id", Some(urn(claim.id).into())),
        ("@type", Some("Claim".into())),
        ("identifier", Some(message.name.as_str().into())),
        ("text", content.map(Value::from)),
        ("author", author(row)),
        ("datePublished", publish_time(row.article)),
        ("dateCreated", Some(time(claim.create_time))),
        ("appearance", Some(appearance(row))),
        ("about", (!about.is_empty()).then_some(about.into())),
    ])
}

/// The claim's author: the actor or, if there is none, whoever the article's words refer to.
fn author(row: &Row<'_>) -> Option<Value> {
    let Some(actor) = row.claim.actor else {
        let words: Vec<&str> = row
            .claim
            .source
            .iter()
            .map(|source| source.text.as_str())
            .collect();
        return (!words.is_empty()).then(|| json!({"@type": "Thing", "name": words.join(" … ")}));
    };
    let kind = match row.actor.map(|actor| actor.kind) {
        Some(ActorKind::Person) => "Person",
        Some(ActorKind::Organization | ActorKind::Group) => "Organization",
        Some(ActorKind::Government) => "GovernmentOrganization",
        Some(ActorKind::Document) => "CreativeWork",
        Some(ActorKind::Unknown) | None => "Thing",
    };
    Some(object([
        ("@id", Some(urn(actor).into())),
        ("@type", Some(kind.into())),
        ("identifier", Some(row.message.actor.as_str().into())),
        ("name", row.claim.actor_name.as_deref().map(Value::from)),
    ]))
}

fn appearance(row: &Row<'_>) -> Value {
    let article = row.article;
    let publisher = article.publisher.as_deref();
    object([
        ("@id", Some(urn(article.id).into())),
        ("@type", Some("NewsArticle".into())),
        ("identifier", Some(row.message.article.as_str().into())),
        ("headline", article.title.as_deref().map(Value::from)),
        ("url", article.uri.as_deref().map(Value::from)),
        (
            "publisher",
            publisher.map(|name| json!({"@type": "Organization", "name": name})),
        ),
        ("datePublished", publish_time(article)),
    ])
}

fn publish_time(article: &ArticleHead) -> Option<Value> {
    article.publish_time.map(time)
}

/// A time as a schema.org DateTime.
pub(super) fn time(time: chrono::DateTime<chrono::Utc>) -> Value {
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
        .into()
}

/// Builds a URN from an id: resource names are relative, so two archives may share one, but ids are unique.
fn urn(id: impl std::fmt::Display) -> String {
    format!("urn:uuid:{id}")
}

/// A node with those of its properties that are known.
pub(super) fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(fields.collect())
}
