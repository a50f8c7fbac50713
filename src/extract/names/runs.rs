//! Runs of capitalised words, of which names are made.

use std::ops::Range;

use crate::extract::lexicon::calendar::CALENDAR;
use crate::extract::lexicon::lists::{
    BODIES, COMPANY_WORDS, COMPOUND_HEADS, COMPOUND_TAILS, FUNCTION_WORDS, ROLES, forename_gender,
    is_closed, is_demonym, is_person_noun, is_role, is_small_word, is_title,
};
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::{Layout, TokenKind};

use super::shapes::{is_acronym, is_capitalised};

/// Words of no name, wherever they stand.
const NEVER: &[&str] = &[
    "i", "a", "an", "the", "it", "he", "she", "they", "we", "you", "but", "and",
];
/// Maximum length of a name, in tokens.
const MAX_TOKENS: usize = 24;
/// Maximum length of an office before a name that is looked at, in tokens.
const MAX_OFFICE: usize = 14;
/// Longest run of small words inside a name, and longest nickname, in tokens.
const MAX_PARTICLES: usize = 5;
const MAX_NICKNAME: usize = 3;
/// Maximum length of a second part of a forename such as "Sung-ho", in letters.
const MAX_TAIL: usize = 5;
/// Small words that are part of a name where a hyphen follows: "ad-Dabir".
const ARTICLES: &[&str] = &["ad", "al", "ar", "as", "ash", "at", "az", "ud", "ul", "ur"];
/// What follows "the" in the name of a ruler: "Constantine the Great".
const EPITHETS: &[&str] = &[
    "Bold",
    "Conqueror",
    "Elder",
    "Great",
    "Magnificent",
    "Terrible",
    "Wise",
    "Younger",
];
/// Marks around a nickname.
const QUOTES: &[&str] = &["“", "”", "\"", "‘", "’", "'"];

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
        if !is_capital(layout, at) || is_dropped(layout, at, begins(layout, tokens.start, at)) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < tokens.end && end - at < MAX_TOKENS {
            match step(layout, at, end, tokens.end) {
                0 => break,
                length => end += length,
            }
        }
        runs.push(at..end);
        at = end;
    }
    runs
}

/// How many tokens from `at` go on with the name that began at `first`.
fn step(layout: &Layout<'_>, first: usize, at: usize, end: usize) -> usize {
    if is_part(layout, at, end) {
        return 1;
    }
    let before = layout.word(at - 1);
    match layout.word(at) {
        "-" => hyphenated(layout, first, at, end),
        "and" if is_part(layout, at + 1, end) && is_abbreviated_behind(layout, at + 2, end) => 2,
        "and" if is_part(layout, at + 1, end) && is_ministry(layout, first, at) => 2,
        "of" | "for" => joined_by_of(layout, first, at, end),
        "&" if is_part(layout, at + 1, end) && !is_forename(layout, at + 1) => 2,
        "the" if at + 1 < end && EPITHETS.contains(&layout.word(at + 1)) => 2,
        mark if QUOTES.contains(&mark) => nickname(layout, at, end),
        word if ARTICLES.contains(&word) && layout.word((at + 1).min(end - 1)) == "-" => {
            particles(layout, at, end)
        }
        word if is_small_word(word) && !is_role(before) => particles(layout, at, end),
        _ => 0,
    }
}

/// True where a sentence begins, also one in marks or after a colon.
pub(super) fn begins(layout: &Layout<'_>, sentence: usize, at: usize) -> bool {
    at == sentence
        || matches!(
            layout.word(at - 1),
            "“" | "\"" | "‘" | ":" | "—" | "–" | "…"
        )
}

fn is_forename(layout: &Layout<'_>, token: usize) -> bool {
    forename_gender(layout.word(token)).is_some()
}

fn is_part(layout: &Layout<'_>, token: usize, end: usize) -> bool {
    token < end && is_capital(layout, token) && !is_dropped(layout, token, false)
}

