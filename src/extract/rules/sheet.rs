//! A layout with a class for every token: what the rules read.

use std::ops::Range;

use crate::domain::{BlockKind, Span};
use crate::extract::lexicon::cues::{Form, LEXICON};
use crate::text::{Layout, Quotation, TokenKind};

use super::words::{Class, mark_class, word_class};

/// The classes of a text's tokens, and its outermost quotations.
pub(super) struct Sheet<'a> {
    pub layout: &'a Layout<'a>,
    pub classes: Vec<Class>,
    /// Lower-case words; empty for tokens too long to be of any class.
    pub lower: Vec<String>,
    /// For each token the outermost quotation it stands in, marks included.
    pub quote_of: Vec<Option<usize>>,
    /// The outermost quotations, in text order.
    pub quotes: Vec<Quotation>,
}

/// Maximum length of a word, in bytes, that the lists know.
const MAX_WORD: usize = 24;

impl<'a> Sheet<'a> {
    pub fn new(layout: &'a Layout<'a>) -> Self {
        let quotes: Vec<Quotation> = layout
            .quotations
            .iter()
            .filter(|quotation| quotation.depth == 0)
            .copied()
            .collect();
        let quote_of = quotes_of_tokens(layout, &quotes);
        let mut sheet = Self {
            layout,
            classes: Vec::new(),
            lower: Vec::new(),
            quote_of,
            quotes,
        };
        for sentence in &layout.sentences {
            for token in sentence.tokens.clone() {
                let word = layout.word(token);
                sheet.lower.push(if word.len() > MAX_WORD {
                    String::new()
                } else {
                    word.to_lowercase()
                });
                let class = sheet.classify(token, token == sentence.tokens.start);
                sheet.classes.push(class);
            }
        }
        sheet
    }

    fn classify(&self, token: usize, first: bool) -> Class {
        let word = self.layout.word(token);
        let lower = &self.lower[token];
        if self.quote_of[token].is_some() {
            return Class::Quoted;
        }
        match self.layout.tokens[token].kind {
            TokenKind::Number => Class::Number,
            TokenKind::Mark => mark_class(word, self.is_tight(token)),
            TokenKind::Word => word_class(lower, word.starts_with(char::is_uppercase), first),
        }
    }

    fn is_tight(&self, token: usize) -> bool {
        let tokens = &self.layout.tokens;
        let before = token
            .checked_sub(1)
            .is_some_and(|before| tokens[before].span.end == tokens[token].span.start);
        before
            && tokens
                .get(token + 1)
                .is_some_and(|after| after.span.start == tokens[token].span.end)
    }

    /// The class of a token, [`Class::Other`] outside `range`.
    pub fn class_in(&self, range: &Range<usize>, token: usize) -> Class {
        if range.contains(&token) {
            self.classes[token]
        } else {
            Class::Other
        }
    }

    /// The lower-case word of a token, empty outside `range`.
    pub fn word_in(&self, range: &Range<usize>, token: usize) -> &str {
        if range.contains(&token) {
            &self.lower[token]
        } else {
            ""
        }
    }

    /// The bytes from the first token to the last, which must not be empty.
    pub fn span(&self, tokens: Range<usize>) -> Span {
        let all = &self.layout.tokens;
        Span::new(all[tokens.start].span.start, all[tokens.end - 1].span.end)
    }

    /// The readings of a token as a cue, longest phrase first, with the number of tokens each takes.
    pub fn readings(&self, token: usize, end: usize) -> impl Iterator<Item = (Form, usize)> {
        let word = if self.classes[token] == Class::Quoted {
            ""
        } else {
            self.lower[token].as_str()
        };
        LEXICON.readings(word).iter().filter_map(move |form| {
            let particles = &LEXICON.entry(*form).particles;
            let follow = &self.lower[(token + 1).min(end)..end.min(token + 1 + particles.len())];
            (follow.len() == particles.len()
                && follow
                    .iter()
                    .zip(particles)
                    .all(|(word, wanted)| word == wanted))
            .then_some((*form, 1 + particles.len()))
        })
    }

    /// True for running text, where claims are looked for; headlines included.
    pub fn is_readable(&self, sentence: usize) -> bool {
        let kind = self.layout.blocks[self.layout.sentences[sentence].block].kind;
        !matches!(kind, BlockKind::Byline | BlockKind::Dateline)
    }
}

fn quotes_of_tokens(layout: &Layout<'_>, quotes: &[Quotation]) -> Vec<Option<usize>> {
    let mut at = 0;
    let mut of = Vec::with_capacity(layout.tokens.len());
    for token in &layout.tokens {
        while at < quotes.len() && quotes[at].span.end <= token.span.start {
            at += 1;
        }
        of.push((at < quotes.len() && quotes[at].span.overlaps(token.span)).then_some(at));
    }
    of
}

#[cfg(test)]
mod tests {
    use super::{Class, Layout, Sheet};

    #[test]
    fn tokens_in_quotations_have_no_class_of_their_own() {
        let layout = Layout::new("She said “we left” twice.", None);
        let sheet = Sheet::new(&layout);
        assert_eq!(sheet.classes[..2], [Class::Pronoun, Class::Word]);
        assert_eq!(sheet.classes[2..6], [Class::Quoted; 4]);
        assert_eq!(sheet.classes[6..], [Class::Adverb, Class::Stop]);
        assert!(!sheet.classes.contains(&Class::Name));
        assert_eq!(sheet.readings(1, 8).count(), 1);
        assert_eq!(sheet.readings(3, 8).count(), 0);
    }
}
