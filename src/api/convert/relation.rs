//! Encoding relations between claims as messages.

use super::span::SpanWriter;
use crate::api::wire::names::{Named, local};
use crate::domain::{ClaimId, Extraction, Relation, RelationKind, StoredRelation};
use crate::matching::{ContradictionReason, Standing};
use crate::proto;

/// Separator between pieces of evidence.
const GAP: &str = " … ";
/// Stands for a source without a name.
const THE_OTHER: &str = "the other";

/// Encodes a relation between two claims of an extraction of `text`, using local names throughout.
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
        evidence: sentence(
            relation.kind,
            who(extraction, relation),
            &words(relation, text),
        ),
        confidence: relation.confidence,
        evidence_spans: writer.spans(text, &relation.evidence),
    }
}

/// Encodes a stored relation between two claims of one article; `who` is the source of the claim that it points to.
#[must_use]
pub fn stored(
    relation: &StoredRelation,
    who: Option<&str>,
    writer: &SpanWriter<'_>,
) -> proto::ClaimRelation {
    let words: Vec<&str> = relation.evidence.iter().map(|one| &*one.text).collect();
    let spans = relation.evidence.iter();
    proto::ClaimRelation {
        from: relation.from.resource_name(),
        to: relation.to.resource_name(),
        r#type: proto::Relation::from(relation.kind).into(),
        evidence: sentence(relation.kind, who.unwrap_or(THE_OTHER), &words),
        confidence: relation.confidence,
        evidence_spans: spans.map(|passage| writer.passage(passage)).collect(),
    }
}

/// Encodes the standing of the claim `from` towards `to`, a claim of another article.
#[must_use]
pub fn compared(from: ClaimId, to: ClaimId, standing: Standing, near: f32) -> proto::ClaimRelation {
    let (relation, _) = numbers(standing);
    proto::ClaimRelation {
        from: from.resource_name(),
        to: to.resource_name(),
        r#type: relation.into(),
        evidence: reason(standing).to_owned(),
        confidence: near,
        evidence_spans: Vec::new(),
    }
}

/// The schema's enum values for a standing.
#[must_use]
pub const fn numbers(standing: Standing) -> (proto::Relation, proto::ContradictionReason) {
    use proto::ContradictionReason as Reason;
    let reason = match standing {
        Standing::Repeats => return (proto::Relation::Repeats, Reason::Unspecified),
        Standing::Contradicts(ContradictionReason::OppositePolarity) => Reason::OppositePolarity,
        Standing::Contradicts(ContradictionReason::Antonym) => Reason::Antonym,
        Standing::Contradicts(ContradictionReason::OtherNumber) => Reason::OtherNumber,
        Standing::Contradicts(ContradictionReason::OtherDate) => Reason::OtherDate,
        Standing::Contradicts(ContradictionReason::OtherName) => Reason::OtherName,
        Standing::Contradicts(ContradictionReason::Roles) => Reason::Roles,
        Standing::Contradicts(ContradictionReason::Whole) => Reason::Whole,
    };
    (proto::Relation::Contradicts, reason)
}

const fn reason(standing: Standing) -> &'static str {
    match standing {
        Standing::Repeats => "Both articles report that the same was said.",
        Standing::Contradicts(ContradictionReason::OppositePolarity) => {
            "One negates what the other says."
        }
        Standing::Contradicts(ContradictionReason::Antonym) => "They take opposite sides.",
        Standing::Contradicts(ContradictionReason::OtherNumber) => {
            "They count the same thing differently."
        }
        Standing::Contradicts(ContradictionReason::OtherDate) => {
            "They put the same thing at another time."
        }
        Standing::Contradicts(ContradictionReason::OtherName) => "They name others.",
        Standing::Contradicts(ContradictionReason::Roles) => {
            "The same words, but another does it to another."
        }
        Standing::Contradicts(ContradictionReason::Whole) => "Both cannot be true.",
    }
}

fn words<'t>(relation: &Relation, text: &'t str) -> Vec<&'t str> {
    let spans = relation.evidence.iter();
    spans.map(|span| span.slice(text)).collect()
}

/// The source of the claim that a relation points to.
fn who<'e>(extraction: &'e Extraction, relation: &Relation) -> &'e str {
    let actor = extraction.claims[relation.to].actor;
    actor.map_or(THE_OTHER, |actor| &extraction.actors[actor].display_name)
}

/// A human-readable explanation of why the relation was inferred.
fn sentence(kind: RelationKind, who: &str, words: &[&str]) -> String {
    let words = words.join(GAP);
    match kind {
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
