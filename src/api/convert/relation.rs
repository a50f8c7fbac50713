//! Encoding relations between claims as messages.

use super::span::SpanWriter;
use crate::api::wire::names::{Named, local};
use crate::domain::{ClaimId, Extraction, Relation, RelationKind, StoredRelation};
use crate::matching::{ContradictionReason, PairRelation};
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

/// Encodes the relation of the claim `from` to `to`, a claim of another article.
#[must_use]
pub fn compared(from: ClaimId, to: ClaimId, pair: PairRelation, near: f32) -> proto::ClaimRelation {
    let (relation, _) = numbers(pair);
    proto::ClaimRelation {
        from: from.resource_name(),
        to: to.resource_name(),
        r#type: relation.into(),
        evidence: reason(pair).to_owned(),
        confidence: near,
        evidence_spans: Vec::new(),
    }
}

/// The schema's enum values for the relation of two claims.
#[must_use]
pub const fn numbers(pair: PairRelation) -> (proto::Relation, proto::ContradictionReason) {
    use proto::ContradictionReason as Reason;
    let reason = match pair {
        PairRelation::Repeats => return (proto::Relation::Repeats, Reason::Unspecified),
        PairRelation::Contradicts(ContradictionReason::OppositePolarity) => {
            Reason::OppositePolarity
        }
        PairRelation::Contradicts(ContradictionReason::Antonym) => Reason::Antonym,
        PairRelation::Contradicts(ContradictionReason::OtherNumber) => Reason::OtherNumber,
        PairRelation::Contradicts(ContradictionReason::OtherDate) => Reason::OtherDate,
        PairRelation::Contradicts(ContradictionReason::OtherName) => Reason::OtherName,
        PairRelation::Contradicts(ContradictionReason::Roles) => Reason::Roles,
        PairRelation::Contradicts(ContradictionReason::Whole) => Reason::Whole,
    };
    (proto::Relation::Contradicts, reason)
}

const fn reason(pair: PairRelation) -> &'static str {
    match pair {
        PairRelation::Repeats => "Both articles report that the same was said.",
        PairRelation::Contradicts(ContradictionReason::OppositePolarity) => {
            "One negates what the other says."
        }
        PairRelation::Contradicts(ContradictionReason::Antonym) => "They take opposite sides.",
        PairRelation::Contradicts(ContradictionReason::OtherNumber) => {
            "They count the same thing differently."
        }
        PairRelation::Contradicts(ContradictionReason::OtherDate) => {
            "They put the same thing at another time."
        }
        PairRelation::Contradicts(ContradictionReason::OtherName) => "They name others.",
        PairRelation::Contradicts(ContradictionReason::Roles) => {
            "The same words, but another does it to another."
        }
        PairRelation::Contradicts(ContradictionReason::Whole) => "Both cannot be true.",
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
