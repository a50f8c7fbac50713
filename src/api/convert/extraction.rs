//! Encoding extractions as messages.

use super::article::blocks;
use super::span::SpanWriter;
use super::time::time_expression;
use super::{actor, claim, engine, relation};
use crate::api::wire::names::local;
use crate::domain::{ActorId, Diagnostic, Extraction, Mention};
use crate::proto;
use crate::text::TextEncoding;

/// Encodes an extraction of `text`, using local names throughout.
#[must_use]
pub fn response(
    extraction: &Extraction,
    text: &str,
    encoding: TextEncoding,
) -> proto::ExtractClaimsResponse {
    let writer = SpanWriter::new(text, encoding);
    let claims = (0..extraction.claims.len())
        .map(|index| claim::extracted(extraction, index, text, &writer))
        .collect();
    let actors = extraction.actors.iter().enumerate();
    proto::ExtractClaimsResponse {
        claims,
        actors: actors
            .map(|(index, local)| actor::extracted(local, index))
            .collect(),
        mentions: extraction
            .mentions
            .iter()
            .map(|m| mention(m, text, &writer))
            .collect(),
        times: extraction
            .times
            .iter()
            .map(|time| time_expression(writer.span(text, time.span), time))
            .collect(),
        blocks: blocks(&extraction.blocks, text, &writer),
        engine: Some(engine(&extraction.engine)),
        diagnostics: extraction
            .diagnostics
            .iter()
            .map(|d| diagnostic(d, text, &writer))
            .collect(),
        relations: extraction
            .relations
            .iter()
            .map(|one| relation::extracted(extraction, one, text, &writer))
            .collect(),
    }
}

fn mention(mention: &Mention, text: &str, writer: &SpanWriter<'_>) -> proto::Mention {
    proto::Mention {
        span: Some(writer.span(text, mention.span)),
        form: proto::MentionForm::from(mention.form).into(),
        actor: mention.actor.map(local::<ActorId>).unwrap_or_default(),
        candidates: mention
            .candidates
            .iter()
            .map(|(actor, score)| proto::MentionCandidate {
                actor: local::<ActorId>(*actor),
                score: *score,
            })
            .collect(),
        confidence: mention.confidence,
    }
}

fn diagnostic(diagnostic: &Diagnostic, text: &str, writer: &SpanWriter<'_>) -> proto::Diagnostic {
    proto::Diagnostic {
        code: proto::DiagnosticCode::from(diagnostic.code).into(),
        message: diagnostic.message.clone(),
        span: diagnostic.span.map(|span| writer.span(text, span)),
    }
}
