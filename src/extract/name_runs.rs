//! Runs of capitalised words, of which names are made.

use std::ops::Range;

use crate::text::{Layout, TokenKind};

use super::calendar::CALENDAR;
use super::coref::{forename_gender, is_closed, is_person_noun};
use super::nouns::{BODIES, FEMALE_TITLES, MALE_TITLES, ROLES, TITLES, is_one_of};

/// Words that are capitalised only where they begin a sentence.
const FUNCTION_WORDS: &[&str] = &[
    "a",
    "about",
    "according",
    "after",
    "again",
    "all",
    "also",
    "although",
    "among",
    "an",
    "and",
    "another",
    "any",
    "anybody",
    "anyone",
    "as",
    "asked",
    "at",
    "because",
    "before",
    "both",
    "but",
    "by",
    "can",
    "could",
    "critics",
    "despite",
    "do",
    "does",
    "dozens",
    "during",
    "each",
    "earlier",
    "even",
    "every",
    "everybody",
    "everyone",
    "everything",
    "few",
    "finally",
    "for",
    "former",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "here",
    "his",
    "how",
    "however",
    "hundreds",
    "i",
    "if",
    "in",
    "instead",
    "is",
    "it",
    "its",
    "just",
    "last",
    "later",
    "like",
    "many",
    "meanwhile",
    "more",
    "most",
    "much",
    "my",
    "neither",
    "never",
    "new",
    "no",
    "nobody",
    "none",
    "nor",
    "not",
    "nothing",
    "now",
    "of",
    "officials",
    "on",
    "once",
    "one",
    "only",
    "or",
    "other",
    "others",
    "our",
    "over",
    "people",
    "perhaps",
    "police",
    "several",
    "she",
    "should",
    "since",
    "so",
    "some",
    "somebody",
    "someone",
    "something",
    "still",
    "such",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "though",
    "thousands",
    "through",
    "to",
    "two",
    "under",
    "unlike",
    "until",
    "was",
    "we",
    "well",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "without",
    "would",
    "yes",
    "yet",
    "you",
    "your",
];
const PARTICLES: &[&str] = &[
    "de", "la", "van", "von", "der", "bin", "al", "el", "del", "da", "di", "du", "ibn", "&",
];
/// Words of no name, wherever they stand.
const NEVER: &[&str] = &[
    "i", "a", "an", "the", "it", "he", "she", "they", "we", "you", "but", "and",
];
/// Longest name, in tokens.
const MAX_TOKENS: usize = 10;

/// The runs of capitalised words among these tokens of one sentence, cut where one name ends and another begins.
pub(super) fn runs(layout: &Layout<'_>, tokens: Range<usize>) -> Vec<Range<usize>> {
    capitalised(layout, tokens)
        .into_iter()
        .flat_map(|run| split(layout, run))
        .collect()
}

fn capitalised(layout: &Layout<'_>, tokens: Range<usize>) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = tokens.start;
    while at < tokens.end {
        if !is_capitalised(layout, at) || is_dropped(layout, at, at == tokens.start) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < tokens.end && end - at < MAX_TOKENS {
            match step(layout, end, tokens.end) {
                0 => break,
                length => end += length,
            }
        }
        runs.push(at..end);
        at = end;
    }
    runs
}

/// How many tokens from `at` go on with the name before them.
fn step(layout: &Layout<'_>, at: usize, end: usize) -> usize {
    let capital = |token: usize| {
        token < end && is_capitalised(layout, token) && !is_dropped(layout, token, false)
    };
    let word = layout.word(at);
    if capital(at) {
        return 1;
    }
    let tight = layout.tokens[at].span.start == layout.tokens[at - 1].span.end;
    let hyphen = at + 2 < end && layout.word(at + 1) == "-" && capital(at + 2);
    if PARTICLES.contains(&word) && hyphen {
        return 3;
    }
    // "Park Geun-hye".
    let tail = word == "-"
        && tight
        && at + 1 < end
        && layout.tokens[at + 1].span.start == layout.tokens[at].span.end;
    if tail && layout.tokens[at + 1].kind == TokenKind::Word && is_given(layout, at - 1) {
        return 2;
    }
    if word == "and" && capital(at + 1) && is_abbreviated_behind(layout, at + 2, end) {
        return 2;
    }
    let joins = PARTICLES.contains(&word)
        || (word == "-" && tight)
        || (matches!(word, "of" | "for") && is_one_of(layout.word(at - 1), BODIES))
        || (matches!(word, "of" | "for")
            && (is_one_of(layout.word(at - 1), ROLES) || is_person_noun(layout.word(at - 1))));
    if joins && capital(at + 1) { 2 } else { 0 }
}

