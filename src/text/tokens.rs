//! Tokens: words, numbers and marks.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::Span;

use super::abbreviations::{abbreviation, needs_number};

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Holds a letter.
    Word,
    /// Holds a digit and no letter.
    Number,
    /// Anything else: punctuation, symbols, emoji.
    Mark,
}

/// One token of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// Endings that are words of their own: "she's", "Lee's", "they'll".
const CLITICS: &[&str] = &[
    "'s", "’s", "'re", "’re", "'ve", "’ve", "'ll", "’ll", "'d", "’d", "'m", "’m",
];

/// Appends the tokens of `span` in text order, leaving white space out.
///
/// Word boundaries are those of Unicode Standard Annex #29; an abbreviation keeps its full stop, and an ending such as
/// the possessive 's becomes a token of its own.
pub(super) fn tokens(text: &str, span: Span, out: &mut Vec<Token>) {
    let first = out.len();
    for (at, piece) in span.slice(text).split_word_bound_indices() {
        let start = span.start + at;
        let piece_span = Span::new(start, start + piece.len());
        if piece == "." && joins_abbreviation(text, piece_span, &out[first..]) {
            if let Some(last) = out.last_mut() {
                last.span.end = piece_span.end;
            }
        } else if !piece.chars().all(char::is_whitespace) {
            push(text, piece_span, out);
        }
    }
}

fn joins_abbreviation(text: &str, stop: Span, before: &[Token]) -> bool {
    let Some(last) = before.last() else {
        return false;
    };
    let word = last.span.slice(text);
    last.span.end == stop.start
        && last.kind == TokenKind::Word
        && abbreviation(word).is_some()
        && (!needs_number(word) || next_is_digit(text, stop.end))
}

fn next_is_digit(text: &str, at: usize) -> bool {
    text[at..]
        .chars()
        .find(|c| !c.is_whitespace())
        .is_some_and(|c| c.is_ascii_digit())
}

fn push(text: &str, span: Span, out: &mut Vec<Token>) {
    let word = span.slice(text);
    let kind = kind_of(word);
    let clitic = CLITICS
        .iter()
        .find(|clitic| word.len() > clitic.len() && ends_with_ignoring_case(word, clitic));
    match clitic {
        Some(clitic) if kind == TokenKind::Word => {
            let cut = span.end - clitic.len();
            out.push(Token {
                span: Span::new(span.start, cut),
                kind: kind_of(&text[span.start..cut]),
            });
            out.push(Token {
                span: Span::new(cut, span.end),
                kind,
            });
        }
        _ => out.push(Token { span, kind }),
    }
}

fn ends_with_ignoring_case(word: &str, ending: &str) -> bool {
    let at = word.len() - ending.len();
    word.is_char_boundary(at) && word[at..].eq_ignore_ascii_case(ending)
}

fn kind_of(word: &str) -> TokenKind {
    let mut kind = TokenKind::Mark;
    for c in word.chars() {
        if c.is_alphabetic() {
            return TokenKind::Word;
        }
        if c.is_numeric() {
            kind = TokenKind::Number;
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::{Span, tokens};

    #[test]
    fn words_keep_their_stops_and_lose_their_clitics() {
        let check = |text: &str, expect: &[&str]| {
            let mut found = Vec::new();
            tokens(text, Span::new(0, text.len()), &mut found);
            let found: Vec<&str> = found.iter().map(|token| token.span.slice(text)).collect();
            assert_eq!(found, expect, "{text:?}");
        };
        check("", &[]);
        check(
            "Mr. Lee's U.S. tour.",
            &["Mr.", "Lee", "'s", "U.S.", "tour", "."],
        );
        check(
            "She’ll pay $1.5 at 3 p.m.",
            &["She", "’ll", "pay", "$", "1.5", "at", "3", "p.m."],
        );
        check("No. 3, no.", &["No.", "3", ",", "no", "."]);
        check("don't “go”", &["don't", "“", "go", "”"]);
        check("👩‍👩‍👧 שלום", &["👩‍👩‍👧", "שלום"]);
    }
}
