//! The words time expressions are read from: finer than tokens, in lower case.

use crate::domain::Span;
use crate::text::Layout;

/// Longer tokens are never part of a time.
const MAX_BYTES: usize = 32;

/// A run of digits, a run of letters, or a mark: "3pm" is two words, "Dec31" as well.
#[derive(Debug)]
pub(super) struct Word {
    /// Where it stands.
    pub(super) span: Span,
    /// Lower case; a word of letters has lost its full stops: "p.m." reads "pm".
    pub(super) text: String,
    /// The value of up to four digits.
    pub(super) number: Option<u32>,
    /// True if nothing stands between it and the word before.
    pub(super) glued: bool,
    /// True if it begins with a capital letter.
    pub(super) capital: bool,
}

/// The words of the tokens from `first` up to `last`.
pub(super) fn words(layout: &Layout<'_>, tokens: std::ops::Range<usize>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    for token in &layout.tokens[tokens] {
        let text = token.span.slice(layout.text);
        let mut start = 0;
        if text.len() <= MAX_BYTES {
            for ((at, last), first) in text.char_indices().zip(text.chars().skip(1)) {
                let next = at + last.len_utf8();
                if last.is_ascii_digit() != first.is_ascii_digit()
                    && (last.is_alphabetic() || first.is_alphabetic())
                {
                    push(&mut words, layout.text, token.span.start, start..next);
                    start = next;
                }
            }
        }
        push(&mut words, layout.text, token.span.start, start..text.len());
    }
    words
}

fn push(words: &mut Vec<Word>, text: &str, offset: usize, piece: std::ops::Range<usize>) {
    let span = Span::new(offset + piece.start, offset + piece.end);
    let written = span.slice(text);
    let first = written.chars().next();
    let lower = if written.len() > MAX_BYTES {
        String::new()
    } else {
        lower_case(written, first.is_some_and(char::is_alphabetic))
    };
    let number = (lower.len() <= 4 && lower.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| lower.parse().ok())
        .flatten();
    words.push(Word {
        span,
        number,
        glued: words.last().is_some_and(|last| last.span.end == span.start),
        capital: first.is_some_and(char::is_uppercase),
        text: lower,
    });
}

fn lower_case(written: &str, of_letters: bool) -> String {
    let kept = written.chars().filter(|c| !(of_letters && *c == '.'));
    let lower = kept.flat_map(char::to_lowercase);
    lower.map(|c| if c == '’' { '\'' } else { c }).collect()
}
