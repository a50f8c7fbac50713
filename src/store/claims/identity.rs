use crate::domain::{Attributed, Claim, Passage, Span};

/// What identifies a claim across extractions: the spans of source, cue and content.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::store) struct Identity([Vec<Span>; 3]);

impl Identity {
    /// The identity of a stored claim.
    pub fn of_stored(claim: &Claim) -> Self {
        let spans = |passages: &[Passage]| passages.iter().map(|passage| passage.span).collect();
        Self([&claim.source, &claim.cue, &claim.content].map(|passages| spans(passages)))
    }

    /// The identity of an extracted claim.
    pub fn of_read(claim: &Attributed) -> Self {
        Self([
            claim
                .source
                .as_ref()
                .map_or_else(Vec::new, |s| s.spans.clone()),
            claim
                .cue
                .as_ref()
                .map_or_else(Vec::new, |c| c.spans.clone()),
            claim.content.clone(),
        ])
    }

    /// The start of the claim in the text and, to break ties, its content: the order of an extraction.
    pub fn position(&self) -> (Option<usize>, Option<Span>) {
        let first = self.0.iter().flatten().map(|span| span.start).min();
        (first, self.0[2].first().copied())
    }
}