/// True for a capitalised word right behind another.
fn is_given(layout: &Layout<'_>, token: usize) -> bool {
    token > 0 && is_capitalised(layout, token) && is_capitalised(layout, token - 1)
}

/// True for "(PMU)" at a token.
fn is_abbreviated_behind(layout: &Layout<'_>, at: usize, end: usize) -> bool {
    at + 2 < end
        && layout.word(at) == "("
        && is_acronym(layout.word(at + 1))
        && layout.word(at + 2) == ")"
}

fn is_capitalised(layout: &Layout<'_>, token: usize) -> bool {
    layout.tokens[token].kind == TokenKind::Word
        && layout.word(token).starts_with(char::is_uppercase)
}

fn is_dropped(layout: &Layout<'_>, token: usize, first: bool) -> bool {
    let word = layout.word(token);
    is_one_of(word, CALENDAR)
        || is_one_of(word, NEVER) && word != "IT"
        || (first && (is_one_of(word, FUNCTION_WORDS) || is_closed(word)) && !is_acronym(word))
}

/// Cuts a run before a forename far inside it: "Meride Council | Vera Lindqvist".
fn split(layout: &Layout<'_>, run: Range<usize>) -> Vec<Range<usize>> {
    let forename = |token: usize| forename_gender(layout.word(token)).is_some();
    let cut = (run.start + 2..run.end.saturating_sub(1))
        .find(|token| forename(*token) && !forename(token - 1));
    let cut = cut.or_else(|| holder_behind_body(layout, &run));
    match cut {
        Some(cut)
            if !forename(run.start)
                && !is_title(layout.word(cut - 1))
                && !is_one_of(layout.word(cut - 1), ROLES) =>
        {
            vec![run.start..cut, cut..run.end]
        }
        _ => vec![run],
    }
}

/// Where in "CEO of the Meride Council Vera Lindqvist", "envoy to the United States Vera Lindqvist" the name begins.
fn holder_behind_body(layout: &Layout<'_>, run: &Range<usize>) -> Option<usize> {
    let cut = run.end.checked_sub(2).filter(|cut| *cut > run.start)?;
    let long = run.len() > 4 && is_one_of(layout.word(run.start), BODIES);
    let is_body = long
        || is_one_of(layout.word(cut - 1), BODIES)
        || matches!(layout.word(cut - 1), "States" | "Kingdom" | "Nations");
    let is_plain = (cut..run.end).all(|token| {
        !is_one_of(layout.word(token), BODIES)
            && !is_one_of(layout.word(token), ROLES)
            && layout.word(token) != "-"
    });
    let before = |steps: usize| {
        run.start
            .checked_sub(steps)
            .map_or("", |token| layout.word(token))
    };
    let preposition = if before(1) == "the" { 2 } else { 1 };
    let behind_noun = matches!(before(preposition), "of" | "for" | "to" | "at")
        && is_person_noun(before(preposition + 1));
    let inside_noun = is_person_noun(layout.word(run.start))
        || run
            .clone()
            .any(|token| token < cut && is_one_of(layout.word(token), ROLES));
    (is_body && is_plain && (behind_noun || inside_noun)).then_some(cut)
}

/// True for a short run of capitals: "WHO".
pub(super) fn is_acronym(name: &str) -> bool {
    (2..=5).contains(&name.chars().count()) && name.chars().all(char::is_uppercase)
}

/// True for a personal title: "Mrs.", "Sen.".
pub(super) fn is_title(word: &str) -> bool {
    [MALE_TITLES, FEMALE_TITLES, TITLES]
        .iter()
        .any(|list| is_one_of(word, list))
}
