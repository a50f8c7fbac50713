//! Names: runs of capitalised words.

use std::collections::HashSet;
use std::ops::Range;

use crate::domain::{BlockKind, MAX_NAME_BYTES, Span};
use crate::text::{Layout, TokenKind};

use super::attributor::BareAttribution;
use super::calendar::CALENDAR;
use super::coref::{forename_gender, is_demonym, is_person_noun};
use super::nouns::{BODIES, FEMALE_TITLES, MALE_TITLES, ROLES, TITLES, is_one_of};

/// One name as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// The name itself.
    pub span: Span,
    /// Titles and capitalised offices right before it: "Mrs.", "House Speaker". Empty where there are none.
    pub title: Span,
    /// The sentence it stands in.
    pub sentence: usize,
}

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
/// Longest name, in tokens.
const MAX_TOKENS: usize = 10;

/// The names of a text, in text order.
///
/// A lone capitalised word that begins a sentence counts only if it also stands capitalised inside one; in headlines
/// and headings, where every word may be capitalised, only names count that the body has too. In both cases it also
/// counts where an attribution has it for its whole source, unless it may be a common noun: "Residents said". What is
/// longer than [`MAX_NAME_BYTES`] is no name.
pub(super) fn names(layout: &Layout<'_>, sources: &[BareAttribution]) -> Vec<Name> {
    let mut body = Vec::new();
    let mut doubtful = Vec::new();
    for (index, sentence) in layout.sentences.iter().enumerate() {
        let headline = matches!(
            layout.blocks[sentence.block].kind,
            BlockKind::Title | BlockKind::Heading
        ) && !is_sentence_case(layout, sentence.tokens.clone());
        for run in runs(layout, sentence.tokens.clone())
            .into_iter()
            .flat_map(|run| split(layout, run))
        {
            let first = run.start == sentence.tokens.start || opens_quotation(layout, run.start);
            let lone = run.len() == 1;
            if let Some(name) = name_of(layout, run, index) {
                if headline || (first && lone && !is_acronym(name.span.slice(layout.text))) {
                    doubtful.push(name);
                } else {
                    body.push(name);
                }
            }
        }
    }
    let known: HashSet<&str> = body
        .iter()
        .map(|name| last_word(name.span.slice(layout.text)))
        .collect();
    let speakers: HashSet<Span> = sources
        .iter()
        .flat_map(|source| source.source.iter().copied())
        .collect();
    let common: HashSet<&str> = (0..layout.tokens.len())
        .map(|token| layout.word(token))
        .filter(|word| word.starts_with(char::is_lowercase))
        .collect();
    doubtful.retain(|name| {
        let text = name.span.slice(layout.text);
        let speaks = speakers.contains(&Span::new(
            name.title.start.min(name.span.start),
            name.span.end,
        ));
        let noun = text.ends_with('s') || common.contains(text.to_lowercase().as_str());
        known.contains(last_word(text)) || (speaks && !noun)
    });
    body.append(&mut doubtful);
    body.sort_by_key(|name| name.span);
    body
}

