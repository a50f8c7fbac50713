//! Noun phrases: what a source is made of.

use std::ops::Range;

use crate::extract::lexicon::lists::ROLES;

use super::sheet::Sheet;
use super::words::Class;

/// Maximum length of a noun phrase, in tokens.
const MAX_PHRASE: usize = 25;
/// Maximum length of an apposition, in tokens.
const MAX_APPOSITION: usize = 40;
/// Maximum length of an aside between commas, in tokens.
const MAX_ASIDE: usize = 6;

/// The noun phrase that ends with the token at `last`, titles, owners and "of …" included.
pub(super) fn phrase_back(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    last: usize,
) -> Option<Range<usize>> {
    let leftmost = sentence.start.max(last.saturating_sub(MAX_PHRASE));
    let mut start = last + 1;
    while start > leftmost {
        let before = start - 1;
        let taken = match sheet.classes[before] {
            Class::Name | Class::Word | Class::Number | Class::Joint | Class::Possessive => {
                !is_known_verb(sheet, before, last)
            }
            Class::Quoted => is_short_quote(sheet, before),
            Class::Determiner => {
                start = before;
                if !goes_further_left(sheet, leftmost, before) {
                    break;
                }
                continue;
            }
            Class::Preposition => is_inner_preposition(sheet, leftmost, before, start <= last),
            Class::Conjunction => joins_names(sheet, leftmost, before, start <= last),
            _ => false,
        };
        if sheet.classes[before] == Class::Close {
            let Some(open) = matching_open(sheet, leftmost, before) else {
                break;
            };
            start = open;
        } else if taken {
            start = before;
        } else {
            break;
        }
    }
    let phrase = trim_phrase(sheet, start..last + 1);
    (!phrase.is_empty()).then_some(phrase)
}

/// The noun phrase that begins with the token at `first`.
pub(super) fn phrase_ahead(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    first: usize,
) -> Option<Range<usize>> {
    let most = sentence.end.min(first + MAX_PHRASE);
    let alone = sheet.class_in(sentence, first);
    if matches!(alone, Class::Pronoun | Class::Object) {
        return Some(first..first + 1);
    }
    let mut end = first;
    while end < most {
        let named = end > first && sheet.classes[end - 1] == Class::Name;
        let taken = match sheet.classes[end] {
            Class::Name | Class::Number | Class::Joint | Class::Possessive => true,
            Class::Determiner => end == first || sheet.classes[end - 1] == Class::Preposition,
            Class::Word if named => ROLES.has(&sheet.lower[end]),
            Class::Word => !is_verb_like(sheet, end),
            Class::Preposition => {
                end > first && is_inner_preposition(sheet, first, end, true) && end + 1 < most
            }
            Class::Conjunction => end > first && joins_names(sheet, first, end, end + 1 < most),
            Class::Open => match matching_close(sheet, most, end) {
                Some(close) => {
                    end = close;
                    true
                }
                None => false,
            },
            _ => false,
        };
        if !taken {
            break;
        }
        end += 1;
    }
    let phrase = trim_phrase(sheet, first..end);
    (!phrase.is_empty()).then_some(phrase)
}

/// "Ann Lee, the chief executive of Acme": the phrase that the comma or dash at `closing` ends.
///
/// Of several commas before it the first counts after which "the", "who" or an age says who somebody is, else the last.
pub(super) fn phrase_with_apposition(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    closing: usize,
) -> Option<Range<usize>> {
    let least = sentence.start.max(closing.saturating_sub(MAX_APPOSITION));
    let mark = sheet.classes[closing];
    let openings = (least + 1..closing).filter(|token| sheet.classes[*token] == mark);
    let plain = |token: &usize| {
        opens_apposition(sheet, token + 1, closing) || is_aside(sheet, token + 1, closing)
    };
    let certain = |token: &usize| {
        matches!(
            sheet.class_in(sentence, token + 1),
            Class::Determiner | Class::Relative | Class::Number
        ) && sheet.classes[token - 1] == Class::Name
    };
    let heads = |opening: usize| head_before(sheet, sentence, opening).map(|head| (opening, head));
    let first = openings.clone().filter(certain).find_map(heads);
    let (opening, head) = first.or_else(|| openings.rev().filter(plain).find_map(heads))?;
    let aside = !opens_apposition(sheet, opening + 1, closing);
    Some(if aside { head } else { head.start..closing })
}

