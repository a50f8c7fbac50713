//! Attributions whose cue is a noun: "her claim that …", "Lee's support for …".

use std::ops::Range;

use crate::extract::lexicon::cues::{LEXICON, Tense};

use super::construct::Construct;
use super::content::{Extent, content_end};
use super::found::Found;
use super::phrases::phrase_back;
use super::sheet::Sheet;
use super::words::Class;

/// Reads every owned noun of the lexicon in a sentence.
pub(super) fn read_sentence(found: &mut Found<'_, '_>, sentence: &Range<usize>) {
    for noun in sentence.clone() {
        if let Some((source, start)) = owner(found.sheet, sentence, noun) {
            let from = noun + 1;
            let end = content_end(found.sheet, sentence, from, Extent::Clause);
            if found.sheet.class_in(sentence, from) == Class::That {
                let content = vec![found.whole(from..end)];
                found.add(Some(source), start..noun + 1, content, Construct::Noun);
            }
        }
    }
}

/// The owner before a noun, and the first token of the cue.
fn owner(sheet: &Sheet<'_>, sentence: &Range<usize>, noun: usize) -> Option<(Range<usize>, usize)> {
    let is_noun = sheet.classes[noun] == Class::Word
        && LEXICON
            .readings(&sheet.lower[noun])
            .iter()
            .any(|form| form.tense == Tense::Noun);
    let before = noun
        .checked_sub(1)
        .filter(|token| is_noun && sentence.contains(token))?;
    match sheet.classes[before] {
        Class::Determiner if matches!(sheet.lower[before].as_str(), "his" | "her" | "their") => {
            Some((before..noun, noun))
        }
        Class::Possessive if before > sentence.start => {
            Some((phrase_back(sheet, sentence, before - 1)?, noun))
        }
        _ => None,
    }
}
