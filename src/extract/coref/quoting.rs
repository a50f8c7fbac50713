//! Who speaks where: "I" inside a quotation is its speaker.

use crate::domain::Span;
use crate::extract::attribution::bare::BareAttribution;
use crate::extract::attribution::quote_type::quoted_spans;
use crate::text::Layout;

/// The quotations of a text, and the attributions they belong to.
pub(super) struct Quoting {
    spans: Vec<Span>,
    /// For each quotation the first attribution whose content it is and whose source stands outside it.
    attributions: Vec<Option<usize>>,
}

impl Quoting {
    pub fn new(layout: &Layout<'_>, attributions: &[BareAttribution]) -> Self {
        let spans = quoted_spans(layout);
        let mut owners = vec![None; spans.len()];
        for (index, attribution) in attributions.iter().enumerate() {
            for content in &attribution.content {
                let first = spans.partition_point(|span| span.end <= content.start);
                let inside = spans[first..]
                    .iter()
                    .take_while(|quotation| quotation.start < content.end);
                for (at, quotation) in inside.enumerate() {
                    if is_content(*quotation, *content, attribution) {
                        owners[first + at].get_or_insert(index);
                    }
                }
            }
        }
        Self {
            spans,
            attributions: owners,
        }
    }

    /// The outermost quotation around a place.
    pub fn quotation_at(&self, at: usize) -> Option<usize> {
        let next = self.spans.partition_point(|span| span.end <= at);
        self.spans
            .get(next)
            .filter(|span| span.start <= at)
            .map(|_| next)
    }

    /// The attribution whose content a quotation is.
    pub fn attribution_of(&self, quotation: usize) -> Option<usize> {
        self.attributions[quotation]
    }
}

/// True if a quotation and a content are about the same words, and the source is not one of them.
fn is_content(quotation: Span, content: Span, attribution: &BareAttribution) -> bool {
    let shared = quotation
        .end
        .min(content.end)
        .saturating_sub(quotation.start.max(content.start));
    let outside = attribution
        .source
        .first()
        .is_some_and(|source| !quotation.contains(*source));
    outside && 2 * shared >= quotation.len().min(content.len())
}