/// "van den Broek", "bin al-Rashid", "al-Harthy".
fn particles(layout: &Layout<'_>, at: usize, end: usize) -> usize {
    let mut next = at + 1;
    while next < end && next - at < MAX_PARTICLES {
        if is_part(layout, next, end) {
            return next + 1 - at;
        }
        let word = layout.word(next);
        if !is_small_word(word) && word != "-" {
            return 0;
        }
        next += 1;
    }
    0
}

/// "Lee-Roe", "Ban Ki-moon", "Chan-o-cha", "Lee-\nRoe", "Ex-boxer", "President-elect", "Mum-of-three": not the end of
/// "Meride-based".
fn hyphenated(layout: &Layout<'_>, first: usize, at: usize, end: usize) -> usize {
    let tail = at + 1;
    let tight = layout.tokens[at].span.start == layout.tokens[at - 1].span.end;
    if !tight || tail >= end {
        return 0;
    }
    let gap = &layout.text[layout.tokens[at].span.end..layout.tokens[tail].span.start];
    let broken = gap.trim_matches(' ') == "\n"
        || (gap == " " && matches!(layout.word(at - 1), "Al" | "El" | "al" | "el"));
    if !(gap.is_empty() || broken) {
        return 0;
    }
    let word = layout.word(tail);
    if is_part(layout, tail, end) {
        return 2;
    }
    let is_word = layout.tokens[tail].kind == TokenKind::Word;
    if !is_word || COMPOUND_TAILS.has(word) {
        return 0;
    }
    let is_small = is_small_word(word) || ARTICLES.contains(&word);
    if is_small && tail + 2 < end && layout.word(tail + 1) == "-" {
        let name = is_part(layout, tail + 2, end) || is_role(layout.word(at - 1));
        return if name || at - first > 1 { 4 } else { 0 };
    }
    let head = layout.word(at - 1);
    if word == "of" {
        let counted = is_role(head) && tail + 2 < end && layout.word(tail + 1) == "-";
        return if counted { 4 } else { 0 };
    }
    let is_prefix = COMPOUND_HEADS.has(head);
    let is_office = is_role(head) || (is_role(word) && is_prefix);
    let is_given = !(word.len() > 4 && word.ends_with("ed"))
        && (at - first > 1 || (!is_prefix && is_forename_tail(layout, tail, end)));
    if is_office || is_given { 2 } else { 0 }
}

/// True for "ho" in "Sung-ho Kim".
fn is_forename_tail(layout: &Layout<'_>, tail: usize, end: usize) -> bool {
    let word = layout.word(tail);
    word.chars().count() <= MAX_TAIL && !is_closed(word) && is_part(layout, tail + 1, end)
}

/// "Bank of England", "Secretary of State", "Lord Harrow of Tern", "Department of the Interior".
fn joined_by_of(layout: &Layout<'_>, first: usize, at: usize, end: usize) -> usize {
    let before = layout.word(at - 1);
    let peer = layout.word(at) == "of" && is_peer(layout.word(first)) && at - first > 1;
    let is_body = BODIES.has(before);
    let joins = is_body || peer || is_role(before);
    if joins && is_part(layout, at + 1, end) {
        return 2;
    }
    let article = is_body && at + 1 < end && layout.word(at + 1) == "the";
    if article && is_part(layout, at + 2, end) {
        3
    } else {
        0
    }
}

/// True for "Ministry of Health" in "Ministry of Health and Child Care".
fn is_ministry(layout: &Layout<'_>, first: usize, at: usize) -> bool {
    matches!(layout.word(first), "Ministry" | "Department")
        && at - first >= 3
        && matches!(layout.word(first + 1), "of" | "for")
}

fn is_peer(word: &str) -> bool {
    matches!(
        word,
        "Lord"
            | "Lady"
            | "Baroness"
            | "Baron"
            | "Earl"
            | "Duke"
            | "Viscount"
            | "Countess"
            | "Duchess"
    )
}

