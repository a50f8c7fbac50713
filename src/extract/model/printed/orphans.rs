//! Quotations that no word attributes: they are of whoever the sentence before is about, in the same paragraph or, where
//! the quotation is a paragraph of its own, in the one before. "Idris Okonjo is angry. “Never again.”"

use crate::domain::{BlockKind, Span};
use crate::extract::lexicon::lists::{is_people, is_role};
use crate::extract::lexicon::nouns::is_one_of;
use crate::extract::model::heads::calibration::RawOdds;
use crate::extract::model::reading::Reading;
use crate::extract::rules::Subjects;
use crate::text::{Closing, Layout, Quotation};

use super::taken::is_taken;
use super::turns::Turns;

/// Minimum number of words of a quotation that is attributed by its position.
const LEAST_WORDS: usize = 3;
const SPEAKERS: &[&str] = &["he", "she", "they"];

/// Adds the quotations that are nobody's and follow a sentence about somebody.
pub(super) fn settle(layout: &Layout<'_>, turns: &Turns, readings: &mut Vec<Reading>) {
    let mut subjects = None;
    for quotation in &layout.quotations {
        let is_free = is_sentence(layout, quotation)
            && !is_taken(readings, quotation.span)
            && !turns.begin_in(layout.blocks[quotation.block].span);
        let Some(before) = sentence_before(layout, quotation).filter(|_| is_free) else {
            continue;
        };
        let sentence = layout.sentences[before].span;
        let source = speaks_in(readings, sentence).or_else(|| {
            let subjects = subjects.get_or_insert_with(|| Subjects::new(layout));
            subjects
                .of(before)
                .filter(|subject| is_somebody(subject.slice(layout.text)))
        });
        if let Some(source) = source {
            readings.push(Reading {
                source: vec![source],
                cue: Vec::new(),
                content: vec![quotation.span],
                odds: RawOdds::BY_PLACE,
            });
        }
    }
}

/// True for a quotation of whole sentences that no sentence goes on after or before.
fn is_sentence(layout: &Layout<'_>, quotation: &Quotation) -> bool {
    let inner = quotation.inner.slice(layout.text);
    let begins = layout
        .sentences
        .binary_search_by_key(&quotation.span.start, |sentence| sentence.span.start);
    let rest = &layout.text[quotation.span.end..layout.blocks[quotation.block].span.end];
    quotation.depth == 0
        && quotation.closing == Closing::Closed
        && !quotation.continues
        && begins.is_ok()
        && inner.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
        && inner.ends_with(['.', '!', '?', '…'])
        && inner.split_whitespace().count() >= LEAST_WORDS
        && !rest
            .trim_start()
            .starts_with(|c: char| c.is_lowercase() || c == ',' || c == '—' || c == '–')
}

/// The sentence before a quotation: in its paragraph, or in the one before if it opens its own.
fn sentence_before(layout: &Layout<'_>, quotation: &Quotation) -> Option<usize> {
    let own = layout
        .sentences
        .partition_point(|sentence| sentence.span.start < quotation.span.start);
    let before = own.checked_sub(1)?;
    let block = layout.sentences[before].block;
    let is_paragraph = |block: usize| layout.blocks[block].kind == BlockKind::Paragraph;
    let near =
        block == quotation.block || (block + 1 == quotation.block && is_alone(layout, quotation));
    (near && is_paragraph(block) && is_paragraph(quotation.block)).then_some(before)
}

/// True if the paragraph holds nothing but the quotation.
fn is_alone(layout: &Layout<'_>, quotation: &Quotation) -> bool {
    let block = layout.blocks[quotation.block].span;
    quotation.span.start == block.start
        && !layout.text[quotation.span.end..block.end].contains(char::is_alphanumeric)
}

/// The source of the last attribution with a cue or a content in a sentence.
fn speaks_in(readings: &[Reading], sentence: Span) -> Option<Span> {
    let touches = |reading: &&Reading| {
        let spans = reading.cue.iter().chain(&reading.content);
        spans.into_iter().any(|span| span.overlaps(sentence)) && !reading.source.is_empty()
    };
    let end = |reading: &&Reading| reading.content.iter().map(|span| span.end).max();
    readings
        .iter()
        .filter(touches)
        .max_by_key(end)
        .map(|reading| reading.source[0])
}

/// True for the name or description of people.
fn is_somebody(subject: &str) -> bool {
    let head = subject.split(',').next().unwrap_or_default();
    let last = head.split_whitespace().next_back().unwrap_or_default();
    last.starts_with(char::is_uppercase)
        || is_one_of(subject, SPEAKERS)
        || is_role(last)
        || is_people(last)
}

#[cfg(test)]
mod tests {
    use super::{Turns, settle};
    use crate::text::Layout;

    fn check(text: &str, expect: &[(&str, &str)]) {
        let layout = Layout::new(text, None);
        let mut readings = Vec::new();
        settle(&layout, &Turns::new(&layout), &mut readings);
        let found: Vec<_> = readings.iter().map(|reading| reading.words(text)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_quotation_alone_is_of_whom_the_sentence_before_is_about() {
        check(
            "Idris Okonjo is angry. \"We will not let it happen.\"",
            &[("Idris Okonjo", "\"We will not let it happen.\"")],
        );
        check(
            "Asked about it, the mayor laughed. ‘Ask the chairman.’",
            &[("the mayor", "‘Ask the chairman.’")],
        );
        check(
            "Aiko Tanaka shrugged.\n\n“We have time for it.”",
            &[("Aiko Tanaka", "“We have time for it.”")],
        );
        check(
            "The residents cheered. “Build it now!”",
            &[("The residents", "“Build it now!”")],
        );
    }

    #[test]
    fn other_quotations_stay_nobody_s() {
        check("The bridge shook. “We have time for it.”", &[]);
        check("Ann Lee left. “Time” is the word.", &[]);
        check("Ann Lee left. “We have time for it,” he said.", &[]);
        check("Ann Lee left.\n\n“We have time.” It rained.", &[]);
        check("“We have time for it.”", &[]);
    }
}
