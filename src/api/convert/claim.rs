//! Encoding claims as messages.

use super::enums::number;
use super::fact_check::of_claim;
use super::span::SpanWriter;
use super::time::{time_expression, timestamp};
use super::{engine, etag};
use crate::api::wire::names::{Named, local};
use crate::domain::{
    ActorId, Attributed, Claim, ClaimId, Commitment, Extraction, NamedTime, PartConfidence,
    Passage, TimeExpression,
};
use crate::proto;

/// Separator between the pieces of words that are discontinuous.
const GAP: &str = " … ";

/// Encodes a stored claim.
#[must_use]
pub fn stored(claim: &Claim, writer: &SpanWriter<'_>) -> proto::Claim {
    proto::Claim {
        name: claim.id.resource_name(),
        article: claim.article.resource_name(),
        actor: claim.actor.map(|id| id.resource_name()).unwrap_or_default(),
        actor_display_name: claim.actor_name.clone().unwrap_or_default(),
        source: source(
            passages(&claim.source, writer),
            number_of_class(claim.source_class),
        ),
        cue: cue(passages(&claim.cue, writer), claim.cue_lemma.as_deref()),
        content: Some(content(passages(&claim.content, writer))),
        quote_type: proto::QuoteType::from(claim.quote_type).into(),
        kind: number::<_, proto::ClaimKind>(claim.kind),
        reporter_stance: number::<_, proto::ReporterStance>(claim.reporter_stance),
        certainty: certainty(claim.commitment),
        polarity: polarity(claim.commitment),
        factuality: claim.commitment.map(Commitment::factuality),
        utterance_time: claim
            .utterance_time
            .as_ref()
            .map(|named| named_time(named, writer)),
        referenced_times: claim
            .referenced_times
            .iter()
            .map(|named| named_time(named, writer))
            .collect(),
        confidence: claim.confidence,
        part_confidence: part_confidence(claim.part_confidence, claim.actor_confidence),
        check_worthiness: claim.check_worthiness,
        addressees: claim
            .addressees
            .iter()
            .map(|one| {
                addressee(
                    writer.passage(&one.passage),
                    one.actor.map(|id| id.resource_name()),
                )
            })
            .collect(),
        about_actors: claim.about.iter().map(Named::resource_name).collect(),
        proposition: claim
            .proposition
            .map(|id| id.resource_name())
            .unwrap_or_default(),
        parent_claim: claim
            .parent
            .map(|id| id.resource_name())
            .unwrap_or_default(),
        engine: Some(engine(&claim.engine)),
        review_state: proto::ReviewState::from(claim.review_state).into(),
        create_time: Some(timestamp(claim.create_time)),
        etag: etag(claim.row_version),
        traces: Vec::new(),
        fact_checks: claim.fact_checks.iter().map(of_claim).collect(),
        article_summary: None,
        actor_summary: None,
        context: None,
    }
}

/// Reduces a claim's message to the fields of the basic view.
#[must_use]
pub fn basic(claim: proto::Claim) -> proto::Claim {
    proto::Claim {
        addressees: Vec::new(),
        utterance_time: None,
        referenced_times: Vec::new(),
        about_actors: Vec::new(),
        check_worthiness: None,
        part_confidence: None,
        engine: None,
        fact_checks: Vec::new(),
        ..claim
    }
}

/// Encodes the `index`th claim of an extraction under a local name.
#[must_use]
pub fn extracted(
    extraction: &Extraction,
    index: usize,
    text: &str,
    writer: &SpanWriter<'_>,
) -> proto::Claim {
    let claim: &Attributed = &extraction.claims[index];
    let source_spans = claim
        .source
        .as_ref()
        .map_or_else(Vec::new, |s| writer.spans(text, &s.spans));
    let cue_spans = claim
        .cue
        .as_ref()
        .map_or_else(Vec::new, |c| writer.spans(text, &c.spans));
    let class = claim.source.as_ref().map(|source| source.class);
    let actor = claim.actor.map(|actor| &extraction.actors[actor]);
    let time = |index: usize| {
        let time: &TimeExpression = &extraction.times[index];
        time_expression(writer.span(text, time.span), time)
    };
    proto::Claim {
        name: local::<ClaimId>(index),
        actor: claim.actor.map(local::<ActorId>).unwrap_or_default(),
        actor_display_name: actor
            .map(|actor| actor.display_name.clone())
            .unwrap_or_default(),
        source: source(source_spans, number_of_class(class)),
        cue: cue(cue_spans, claim.cue.as_ref().map(|cue| cue.lemma.as_str())),
        content: Some(content(writer.spans(text, &claim.content))),
        quote_type: proto::QuoteType::from(claim.quote_type).into(),
        kind: number::<_, proto::ClaimKind>(claim.kind),
        reporter_stance: number::<_, proto::ReporterStance>(claim.reporter_stance),
        certainty: certainty(claim.commitment),
        polarity: polarity(claim.commitment),
        factuality: claim.commitment.map(Commitment::factuality),
        utterance_time: claim.utterance_time.map(time),
        referenced_times: claim.referenced_times.iter().copied().map(time).collect(),
        confidence: claim.confidence,
        part_confidence: part_confidence(claim.part_confidence, claim.actor_confidence),
        check_worthiness: claim.check_worthiness,
        addressees: claim
            .addressees
            .iter()
            .map(|one| addressee(writer.span(text, one.span), one.actor.map(local::<ActorId>)))
            .collect(),
        about_actors: claim
            .about
            .iter()
            .map(|actor| local::<ActorId>(*actor))
            .collect(),
        parent_claim: claim.parent.map(local::<ClaimId>).unwrap_or_default(),
        engine: Some(engine(&extraction.engine)),
        traces: claim
            .traces
            .iter()
            .map(|trace| proto::DecisionTrace {
                field: trace.decision.to_string(),
                rule: trace.rule.to_string(),
                evidence: writer.spans(text, &trace.evidence),
            })
            .collect(),
        ..proto::Claim::default()
    }
}

