//! The words around an event, as far as they may be looked at.

use crate::domain::Span;
use crate::text::Layout;

/// How many words before the event are looked at.
const BEFORE: usize = 40;
/// How many words after it.
const BEHIND: usize = 12;
/// The longest word that is looked at, in bytes.
const LONGEST: usize = 32;

/// The words around an event, in lower case, all of its sentence.
#[derive(Debug)]
pub(in crate::extract::semantics) struct Clause {
    pub words: Vec<String>,
    /// The event's place among the words.
    pub event: usize,
    /// The token that the first word is.
    pub first: usize,
    /// True if the sentence asks.
    pub asks: bool,
}

impl Clause {
    /// The surroundings of `event` within `bounds`; none if no word stands there.
    pub fn around(layout: &Layout<'_>, event: Span, bounds: Span) -> Option<Self> {
        let at = token_of(layout, event)?;
        let sentence = layout
            .sentences
            .get(layout.sentences.partition_point(|s| s.tokens.end <= at))?;
        let within = layout.token_from(bounds.start)..layout.token_from(bounds.end);
        let start = sentence
            .tokens
            .start
            .max(within.start)
            .max(at.saturating_sub(BEFORE))
            .min(at);
        let end = sentence
            .tokens
            .end
            .min(within.end)
            .min(at + BEHIND)
            .max(at + 1);
        let words = (start..end).map(|token| lower_case(layout.word(token)));
        Some(Self {
            words: words.collect(),
            event: at - start,
            first: start,
            asks: asks(layout, sentence.tokens.end.min(within.end).max(at + 1)),
        })
    }

    /// A word in lower case; nothing beyond the ends.
    pub fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }
}

/// A word in lower case; nothing for words longer than any that is known here.
fn lower_case(word: &str) -> String {
    if word.len() <= LONGEST {
        word.to_lowercase()
    } else {
        String::new()
    }
}

/// True if a question mark stands before the token `end`, perhaps within quotation marks.
fn asks(layout: &Layout<'_>, end: usize) -> bool {
    (end.saturating_sub(3)..end)
        .rev()
        .map(|token| layout.word(token))
        .find(|word| !matches!(*word, "\"" | "”" | "'" | "’" | "''" | ")"))
        .is_some_and(|word| word.starts_with('?'))
}

/// The first token that overlaps `span`.
fn token_of(layout: &Layout<'_>, span: Span) -> Option<usize> {
    let at = layout
        .tokens
        .partition_point(|token| token.span.end <= span.start);
    let token = layout.tokens.get(at)?;
    token.span.overlaps(span).then_some(at)
}
