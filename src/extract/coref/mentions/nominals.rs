//! Noun phrases for people and organizations: "the Russian officials".

use crate::domain::Span;
use crate::extract::lexicon::calendar::CALENDAR;
use crate::extract::lexicon::cues::LEXICON;
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::{Layout, TokenKind};

use super::found::{Found, Sort};
use crate::extract::lexicon::lists::{Class, Noun, is_closed, is_partitive, noun};

/// Maximum distance from a noun back to its determiner, in tokens.
const MAX_MODIFIERS: usize = 6;

const DETERMINERS: &[&str] = &[
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "my",
    "your",
    "his",
    "her",
    "its",
    "our",
    "their",
    "whose",
    "some",
    "any",
    "many",
    "several",
    "most",
    "other",
    "another",
    "both",
    "all",
    "every",
    "each",
    "no",
    "few",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "dozens",
    "hundreds",
    "thousands",
    "millions",
    "more",
    "'s",
    "’s",
];
/// Adjectives that stand before a plural noun without a determiner.
pub(super) const ADJECTIVES: &[&str] = &[
    "senior",
    "former",
    "young",
    "local",
    "federal",
    "state",
    "top",
    "foreign",
    "political",
    "religious",
    "military",
    "old",
    "ordinary",
    "independent",
    "government",
    "police",
    "public",
    "white",
    "black",
    "female",
    "male",
    "medical",
    "legal",
];

/// The noun phrases of a text, in text order.
pub(in crate::extract::coref) fn nominals(layout: &Layout<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, sentence) in layout.sentences.iter().enumerate() {
        for token in sentence.tokens.clone() {
            let known = noun(layout.word(token))
                .filter(|noun| is_head(layout, token, sentence.tokens.end, *noun));
            let phrase = known
                .and_then(|noun| Some((noun, start(layout, token, sentence.tokens.start, noun)?)));
            if let Some((noun, start)) = phrase {
                let start = with_part(layout, start, sentence.tokens.start);
                found.push(Found {
                    span: Span::new(
                        layout.tokens[start].span.start,
                        layout.tokens[token].span.end,
                    ),
                    head: layout.tokens[token].span,
                    sentence: index,
                    sort: Sort::Noun(Some(noun)),
                });
            }
        }
    }
    found
}

/// False where the noun modifies the next word: "government officials", "voter turnout".
fn is_head(layout: &Layout<'_>, token: usize, end: usize, own: Noun) -> bool {
    let next = token + 1;
    if next >= end || layout.tokens[next].kind != TokenKind::Word {
        let hyphen = next < end
            && layout.word(next) == "-"
            && layout.tokens[next].span.start == layout.tokens[token].span.end;
        return !hyphen;
    }
    let word = layout.word(next);
    if is_closed(word) || is_one_of(word, CALENDAR) || LEXICON.find(word).is_some() {
        return true;
    }
    if noun(word).is_some() || word.starts_with(char::is_uppercase) {
        return false;
    }
    let verbal = word.ends_with("ed") || word.ends_with("ly") || word.ends_with("ing");
    verbal || own.plural || (own.class == Class::Person && word.ends_with('s'))
}

/// The first token of the phrase, `None` for a singular noun that nothing determines.
fn start(layout: &Layout<'_>, head: usize, first: usize, own: Noun) -> Option<usize> {
    let least = first.max(head.saturating_sub(MAX_MODIFIERS));
    let mut at = head;
    while at > least {
        let word = layout.word(at - 1);
        if is_one_of(word, DETERMINERS) {
            let possessor = matches!(word, "'s" | "’s");
            return Some(if possessor { at } else { at - 1 });
        }
        if !is_modifier(layout, at - 1) {
            break;
        }
        at -= 1;
    }
    own.plural.then(|| bare_start(layout, head, least))
}

/// Where a phrase begins with "three of" before it: "three of five economists".
fn with_part(layout: &Layout<'_>, start: usize, first: usize) -> usize {
    let part = start.checked_sub(2).filter(|part| *part >= first);
    part.filter(|part| layout.word(part + 1) == "of" && is_partitive(layout.word(*part)))
        .unwrap_or(start)
}

fn is_modifier(layout: &Layout<'_>, token: usize) -> bool {
    match layout.tokens[token].kind {
        TokenKind::Word => !is_closed(layout.word(token)),
        TokenKind::Number => true,
        TokenKind::Mark => layout.word(token) == "-",
    }
}

/// The start of a plural phrase without a determiner: over nationalities, numbers and the commonest adjectives.
fn bare_start(layout: &Layout<'_>, head: usize, least: usize) -> usize {
    let mut at = head;
    while at > least {
        let word = layout.word(at - 1);
        let numeral = layout.tokens[at - 1].kind == TokenKind::Number;
        let capital = word.starts_with(char::is_uppercase) && !is_closed(word);
        if !(numeral || capital || is_one_of(word, ADJECTIVES)) {
            break;
        }
        at -= 1;
    }
    at
}
