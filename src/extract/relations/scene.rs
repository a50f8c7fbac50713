//! Claims with the text around them.

use std::ops::Range;

use crate::domain::{Attributed, BlockKind, LocalActor, Mention, Span};
use crate::text::Layout;

use super::vocabulary::Vocabulary;

/// All that relations are read off.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub layout: &'a Layout<'a>,
    pub claims: &'a [Attributed],
    pub actors: &'a [LocalActor],
    pub mentions: &'a [Mention],
    pub vocabulary: &'a Vocabulary,
    /// The outermost quotations without their marks, in text order.
    quoted: Vec<Span>,
}

impl<'a> Scene<'a> {
    pub fn new(
        layout: &'a Layout<'a>,
        claims: &'a [Attributed],
        actors: &'a [LocalActor],
        mentions: &'a [Mention],
        vocabulary: &'a Vocabulary,
    ) -> Self {
        Self {
            layout,
            claims,
            actors,
            mentions,
            vocabulary,
            quoted: crate::extract::attribution::quote_type::quoted_spans(layout),
        }
    }

    /// The tokens that begin inside a span.
    pub fn tokens(&self, span: Span) -> Range<usize> {
        self.layout.token_from(span.start)..self.layout.token_from(span.end)
    }

    /// The bytes of a token.
    pub fn span(&self, token: usize) -> Span {
        self.layout.tokens[token].span
    }

    /// The sentence that a byte of the text belongs to, or the next one.
    pub fn sentence_at(&self, byte: usize) -> usize {
        let sentences = &self.layout.sentences;
        let at = sentences.partition_point(|sentence| sentence.span.end <= byte);
        at.min(sentences.len().saturating_sub(1))
    }

    /// True for the first word of a sentence or of a quotation, which has a capital anyway.
    pub fn begins_sentence(&self, token: usize) -> bool {
        let sentences = &self.layout.sentences;
        let at = sentences.partition_point(|sentence| sentence.tokens.end <= token);
        let before = token
            .checked_sub(1)
            .map_or("", |before| self.layout.word(before));
        sentences
            .get(at)
            .is_none_or(|sentence| sentence.tokens.start == token)
            || !before.contains(|c: char| c.is_alphanumeric() || c == ',')
    }

    /// True if a token stands in quotation marks.
    pub fn is_quoted(&self, token: usize) -> bool {
        let start = self.span(token).start;
        let at = self.quoted.partition_point(|quote| quote.end <= start);
        self.quoted
            .get(at)
            .is_some_and(|quote| quote.start <= start)
    }

    /// A token's word in lower case; nothing for words longer than any that is known here.
    pub fn lower(&self, token: usize) -> String {
        let word = self.layout.word(token);
        if word.len() > 24 {
            String::new()
        } else {
            word.to_lowercase()
        }
    }

    /// True if the word of a token is one of a list.
    pub fn is_one_of(&self, token: usize, list: &[&str]) -> bool {
        list.contains(&self.lower(token).as_str())
    }

    /// True if the sentence in which a claim begins opens with a word of a list.
    pub fn sentence_begins_with(&self, claim: usize, list: &[&str]) -> bool {
        let sentence = self.sentence_at(self.hull(claim).start);
        let first = self.layout.sentences[sentence].tokens.start;
        self.is_one_of(first, list)
    }

    /// From the first to the last word of a claim.
    pub fn hull(&self, claim: usize) -> Span {
        let claim = &self.claims[claim];
        let source = claim.source.iter().flat_map(|source| &source.spans);
        let cue = claim.cue.iter().flat_map(|cue| &cue.spans);
        let all = source.chain(cue).chain(&claim.content).copied();
        all.reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))
            .unwrap_or(Span::new(0, 0))
    }

    /// True if the claim `inner` stands inside `outer`, at any depth.
    pub fn is_inside(&self, inner: usize, outer: usize) -> bool {
        let up = |claim: &usize| self.claims[*claim].parent;
        std::iter::successors(up(&inner), up).any(|claim| claim == outer)
    }

    /// True if two contents have words in common, those in the same place.
    pub fn contents_overlap(&self, one: usize, other: usize) -> bool {
        let other = &self.claims[other].content;
        let mut one = self.claims[one].content.iter();
        one.any(|span| other.iter().any(|other| other.overlaps(*span)))
    }

    /// True if both sentences belong to one run of text: no headline and no line without words stands between.
    pub fn in_one_section(&self, earlier: usize, later: usize) -> bool {
        let block = |sentence: usize| self.layout.sentences[sentence].block;
        let (first, last) = (block(earlier), block(later));
        let parts = |at: usize| {
            let block = self.layout.blocks[at];
            matches!(block.kind, BlockKind::Title | BlockKind::Heading)
                || !block
                    .span
                    .slice(self.layout.text)
                    .contains(char::is_alphanumeric)
        };
        self.layout.blocks[first].kind != BlockKind::Title && !(first + 1..=last).any(parts)
    }
}