/// The phrase before an opening comma, unless a preposition shows it to be no subject.
fn head_before(sheet: &Sheet<'_>, sentence: &Range<usize>, opening: usize) -> Option<Range<usize>> {
    let fits = matches!(
        sheet.classes[opening - 1],
        Class::Name | Class::Word | Class::Close
    );
    let head = phrase_back(sheet, sentence, opening - 1).filter(|_| fits)?;
    let before = head
        .start
        .checked_sub(1)
        .filter(|token| sentence.contains(token));
    before
        .is_none_or(|token| sheet.classes[token] != Class::Preposition)
        .then_some(head)
}

fn opens_apposition(sheet: &Sheet<'_>, first: usize, end: usize) -> bool {
    if first >= end {
        return false;
    }
    match sheet.classes[first] {
        Class::Determiner | Class::Relative | Class::Number => true,
        Class::Name => end - first <= 8,
        Class::Word => !is_verb_like(sheet, first),
        Class::Question => sheet.lower[first] == "whose",
        _ => false,
    }
}

/// ", for example,", ", meanwhile,", ", speaking in Ellen,": stands between a source and its verb without saying who it is.
fn is_aside(sheet: &Sheet<'_>, first: usize, end: usize) -> bool {
    if first >= end {
        return false;
    }
    match sheet.classes[first] {
        Class::Preposition | Class::Adverb => end - first <= MAX_ASIDE,
        Class::Word => is_verb_like(sheet, first),
        _ => false,
    }
}

/// Extends an inverted source over its apposition: "said Ann Lee, the chief executive of Acme."
pub(super) fn with_apposition_ahead(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    phrase: Range<usize>,
) -> Range<usize> {
    let comma = phrase.end;
    if sheet.class_in(sentence, comma) != Class::Comma
        || !opens_apposition(sheet, comma + 1, sentence.end)
    {
        return phrase;
    }
    let most = sentence.end.min(comma + MAX_APPOSITION);
    let end = (comma + 1..most)
        .find(|token| {
            matches!(
                sheet.classes[*token],
                Class::Stop | Class::Break | Class::Quoted | Class::Colon
            )
        })
        .unwrap_or(most);
    phrase.start..trim_phrase(sheet, phrase.start..end).end
}

fn trim_phrase(sheet: &Sheet<'_>, mut phrase: Range<usize>) -> Range<usize> {
    let is_edge = |token: usize| {
        matches!(
            sheet.classes[token],
            Class::Preposition
                | Class::Conjunction
                | Class::Comma
                | Class::Joint
                | Class::Possessive
                | Class::Stop
        )
    };
    while !phrase.is_empty() && is_edge(phrase.start) {
        phrase.start += 1;
    }
    while !phrase.is_empty()
        && sheet.classes[phrase.end - 1] != Class::Possessive
        && is_edge(phrase.end - 1)
    {
        phrase.end -= 1;
    }
    phrase
}

fn goes_further_left(sheet: &Sheet<'_>, least: usize, determiner: usize) -> bool {
    determiner > least + 1
        && sheet.classes[determiner - 1] == Class::Preposition
        && is_inner_preposition(sheet, least, determiner - 1, true)
}

/// A preposition between two nouns, that may belong to the noun before it.
fn is_inner_preposition(
    sheet: &Sheet<'_>,
    least: usize,
    token: usize,
    has_noun_behind: bool,
) -> bool {
    let inner = matches!(
        sheet.lower[token].as_str(),
        "of" | "for" | "from" | "in" | "at" | "with" | "on" | "against" | "to"
    );
    inner
        && has_noun_behind
        && token > least
        && matches!(
            sheet.classes[token - 1],
            Class::Word | Class::Name | Class::Number
        )
        && !is_verb_like(sheet, token - 1)
}

