//! Where a content begins after its cue, and where it ends.

use std::ops::Range;

use crate::extract::lexicon::cues::{Frames, LEXICON, Tense};

use super::phrases::phrase_ahead;
use super::sheet::Sheet;
use super::verbs::VerbGroup;
use super::words::Class;

/// Maximum length of a content, in tokens: keeps texts without full stops cheap.
pub(super) const MAX_CONTENT: usize = 150;
/// Maximum distance of a "that" or quotation after the person addressed, in tokens.
const MAX_ADDRESSEE: usize = 12;
/// Maximum length of an adverbial between cue and content, in tokens.
const MAX_ADVERBIAL: usize = 14;

/// How much a content may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// A whole clause, with clauses inside it.
    Clause,
    /// An object: one noun phrase and what hangs on it.
    Object,
}

/// The token at which the content after a cue begins. `from` is the first token after the cue and, where that follows
/// it, the source. The end of the sentence if nothing follows.
pub(super) fn content_start(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    group: &VerbGroup,
    from: usize,
) -> usize {
    let mut at = from;
    if group.entry.frames.has(Frames::ADDRESSEE) {
        at = skip_addressee(sheet, sentence, at);
    }
    at = skip_times(sheet, sentence, at);
    if group.entry.frames.has(Frames::CLAUSE) || group.entry.frames.has(Frames::QUOTE) {
        at = skip_adverbial(sheet, sentence, at);
    }
    if matches!(sheet.class_in(sentence, at), Class::Comma | Class::Colon)
        && opens_content(sheet, sentence, at + 1)
    {
        at += 1;
    }
    at
}

/// The end of the content that begins at `start`.
pub(super) fn content_end(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    start: usize,
    extent: Extent,
) -> usize {
    let most = sentence.end.min(start + MAX_CONTENT);
    let mut depth = 0_usize;
    for at in start..most {
        match sheet.classes[at] {
            Class::Open => depth += 1,
            Class::Close if depth == 0 => return at,
            Class::Close => depth -= 1,
            _ if depth == 0 && ends_content(sheet, sentence, start, at, extent) => return at,
            _ => {}
        }
    }
    most
}

fn ends_content(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    start: usize,
    at: usize,
    extent: Extent,
) -> bool {
    match sheet.classes[at] {
        Class::Stop => at + 1 == sentence.end || sheet.class_in(sentence, at + 1) == Class::Quoted,
        Class::Break => sheet.lower[at] == ";" || extent == Extent::Object,
        Class::Colon => extent == Extent::Object,
        Class::Comma => extent == Extent::Object || ends_at_comma(sheet, sentence, at),
        Class::Conjunction => at > start && goes_on_with_cue(sheet, sentence, at, extent),
        Class::Subordinator => {
            extent == Extent::Object
                && at > start
                && sheet.lower[at] != "than"
                && sheet.lower[at] != "as"
        }
        _ => false,
    }
}

/// ", according to", ", adding", ", but she": what follows is not part of the content.
fn ends_at_comma(sheet: &Sheet<'_>, sentence: &Range<usize>, comma: usize) -> bool {
    let next = comma + 1;
    if next >= sentence.end {
        return false;
    }
    match sheet.classes[next] {
        Class::Word => {
            is_cue(sheet, sentence, next, &[Tense::Ing], Frames::ANY)
                || sheet.lower[next] == "according"
        }
        Class::Conjunction => {
            sheet.lower[next] == "but" || goes_on_with_cue(sheet, sentence, next, Extent::Clause)
        }
        Class::Subordinator => matches!(
            sheet.lower[next].as_str(),
            "while" | "although" | "though" | "whereas"
        ),
        _ => false,
    }
}

/// "and (later) said": a second predicate of the same source.
fn goes_on_with_cue(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    conjunction: usize,
    extent: Extent,
) -> bool {
    let object = if extent == Extent::Object {
        Frames::OBJECT
    } else {
        0
    };
    let frames = Frames::CLAUSE | Frames::QUOTE | object;
    let verb = (conjunction + 1..sentence.end).find(|token| sheet.classes[*token] != Class::Adverb);
    verb.is_some_and(|verb| is_cue(sheet, sentence, verb, &[Tense::Past, Tense::Third], frames))
}