fn addressee(span: proto::Span, actor: Option<String>) -> proto::Addressee {
    proto::Addressee {
        text: span.text.clone(),
        spans: vec![span],
        actor: actor.unwrap_or_default(),
    }
}

fn certainty(commitment: Option<Commitment>) -> i32 {
    number::<_, proto::Certainty>(commitment.map(|commitment| commitment.certainty))
}

fn polarity(commitment: Option<Commitment>) -> i32 {
    number::<_, proto::Polarity>(commitment.map(|commitment| commitment.polarity))
}

fn named_time(named: &NamedTime, writer: &SpanWriter<'_>) -> proto::TimeExpression {
    let passage = Passage {
        span: named.time.span,
        text: named.text.clone(),
    };
    time_expression(writer.passage(&passage), &named.time)
}

/// A part that the engine did not score has confidence 0, as the schema says.
fn part_confidence(
    parts: Option<PartConfidence>,
    actor: Option<f32>,
) -> Option<proto::PartConfidence> {
    if parts.is_none() && actor.is_none() {
        return None;
    }
    Some(proto::PartConfidence {
        source: parts.map_or(0.0, |parts| parts.source),
        cue: parts.map_or(0.0, |parts| parts.cue),
        content: parts.map_or(0.0, |parts| parts.content),
        actor,
    })
}

fn number_of_class(class: Option<crate::domain::SourceClass>) -> i32 {
    number::<_, proto::SourceClass>(class)
}

fn passages(passages: &[Passage], writer: &SpanWriter<'_>) -> Vec<proto::Span> {
    passages
        .iter()
        .map(|passage| writer.passage(passage))
        .collect()
}

fn source(spans: Vec<proto::Span>, source_class: i32) -> Option<proto::Source> {
    (!spans.is_empty()).then(|| proto::Source {
        text: joined(&spans),
        spans,
        source_class,
    })
}

fn cue(spans: Vec<proto::Span>, lemma: Option<&str>) -> Option<proto::Cue> {
    (!spans.is_empty()).then(|| proto::Cue {
        text: joined(&spans),
        spans,
        lemma: lemma.unwrap_or_default().to_owned(),
    })
}

fn content(spans: Vec<proto::Span>) -> proto::Content {
    proto::Content {
        text: joined(&spans),
        spans,
    }
}

fn joined(spans: &[proto::Span]) -> String {
    let words: Vec<&str> = spans.iter().map(|span| span.text.as_str()).collect();
    words.join(GAP)
}

#[cfg(test)]
mod tests {
    use super::{PartConfidence, part_confidence, proto};

    #[test]
    fn the_actor_is_judged_with_and_without_the_words() {
        let words = PartConfidence {
            source: 0.5,
            cue: 0.25,
            content: 0.75,
        };
        let of_words = proto::PartConfidence {
            source: 0.5,
            cue: 0.25,
            content: 0.75,
            actor: None,
        };
        let of_both = proto::PartConfidence {
            actor: Some(0.125),
            ..of_words
        };
        let of_actor = proto::PartConfidence {
            actor: Some(0.125),
            ..proto::PartConfidence::default()
        };
        assert_eq!(part_confidence(Some(words), Some(0.125)), Some(of_both));
        assert_eq!(part_confidence(Some(words), None), Some(of_words));
        assert_eq!(part_confidence(None, Some(0.125)), Some(of_actor));
        assert_eq!(part_confidence(None, None), None);
    }
}
