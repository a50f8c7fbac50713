//! Finds the mentions of a text.

use crate::domain::Span;
use crate::extract::attribution::bare::BareAttribution;
use crate::extract::lexicon::nouns::is_one_of;
use crate::extract::names::Name;
use crate::text::{Layout, TokenKind};

use super::found::{Found, Sort};
use super::holders::holder_behind;
use super::nominals::{ADJECTIVES, nominals};
use super::pronouns::{Case, pronoun};
use super::sources::{MAX_BYTES, antecedent, head, mention};
use crate::extract::lexicon::lists::{BEHIND_OBJECTS, Class, is_article, is_closed, noun};

/// Maximum length of a phrase before a name, in tokens.
const MAX_PHRASE: usize = 10;
/// Letters after a name.
const POST_NOMINALS: &[&str] = &[
    "SC", "QC", "KC", "MP", "MEP", "MD", "M.D.", "Ph.D.", "PhD", "Esq.", "CBE", "OBE",
];

/// The mentions of a text, ordered by their heads, which do not overlap.
pub(in crate::extract::coref) fn found(
    layout: &Layout<'_>,
    names: &[Name],
    attributions: &[BareAttribution],
) -> Vec<Found> {
    let mut all = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        all.push(Found {
            span: Span::new(phrase_start(layout, name), phrase_end(layout, name)),
            head: name.span,
            sentence: name.sentence,
            sort: Sort::Name(index),
        });
    }
    let mut others = pronouns(layout);
    others.append(&mut nominals(layout));
    let names: Vec<Span> = all.iter().map(|found| found.span).collect();
    add(&mut all, &names, others);
    let heads: Vec<Span> = all.iter().map(|found| found.head).collect();
    let sources = attributions.iter().filter_map(|own| own.source.first());
    let own = sources
        .clone()
        .filter_map(|source| mention(layout, &all, *source));
    let antecedents = sources.filter_map(|source| antecedent(layout, *source));
    let sources = own.chain(antecedents).collect();
    add(&mut all, &heads, sources);
    widen(layout, &mut all, attributions);
    all
}

/// Extends the mentions that are sources to all the words of the source.
fn widen(layout: &Layout<'_>, all: &mut [Found], attributions: &[BareAttribution]) {
    for source in attributions
        .iter()
        .filter_map(|attribution| attribution.source.first())
    {
        if let Some(holder) = holder_behind(layout, all, *source) {
            widen_name(layout, all, *source, holder);
        } else if let Some(head) = head(layout, all, *source) {
            widen_noun(layout, all, *source, head);
        }
    }
}

/// Lets the phrase of a name begin where its source does: "CEO of the Meride Council Vera Lindqvist".
fn widen_name(layout: &Layout<'_>, all: &mut [Found], source: Span, name: Span) {
    if is_office_of(&layout.text[source.start..name.start]) {
        let at = all.partition_point(|found| found.head.start < name.start);
        all[at].span.start = source.start;
    }
}

/// Lets the phrase of a noun reach over its source, up to the first mark or the next mention after "and": "rebel
/// groups", "many who saw it".
fn widen_noun(layout: &Layout<'_>, all: &mut [Found], source: Span, head: Span) {
    let at = all.partition_point(|found| found.head.end <= head.start);
    let Some(found) = all.get(at) else { return };
    if found.head != head || !matches!(found.sort, Sort::Noun(_)) {
        return;
    }
    let behind = layout.token_from(head.end);
    let is_other = |token: usize| {
        let begins = layout.tokens.get(token + 1).map(|next| next.span.start);
        let next = all.get(at + 1).map(|next| next.span.start);
        matches!(layout.word(token), "and" | "or" | "&") && begins == next
    };
    let end = (behind..layout.token_from(source.end))
        .take_while(|token| !is_end_of_phrase(layout.word(*token)) && !is_other(*token))
        .last()
        .map_or(head.end, |token| layout.tokens[token].span.end);
    let whole = Span::new(
        source.start.min(head.start),
        end.min(source.end).max(head.end),
    );
    if whole.len() <= MAX_BYTES {
        let found = &mut all[at];
        found.span = Span::new(
            found.span.start.min(whole.start),
            found.span.end.max(whole.end),
        );
    }
}

