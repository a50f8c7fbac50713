//! Sentences: those of Unicode Standard Annex #29, repaired for English news.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::Span;

use super::abbreviations::{Abbreviation, abbreviation, needs_number};
use super::lines::trim;

/// Words that begin a new sentence after an abbreviation that may end one: "in the U.S. He left".
const STARTERS: &[&str] = &[
    "a",
    "after",
    "all",
    "although",
    "an",
    "and",
    "as",
    "asked",
    "at",
    "because",
    "both",
    "but",
    "by",
    "during",
    "for",
    "from",
    "he",
    "her",
    "here",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "it",
    "its",
    "last",
    "many",
    "meanwhile",
    "most",
    "my",
    "no",
    "not",
    "of",
    "on",
    "one",
    "or",
    "other",
    "our",
    "she",
    "so",
    "some",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "under",
    "we",
    "what",
    "when",
    "where",
    "while",
    "who",
    "why",
    "with",
    "yet",
    "you",
];

const CLOSERS: [char; 8] = ['"', '\'', '”', '’', '»', ')', ']', '›'];

/// The sentences of one block, in text order, without surrounding white space; together they hold all its words.
pub(super) fn sentences(text: &str, block: Span) -> Vec<Span> {
    let mut sentences: Vec<Span> = Vec::new();
    for (at, piece) in block.slice(text).split_sentence_bound_indices() {
        let start = block.start + at;
        let span = trim(text, Span::new(start, start + piece.len()));
        if span.is_empty() {
            continue;
        }
        match sentences.last_mut() {
            Some(last) if goes_on(last.slice(text), span.slice(text)) => last.end = span.end,
            _ => sentences.push(span),
        }
    }
    sentences
}

/// True if `after` is no new sentence but the rest of the one that `before` ends with.
fn goes_on(before: &str, after: &str) -> bool {
    if after.starts_with(char::is_lowercase) || after.chars().all(|c| CLOSERS.contains(&c)) {
        return true;
    }
    let Some(bare) = before.strip_suffix('.') else {
        return false;
    };
    let word = last_word(bare);
    match abbreviation(word) {
        _ if needs_number(word) => after.starts_with(|c: char| c.is_ascii_digit()),
        Some(Abbreviation::Prefix) => true,
        Some(Abbreviation::Open) => !begins_a_sentence(after),
        None => false,
    }
}

fn last_word(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || *c == '.')
        .last()
        .map_or(text.len(), |(at, _)| at);
    &text[start..]
}

fn begins_a_sentence(text: &str) -> bool {
    let word = text
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    word.is_empty() || (word.len() <= 9 && STARTERS.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Span, sentences};

    #[test]
    fn sentences_survive_abbreviations_and_quotes() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = sentences(text, Span::new(0, text.len()))
                .iter()
                .map(|span| span.slice(text))
                .collect();
            assert_eq!(found, expect, "{text:?}");
        };
        check("One. Two! Three?", &["One.", "Two!", "Three?"]);
        check(
            "Mr. Lee met Sen. Ann J. Roe. They spoke.",
            &["Mr. Lee met Sen. Ann J. Roe.", "They spoke."],
        );
        check(
            "The U.S. Senate sat. It was in the U.S. He left.",
            &["The U.S. Senate sat.", "It was in the U.S.", "He left."],
        );
        check(
            "It rose 3.5 percent. It fell.",
            &["It rose 3.5 percent.", "It fell."],
        );
        check(
            "At 9 a.m. Monday it rained. At 9 p.m. The sun set.",
            &["At 9 a.m. Monday it rained.", "At 9 p.m.", "The sun set."],
        );
        check(
            "“Why?” she asked. “No.” He left.",
            &["“Why?” she asked.", "“No.”", "He left."],
        );
        check(
            "It was No. 3. He said no. Then he left.",
            &["It was No. 3.", "He said no.", "Then he left."],
        );
    }
}
