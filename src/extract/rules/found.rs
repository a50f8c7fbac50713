//! What the rules have found so far.

use std::ops::Range;

use crate::domain::Span;
use crate::extract::attribution::bare::BareAttribution;

use super::construct::Construct;
use super::sheet::Sheet;

/// The attributions found.
pub(super) struct Found<'s, 'a> {
    pub sheet: &'s Sheet<'a>,
    pub attributions: Vec<BareAttribution>,
}

impl<'s, 'a> Found<'s, 'a> {
    pub fn new(sheet: &'s Sheet<'a>) -> Self {
        Self {
            sheet,
            attributions: Vec::new(),
        }
    }

    /// Adds an attribution of a source and a cue, given by their tokens.
    pub fn add(
        &mut self,
        source: Option<Range<usize>>,
        cue: Range<usize>,
        content: Vec<Span>,
        construct: Construct,
    ) {
        let content: Vec<Span> = content
            .into_iter()
            .filter(|span| !span.is_empty())
            .collect();
        if content.is_empty() {
            return;
        }
        self.attributions.push(BareAttribution {
            source: source
                .map(|tokens| self.sheet.span(tokens))
                .into_iter()
                .collect(),
            cue: vec![self.sheet.span(cue)],
            content,
            confidence: construct.confidence(),
            parts: None,
        });
    }

    /// The bytes of tokens, widened so that no quotation that begins in them is cut.
    pub fn whole(&self, tokens: Range<usize>) -> Span {
        let mut span = self.sheet.span(tokens.clone());
        if let Some(quote) = self.sheet.quote_of[tokens.end - 1] {
            span.end = span.end.max(self.sheet.quotes[quote].span.end);
        }
        span
    }
}