fn is_cue(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    token: usize,
    tenses: &[Tense],
    frames: u8,
) -> bool {
    sheet.classes[token] == Class::Word
        && sheet
            .readings(token, sentence.end)
            .any(|(form, _)| tenses.contains(&form.tense) && LEXICON.entry(form).frames.has(frames))
}

/// "told reporters in Ellen that": up to "that", "to", a question word or a quotation, else one phrase.
fn skip_addressee(sheet: &Sheet<'_>, sentence: &Range<usize>, from: usize) -> usize {
    if opens_content(sheet, sentence, from) || sheet.class_in(sentence, from) == Class::That {
        return from;
    }
    let most = sentence.end.min(from + MAX_ADDRESSEE);
    for at in from..most {
        match sheet.classes[at] {
            Class::That | Class::To | Class::Question | Class::Quoted => return at,
            Class::Comma | Class::Colon if opens_content(sheet, sentence, at + 1) => return at,
            Class::Comma | Class::Colon | Class::Stop | Class::Break => break,
            Class::Pronoun if at > from => return at,
            Class::Determiner if at > from && sheet.classes[at - 1] != Class::Preposition => {
                return at;
            }
            _ => {}
        }
    }
    phrase_ahead(sheet, sentence, from).map_or(from, |phrase| phrase.end)
}

/// "on Monday", "last week", "three days ago".
fn skip_times(sheet: &Sheet<'_>, sentence: &Range<usize>, from: usize) -> usize {
    let first = from + usize::from(sheet.class_in(sentence, from) == Class::Preposition);
    let is_part = |token: &usize| {
        matches!(
            sheet.class_in(sentence, *token),
            Class::Time | Class::Number
        ) || (sentence.contains(token)
            && (is_time_unit(sheet, *token) || is_time_modifier(sheet, *token)))
    };
    let end = (first..sentence.end)
        .find(|token| !is_part(token))
        .unwrap_or(first);
    let timed =
        (first..end).any(|token| sheet.classes[token] == Class::Time || is_time_unit(sheet, token));
    if timed { end } else { from }
}

fn is_time_unit(sheet: &Sheet<'_>, at: usize) -> bool {
    matches!(
        sheet.lower[at].as_str(),
        "morning"
            | "afternoon"
            | "evening"
            | "night"
            | "week"
            | "weekend"
            | "month"
            | "year"
            | "spring"
            | "summer"
            | "fall"
            | "winter"
            | "ago"
            | "recently"
            | "earlier"
            | "later"
    )
}

fn is_time_modifier(sheet: &Sheet<'_>, at: usize) -> bool {
    matches!(
        sheet.lower[at].as_str(),
        "late" | "last" | "this" | "early" | "days" | "weeks" | "months" | "years" | "that"
    ) && sheet
        .layout
        .tokens
        .get(at + 1)
        .is_some_and(|_| is_time_unit(sheet, at + 1))
}

/// "in a statement": a phrase that a preposition opens and "that" or a quotation follows.
fn skip_adverbial(sheet: &Sheet<'_>, sentence: &Range<usize>, from: usize) -> usize {
    if sheet.class_in(sentence, from) != Class::Preposition {
        return from;
    }
    let most = sentence.end.min(from + MAX_ADVERBIAL);
    for at in from + 1..most {
        match sheet.classes[at] {
            Class::That if at > from + 1 => return at,
            Class::Comma | Class::Colon if opens_content(sheet, sentence, at + 1) => return at,
            Class::Comma | Class::Colon | Class::Stop | Class::Break => return from,
            Class::Quoted if at > from + 2 && is_long_quote(sheet, at) => return at,
            Class::Pronoun if at > from + 2 => return at,
            _ => {}
        }
    }
    from
}

/// True if a quotation that is more than a title or a few words begins at `at`.
fn is_long_quote(sheet: &Sheet<'_>, at: usize) -> bool {
    sheet.quote_of[at].is_some_and(|quote| {
        let inner = sheet.quotes[quote].inner.slice(sheet.layout.text);
        inner.split_whitespace().take(4).count() >= 4
    })
}

fn opens_content(sheet: &Sheet<'_>, sentence: &Range<usize>, at: usize) -> bool {
    matches!(sheet.class_in(sentence, at), Class::Quoted)
}
