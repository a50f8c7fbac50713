//! The layout of a text.

use std::ops::Range;

use crate::domain::{Block, Span};

use super::quotes::Quotation;
use super::tokens::Token;
use super::{blocks, quotes, sentences, tokens};

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands, without surrounding white space.
    pub span: Span,
    /// The block it stands in: an index into [`Layout::blocks`].
    pub block: usize,
    /// Its tokens: indices into [`Layout::tokens`].
    pub tokens: Range<usize>,
}

/// The layout of one text.
#[derive(Debug, Clone)]
pub struct Layout<'t> {
    /// The text all spans point into.
    pub text: &'t str,
    /// In text order, not overlapping.
    pub blocks: Vec<Block>,
    /// In text order, not overlapping, each inside its block.
    pub sentences: Vec<Sentence>,
    /// In text order, not overlapping, each inside a sentence.
    pub tokens: Vec<Token>,
    /// Ordered by where they begin; the deeper ones lie inside others.
    pub quotations: Vec<Quotation>,
}

impl<'t> Layout<'t> {
    /// Reads the layout of `text`. `title` is the headline, where the caller knows it; the text may repeat it.
    #[must_use]
    pub fn new(text: &'t str, title: Option<&str>) -> Self {
        let blocks = blocks::blocks(text, title);
        let mut sentences = Vec::new();
        let mut tokens = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            for span in sentences::sentences(text, block.span) {
                let first = tokens.len();
                tokens::tokens(text, span, &mut tokens);
                sentences.push(Sentence {
                    span,
                    block: index,
                    tokens: first..tokens.len(),
                });
            }
        }
        let quotations = quotes::quotations(text, &blocks);
        Self {
            text,
            blocks,
            sentences,
            tokens,
            quotations,
        }
    }

    /// The words of a token.
    #[must_use]
    pub fn word(&self, token: usize) -> &'t str {
        self.tokens[token].span.slice(self.text)
    }

    /// The index of the first token that begins at or after `byte_offset`.
    #[must_use]
    pub fn token_from(&self, byte_offset: usize) -> usize {
        self.tokens
            .partition_point(|token| token.span.start < byte_offset)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Layout, Span};

    fn assert_ordered(spans: &[Span], text: &str) {
        for span in spans {
            assert!(
                text.get(span.start..span.end)
                    .is_some_and(|slice| !slice.is_empty()),
                "{span:?}"
            );
        }
        for pair in spans.windows(2) {
            assert!(pair[0].end <= pair[1].start, "{pair:?}");
        }
    }

    fn check_invariants(text: &str) {
        let layout = Layout::new(text, None);
        let blocks: Vec<Span> = layout.blocks.iter().map(|block| block.span).collect();
        let sentences: Vec<Span> = layout
            .sentences
            .iter()
            .map(|sentence| sentence.span)
            .collect();
        let tokens: Vec<Span> = layout.tokens.iter().map(|token| token.span).collect();
        for spans in [&blocks, &sentences, &tokens] {
            assert_ordered(spans, text);
        }
        for sentence in &layout.sentences {
            assert!(blocks[sentence.block].contains(sentence.span));
            assert!(
                tokens[sentence.tokens.clone()]
                    .iter()
                    .all(|token| sentence.span.contains(*token))
            );
        }
        for quotation in &layout.quotations {
            assert!(quotation.span.contains(quotation.inner));
            assert!(blocks[quotation.block].contains(quotation.span));
        }
        let outer: Vec<Span> = layout
            .quotations
            .iter()
            .filter(|quotation| quotation.depth == 0)
            .map(|q| q.span)
            .collect();
        assert_ordered(&outer, text);
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        assert_eq!(
            tokens
                .iter()
                .map(|token| solid(token.slice(text)))
                .sum::<usize>(),
            solid(text)
        );
    }

    #[test]
    fn strange_texts_have_a_layout() {
        for text in [
            "",
            "\0",
            "\r",
            "\r\n\r\n",
            "\u{301}",
            "“",
            "”",
            "'",
            "''''",
            "א “ב” ג",
            "\u{2028}\u{2029}",
            "👩‍👩‍👧",
        ] {
            check_invariants(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_layout(text in "\\PC{0,200}") {
            check_invariants(&text);
        }

        #[test]
        fn any_mix_of_marks_has_a_layout(text in "([a-zA-Z ]{1,6}|[\"'“”‘’«».,!?\r\n\u{2028}\u{0} -]){0,60}") {
            check_invariants(&text);
        }
    }
}