/// True where most long words of a headline are in lower case, so that capitals still tell names.
fn is_sentence_case(layout: &Layout<'_>, tokens: Range<usize>) -> bool {
    let long = tokens
        .skip(1)
        .map(|token| layout.word(token))
        .filter(|word| word.len() > 4 && !is_one_of(word, CALENDAR));
    let (small, capital): (Vec<&str>, Vec<&str>) =
        long.partition(|word| word.starts_with(char::is_lowercase));
    small.len() >= capital.len() && !small.is_empty()
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

fn is_acronym(name: &str) -> bool {
    (2..=5).contains(&name.len()) && name.chars().all(char::is_uppercase)
}

fn last_word(name: &str) -> &str {
    name.rsplit(' ').next().unwrap_or(name)
}

/// True right behind an opening mark, where a sentence may begin.
fn opens_quotation(layout: &Layout<'_>, token: usize) -> bool {
    let here = layout.tokens[token].span.start;
    let next = layout
        .quotations
        .partition_point(|quotation| quotation.inner.start < here);
    layout
        .quotations
        .get(next)
        .is_some_and(|quotation| quotation.inner.start == here)
}

fn runs(layout: &Layout<'_>, tokens: Range<usize>) -> Vec<Range<usize>> {
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
        || matches!(
            word,
            "I" | "A" | "The" | "It" | "He" | "She" | "They" | "We" | "You" | "But" | "And"
        )
        || (first && is_one_of(word, FUNCTION_WORDS) && !is_acronym(word))
}

/// Cuts titles and offices off a run. `None` if nothing else is in it, or too much.
fn name_of(layout: &Layout<'_>, run: Range<usize>, sentence: usize) -> Option<Name> {
    let is_role =
        |token: &usize| is_one_of(layout.word(*token), ROLES) || is_title(layout.word(*token));
    // "Stephen King" has no title behind his name.
    let is_forename = |token: usize| forename_gender(layout.word(token)).is_some();
    let titles = if run.len() > 1 && is_forename(run.start) {
        run.start..run.end - 1
    } else {
        run.clone()
    };
    let start = match titles.clone().rfind(is_role) {
        Some(role) if !has_body(layout, role + 1..run.end) => {
            behind_role(layout, role + 1..run.end)
        }
        None if run.len() > 2
            && is_person_noun(layout.word(run.start))
            && is_forename(run.start + 1) =>
        {
            run.start + 1
        }
        _ => run.start,
    };
    if (start..run.end).all(|token| is_demonym(layout.word(token))) {
        return None;
    }
    let lone_noun = start + 1 == run.end
        && is_acronym(layout.word(start))
        && is_person_noun(layout.word(start));
    if start >= run.end || lone_noun {
        return None;
    }
    let at = |token: usize| layout.tokens[token].span;
    let title = if start > run.start {
        Span::new(at(run.start).start, at(start - 1).end)
    } else {
        Span::new(at(start).start, at(start).start)
    };
    let span = Span::new(at(start).start, at(run.end - 1).end);
    (span.len() <= MAX_NAME_BYTES).then_some(Name {
        span,
        title,
        sentence,
    })
}

fn has_body(layout: &Layout<'_>, mut tokens: Range<usize>) -> bool {
    tokens.any(|token| is_one_of(layout.word(token), BODIES))
}

/// Skips "of State" behind "Secretary".
fn behind_role(layout: &Layout<'_>, rest: Range<usize>) -> usize {
    let office = !rest.is_empty() && layout.word(rest.start) == "of";
    if office { rest.start + 2 } else { rest.start }
}

fn is_title(word: &str) -> bool {
    [MALE_TITLES, FEMALE_TITLES, TITLES]
        .iter()
        .any(|list| is_one_of(word, list))
}

#[cfg(test)]
mod tests {
    use super::{Layout, names};

    #[test]
    fn names_are_found_without_their_titles() {
        let check = |text: &str, expect: &[&str]| {
            let layout = Layout::new(text, None);
            let names = names(&layout, &[]);
            let found: Vec<&str> = names.iter().map(|name| name.span.slice(text)).collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "Ann Lee met Mr. Bo J. Dam on Monday.",
            &["Ann Lee", "Bo J. Dam"],
        );
        check("House Speaker Ann Lee-Roe left.", &["Ann Lee-Roe"]);
        check("The Port Bank of Ellen said so.", &["Port Bank of Ellen"]);
        check("Yesterday rain fell.", &[]);
        check("Lee left. Then she met Lee.", &["Lee", "Lee"]);
        check(
            "The Prime Minister spoke with Ludwig van Dam.",
            &["Ludwig van Dam"],
        );
        check(
            "Then Secretary of State Ann Lee met the President of Ellen.",
            &["Ann Lee"],
        );
        check(
            "Biologist Nick Dam met Stephen King and Suleiman al-Amr.",
            &["Nick Dam", "Stephen King", "Suleiman al-Amr"],
        );
        check(
            "Then CEO of the Port Council Vera Dam met envoy to the United States Ludo Dam.",
            &["Port Council", "Vera Dam", "United States", "Ludo Dam"],
        );
        check("Then a Russian met the Irish.", &[]);
        check("Rain angers Ann Lee, say three voters", &["Ann Lee"]);
        check(
            "The Ellen Justice Department sued.",
            &["Ellen Justice Department"],
        );
        check("Kremlin spokesperson Ann Lee spoke.", &["Ann Lee"]);
    }
}