/// "“Boy”" in "Rogelio “Boy” Manansala".
fn nickname(layout: &Layout<'_>, at: usize, end: usize) -> usize {
    let close = (at + 2..end.min(at + 2 + MAX_NICKNAME))
        .find(|token| QUOTES.contains(&layout.word(*token)));
    let Some(close) = close else { return 0 };
    let is_open = layout.tokens[at].span.end == layout.tokens[at + 1].span.start
        && layout.tokens[at - 1].span.end < layout.tokens[at].span.start;
    let is_whole = (at + 1..close).all(|token| {
        is_capital(layout, token) || layout.word(token) == "the" || layout.word(token) == "-"
    });
    if is_open && is_whole && is_part(layout, close + 1, end) {
        close + 2 - at
    } else {
        0
    }
}

/// True for "(PMU)" at a token.
fn is_abbreviated_behind(layout: &Layout<'_>, at: usize, end: usize) -> bool {
    at + 2 < end
        && layout.word(at) == "("
        && is_acronym(layout.word(at + 1))
        && layout.word(at + 2) == ")"
}

fn is_capital(layout: &Layout<'_>, token: usize) -> bool {
    layout.tokens[token].kind == TokenKind::Word && is_capitalised(layout.word(token))
}

fn is_dropped(layout: &Layout<'_>, token: usize, first: bool) -> bool {
    let word = layout.word(token);
    (is_one_of(word, CALENDAR) && !is_named_like_month(layout, token))
        || (is_one_of(word, NEVER) && word != "IT" && !is_surname_in_front(layout, token))
        || (first && (FUNCTION_WORDS.has(word) || is_closed(word)) && !is_acronym(word))
}

/// True for "June" in "another granddaughter, June Sculthorpe": not for "in June", "last June Norway won".
fn is_named_like_month(layout: &Layout<'_>, token: usize) -> bool {
    if token == 0 || token + 1 == layout.tokens.len() || !is_forename(layout, token) {
        return false;
    }
    let (before, next) = (layout.word(token - 1), layout.word(token + 1));
    (matches!(before, "," | "and" | "“" | "\"") || is_person_noun(before))
        && is_capitalised(next)
        && !(is_role(next) || is_demonym(next) || is_title(next) || is_closed(next))
        && !is_one_of(next, CALENDAR)
}

/// True for "You" in "Speaker You Si-kun".
fn is_surname_in_front(layout: &Layout<'_>, token: usize) -> bool {
    let Some(words) = layout.tokens.get(token..token + 4) else {
        return false;
    };
    let [surname, given, hyphen, tail] = [0, 1, 2, 3].map(|at| layout.word(token + at));
    let is_tight = (2..4).all(|at| words[at - 1].span.end == words[at].span.start);
    let is_given = given.len() <= MAX_TAIL && !COMPOUND_HEADS.has(given) && !is_role(given);
    let is_tail = tail.len() <= MAX_TAIL
        && tail.starts_with(char::is_lowercase)
        && !(COMPOUND_TAILS.has(tail) || is_role(tail) || is_closed(tail));
    is_capitalised(surname)
        && is_capitalised(given)
        && hyphen == "-"
        && is_tight
        && is_given
        && is_tail
}

/// Cuts a run after a body that somebody's name follows: "Meride Council | Vera Lindqvist".
fn split(layout: &Layout<'_>, run: Range<usize>) -> Vec<Range<usize>> {
    let forename = |token: usize| forename_gender(layout.word(token)).is_some();
    let cut = (run.start + 2..run.end.saturating_sub(1))
        .find(|token| forename(*token) && BODIES.has(layout.word(token - 1)));
    let cut = cut
        .or_else(|| holder_behind_office(layout, &run))
        .or_else(|| holder_behind_body(layout, &run));
    match cut {
        Some(cut)
            if !forename(run.start)
                && !is_title(layout.word(cut - 1))
                && !ROLES.has(layout.word(cut - 1)) =>
        {
            vec![run.start..cut, cut..run.end]
        }
        _ => vec![run],
    }
}