fn joins_names(sheet: &Sheet<'_>, least: usize, token: usize, has_noun_behind: bool) -> bool {
    has_noun_behind
        && token > least
        && sheet.lower[token] == "and"
        && sheet.classes[token - 1] == Class::Name
        && sheet.classes.get(token + 1) == Some(&Class::Name)
}

fn is_known_verb(sheet: &Sheet<'_>, token: usize, last: usize) -> bool {
    token < last && sheet.classes[token] == Class::Word && is_finite_cue(sheet, token)
}

fn is_finite_cue(sheet: &Sheet<'_>, token: usize) -> bool {
    let word = sheet.lower[token].as_str();
    matches!(
        word,
        "said" | "says" | "told" | "believes" | "thinks" | "argued" | "added" | "asked" | "saying"
    )
}

/// A small word that is more likely a verb than a noun.
fn is_verb_like(sheet: &Sheet<'_>, token: usize) -> bool {
    let word = sheet.lower[token].as_str();
    sheet.classes[token] == Class::Word
        && ((word.ends_with("ed") && word.len() > 4)
            || (word.ends_with("ing") && word.len() > 5)
            || is_finite_cue(sheet, token))
}

/// A nickname or a word in marks, and no quotation that an attribution follows.
fn is_short_quote(sheet: &Sheet<'_>, token: usize) -> bool {
    sheet.quote_of[token].is_some_and(|quote| {
        let inner = sheet.quotes[quote].inner.slice(sheet.layout.text);
        inner.len() <= 40 && inner.ends_with(char::is_alphanumeric)
    })
}

fn matching_open(sheet: &Sheet<'_>, least: usize, close: usize) -> Option<usize> {
    (least..close)
        .rev()
        .find(|token| sheet.classes[*token] == Class::Open)
}

fn matching_close(sheet: &Sheet<'_>, most: usize, open: usize) -> Option<usize> {
    (open..most).find(|token| sheet.classes[*token] == Class::Close)
}

#[cfg(test)]
mod tests {
    use super::{phrase_ahead, phrase_back, phrase_with_apposition};
    use crate::extract::rules::sheet::Sheet;
    use crate::text::Layout;

    /// `text` is a sentence; the phrase before its last word is read backwards.
    fn back(text: &str, expect: &str) {
        let layout = Layout::new(text, None);
        let sheet = Sheet::new(&layout);
        let range = 0..layout.tokens.len();
        let phrase = phrase_back(&sheet, &range, range.end - 2);
        assert_eq!(
            phrase.map(|phrase| sheet.span(phrase).slice(text)),
            Some(expect),
            "{text}"
        );
    }

    #[test]
    fn phrases_end_where_they_should() {
        back("Today the president said", "the president");
        back("But Sen. Ann Lee said", "Sen. Ann Lee");
        back(
            "Yesterday a spokesman for the mill owners said",
            "a spokesman for the mill owners",
        );
        back("Ann Lee (D-Ohio) said", "Ann Lee (D-Ohio)");
        back("because Ann Lee and Bo Dam said", "Ann Lee and Bo Dam");
        back("Lee's office said", "Lee's office");
    }

    #[test]
    fn phrases_are_read_ahead() {
        let check = |text: &str, expect: &str| {
            let layout = Layout::new(text, None);
            let sheet = Sheet::new(&layout);
            let phrase = phrase_ahead(&sheet, &(0..layout.tokens.len()), 0);
            assert_eq!(
                phrase.map(|phrase| sheet.span(phrase).slice(text)),
                Some(expect),
                "{text}"
            );
        };
        check("Ann Lee left", "Ann Lee");
        check("the head of the mill, who left", "the head of the mill");
        check("she left", "she");
        check("Rep. Ann Lee (D-Ohio).", "Rep. Ann Lee (D-Ohio)");
    }

    #[test]
    fn an_apposition_belongs_to_its_name() {
        let text = "Ann Lee, the head of the mill, said";
        let layout = Layout::new(text, None);
        let sheet = Sheet::new(&layout);
        let range = 0..layout.tokens.len();
        let phrase = phrase_with_apposition(&sheet, &range, range.end - 2);
        assert_eq!(
            phrase.map(|phrase| sheet.span(phrase).slice(text)),
            Some("Ann Lee, the head of the mill")
        );
    }
}