fn is_end_of_phrase(word: &str) -> bool {
    matches!(word, "," | ";" | ":" | "(" | "–" | "—" | "“" | "\"")
}

/// True for "CEO of the Meride Council ", which is one phrase with the name after it.
fn is_office_of(words: &str) -> bool {
    let has = |word: &str| words.contains(word);
    [" of ", " for ", " to ", " at "].into_iter().any(has)
        && ![",", "'s ", "’s "].into_iter().any(has)
}

/// Adds those whose heads overlap nothing in `taken`, which is in text order, and orders all by their heads.
fn add(all: &mut Vec<Found>, taken: &[Span], others: Vec<Found>) {
    let is_free = |head: Span| {
        let at = taken.partition_point(|span| span.end <= head.start);
        taken.get(at).is_none_or(|span| !span.overlaps(head))
    };
    all.extend(others.into_iter().filter(|found| is_free(found.head)));
    all.sort_by_key(|found| found.head);
    all.dedup_by(|next, before| next.head.overlaps(before.head));
}

fn pronouns(layout: &Layout<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (sentence, own) in layout.sentences.iter().enumerate() {
        for token in own.tokens.clone() {
            if let Some((pronoun, mut case)) = pronoun(layout.word(token)) {
                if is_object(layout, token, own.tokens.end) {
                    case = Case::Object;
                }
                let span = layout.tokens[token].span;
                found.push(Found {
                    span,
                    head: span,
                    sentence,
                    sort: Sort::Pronoun(pronoun, case),
                });
            }
        }
    }
    found
}

/// True for "her" in "he saw her again".
fn is_object(layout: &Layout<'_>, token: usize, end: usize) -> bool {
    if !layout.word(token).eq_ignore_ascii_case("her") {
        return false;
    }
    let next = token + 1;
    if next >= end {
        return true;
    }
    let word = layout.word(next);
    let opens = ["“", "\"", "‘", "'", "$", "£", "€"].contains(&word);
    let is_mark = layout.tokens[next].kind == TokenKind::Mark;
    (is_mark && !opens) || BEHIND_OBJECTS.has(word)
}

/// Where the phrase of a name ends: "Ann Lee, MD".
fn phrase_end(layout: &Layout<'_>, name: &Name) -> usize {
    let comma = layout.token_from(name.span.end);
    let is_comma = comma + 1 < layout.tokens.len() && layout.word(comma) == ",";
    if is_comma && POST_NOMINALS.contains(&layout.word(comma + 1)) {
        layout.tokens[comma + 1].span.end
    } else {
        name.span.end
    }
}

/// Where the phrase of a name begins: "the Acme co-founder Ann Lee". An office after a possessive belongs to a phrase
/// of its own: "Acme's Chief Officer Ann Lee".
fn phrase_start(layout: &Layout<'_>, name: &Name) -> usize {
    let own = name.title.start.min(name.span.start);
    let mut at = layout.token_from(own);
    let first = layout.sentences[name.sentence]
        .tokens
        .start
        .max(at.saturating_sub(MAX_PHRASE));
    let is_noun =
        |token: usize| noun(layout.word(token)).is_some_and(|noun| noun.class == Class::Person);
    if at > first && matches!(layout.word(at - 1), "'s" | "’s") {
        return name.span.start;
    }
    if at <= first || !is_noun(at - 1) {
        return own;
    }
    while at > first {
        let word = layout.word(at - 1);
        if is_article(word) {
            at -= 1;
            break;
        }
        let capital = word.starts_with(char::is_uppercase) && !is_closed(word);
        let pair =
            matches!(word, "and" | "-") && at - 1 > first && (word == "-" || is_noun(at - 2));
        if pair {
            at -= 2;
        } else if is_noun(at - 1) || capital || is_one_of(word, ADJECTIVES) {
            at -= 1;
        } else {
            break;
        }
    }
    layout.tokens[at].span.start
}