/// The first forename in these words but the first that a surname follows: "Ann" in "Agrarian Development Ann Lee",
/// none in "San Francisco Dam". "Ali" follows other forenames too often.
pub(super) fn forename_inside(layout: &Layout<'_>, words: Range<usize>) -> Option<usize> {
    if words.is_empty() || is_forename(layout, words.start) {
        return None;
    }
    (words.start + 1..words.end.saturating_sub(1)).find(|token| {
        is_forename(layout, *token)
            && layout.word(*token) != "Ali"
            && is_capital(layout, *token + 1)
            && !matches!(
                layout.word(*token - 1),
                "San" | "Santa" | "Santo" | "Saint" | "St." | "St" | "-"
            )
    })
}

/// Where in "Agrarian Development Vera Lindqvist" the name begins, if what the office of somebody is for stands before it:
/// "minister of Supervision of", "Secretary for Sports and", "head of".
fn holder_behind_office(layout: &Layout<'_>, run: &Range<usize>) -> Option<usize> {
    let whole = run.end.checked_sub(2).filter(|cut| {
        *cut == run.start + 1
            && is_acronym(layout.word(run.start))
            && layout.word(run.start).len() > 2
    });
    let titled =
        (run.start + 1..run.end.saturating_sub(1)).find(|token| is_title(layout.word(*token)));
    let forename = forename_inside(layout, run.clone());
    let cut = titled.or(forename).or(whole)?;
    let is_plain = (cut..run.end)
        .all(|token| !BODIES.has(layout.word(token)) && !COMPANY_WORDS.has(layout.word(token)));
    (is_plain && is_behind_office(layout, run.start)).then_some(cut)
}

/// True after "Secretary for Culture, Sports and".
fn is_behind_office(layout: &Layout<'_>, at: usize) -> bool {
    let first = at.saturating_sub(MAX_OFFICE);
    let mut has_of = false;
    for token in (first..at).rev() {
        let word = layout.word(token);
        let joins = matches!(word, "and" | "the" | "," | "&");
        let is_of = matches!(word, "of" | "for");
        if token + 1 == at && !(joins && word != "," || is_of) {
            return false;
        }
        if has_of && (is_person_noun(word) || ROLES.has(word)) {
            return true;
        }
        if !joins && !is_of && !is_capital(layout, token) {
            return false;
        }
        has_of |= is_of;
    }
    false
}

/// Where in "CEO of the Meride Council Vera Lindqvist", "envoy to the United States Vera Lindqvist" the name begins.
fn holder_behind_body(layout: &Layout<'_>, run: &Range<usize>) -> Option<usize> {
    let cut = run
        .end
        .checked_sub(2)
        .filter(|cut| *cut > run.start && is_capital(layout, *cut))?;
    // "Petroleum Minister Tarek Al Molla": the name begins after the office, wherever that is.
    let office = (run.start..cut)
        .rev()
        .find(|token| ROLES.has(layout.word(*token)));
    let is_whole = |office: usize| !matches!(layout.word(office + 1), "of" | "for" | "to");
    if office.is_some_and(|office| office + 1 < cut && is_whole(office)) {
        return None;
    }
    let long = run.len() > 4 && BODIES.has(layout.word(run.start));
    let is_body = long
        || BODIES.has(layout.word(cut - 1))
        || matches!(layout.word(cut - 1), "States" | "Kingdom" | "Nations");
    let is_plain = (cut..run.end).all(|token| {
        !BODIES.has(layout.word(token))
            && !ROLES.has(layout.word(token))
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
            .any(|token| token < cut && ROLES.has(layout.word(token)));
    (is_body && is_plain && (behind_noun || inside_noun)).then_some(cut)
}
