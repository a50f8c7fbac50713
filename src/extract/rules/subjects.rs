//! The source before a verb.

use std::ops::Range;

use super::phrases::{phrase_ahead, phrase_back, phrase_with_apposition};
use super::sheet::Sheet;
use super::words::Class;

/// Maximum length of an adverbial before the subject of a sentence, in tokens.
const MAX_OPENING: usize = 60;

/// The subject of the verb group that begins at `group`. `last` is the subject of the verb before it in the sentence,
/// which "and" and "but" share.
pub(super) fn subject_before(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    group: usize,
    last: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    let end = before_times(sheet, sentence, group);
    let before = end
        .checked_sub(1)
        .filter(|token| sentence.contains(token))?;
    match sheet.classes[before] {
        Class::Pronoun | Class::Relative | Class::That | Class::Determiner => {
            Some(before..before + 1)
        }
        Class::Name | Class::Word | Class::Number | Class::Close | Class::Quoted => {
            phrase_back(sheet, sentence, before)
        }
        Class::Comma => phrase_with_apposition(sheet, sentence, before).or_else(|| last.cloned()),
        Class::Break => phrase_with_apposition(sheet, sentence, before),
        Class::Conjunction => last
            .cloned()
            .or_else(|| main_subject(sheet, sentence, before)),
        _ => None,
    }
}

/// The subject of a participle: the noun it immediately follows ("a survey finding"), else that of the verb before it.
pub(super) fn participle_subject(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    group: usize,
    last: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    let before = group
        .checked_sub(1)
        .filter(|token| sentence.contains(token))?;
    match sheet.classes[before] {
        Class::Name | Class::Word | Class::Close => phrase_back(sheet, sentence, before),
        _ => last
            .cloned()
            .or_else(|| main_subject(sheet, sentence, group)),
    }
}

/// The subject of the sentence: the phrase it begins with, or that follows its opening adverbial and comma.
pub(super) fn main_subject(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    before: usize,
) -> Option<Range<usize>> {
    let opening = match sheet.class_in(sentence, sentence.start) {
        Class::Name | Class::Pronoun | Class::Determiner | Class::Word | Class::Number => {
            sentence.start
        }
        Class::Conjunction => sentence.start + 1,
        _ => {
            (sentence.start..before.min(sentence.start + MAX_OPENING))
                .find(|token| sheet.classes[*token] == Class::Comma)?
                + 1
        }
    };
    phrase_ahead(sheet, sentence, opening).filter(|phrase| phrase.end <= before)
}

/// The end of what stands before "on Monday" and the like.
fn before_times(sheet: &Sheet<'_>, sentence: &Range<usize>, group: usize) -> usize {
    let mut at = group;
    while at > sentence.start + 1 && sheet.classes[at - 1] == Class::Time {
        at -= 1;
    }
    let timed = at < group;
    let preposition =
        timed && at > sentence.start + 1 && sheet.classes[at - 1] == Class::Preposition;
    if preposition { at - 1 } else { at }
}
