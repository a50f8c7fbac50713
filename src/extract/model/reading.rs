//! An attribution as the model reads it.

use crate::domain::Span;

use super::heads::calibration::RawOdds;

/// An attribution, and how sure the model is of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The source's words; none where the text has none.
    pub source: Vec<Span>,
    /// The cue's words: at least one span.
    pub cue: Vec<Span>,
    /// The content; none where the cue's paragraph has none.
    pub content: Vec<Span>,
    /// Log odds as they come out of the model, not calibrated.
    pub odds: RawOdds,
}

impl Reading {
    /// An attribution that the layout says outright.
    pub(super) fn as_printed(source: Span, cue: Span, content: Span) -> Self {
        Self {
            source: vec![source],
            cue: vec![cue],
            content: vec![content],
            odds: RawOdds::AS_PRINTED,
        }
    }

    /// The words of the first source and the first content, for tests.
    #[cfg(test)]
    pub(super) fn words<'t>(&self, text: &'t str) -> (&'t str, &'t str) {
        (self.source[0].slice(text), self.content[0].slice(text))
    }
}
