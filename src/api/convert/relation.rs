//! Relations between claims as messages.

use super::span::SpanWriter;
use crate::api::names::local;
use crate::domain::{ClaimId, Extraction, Relation, RelationKind};
use crate::proto;

/// What stands between the pieces of evidence.
const GAP: &str = " … ";

/// A relation between two claims of an extraction of `text` as a message, all names local.
#[must_use]
pub fn extracted(
    extraction: &Extraction,
    relation: &Relation,
    text: &str,
    writer: &SpanWriter<'_>,
) -> proto::ClaimRelation {
    proto::ClaimRelation {
        from: local::<ClaimId>(relation.from),
        to: local::<ClaimId>(relation.to),
        r#type: proto::Relation::from(relation.kind).into(),
        evidence: sentence(extraction, relation, text),
        confidence: relation.confidence,
        evidence_spans: writer.spans(text, &relation.evidence),
    }
}

/// What the relation was concluded from, for a person.
fn sentence(extraction: &Extraction, relation: &Relation, text: &str) -> String {
    let words: Vec<&str> = relation
        .evidence
        .iter()
        .map(|span| span.slice(text))
        .collect();
    let words = words.join(GAP);
    let who = extraction.claims[relation.to]
        .actor
        .map_or("the other", |actor| {
            extraction.actors[actor].display_name.as_str()
        });
    match relation.kind {
        RelationKind::Repeats => format!("{who} said the same before: “{words}”."),
        RelationKind::RespondsTo => format!("Marked as an answer to {who} by “{words}”."),
    }
}

impl From<RelationKind> for proto::Relation {
    fn from(kind: RelationKind) -> Self {
        match kind {
            RelationKind::Repeats => Self::Repeats,
            RelationKind::RespondsTo => Self::RespondsTo,
        }
    }
}
