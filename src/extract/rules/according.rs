//! "According to Ann Lee, …" and "…, according to Ann Lee."

use std::ops::Range;

use crate::domain::Span;

use super::construct::Construct;
use super::content::{Extent, MAX_CONTENT, content_end};
use super::found::Found;
use super::quoted::{is_speech, quote_before, run_back, spans};
use super::words::Class;

/// Maximum length of a source, in tokens.
const MAX_SOURCE: usize = 40;

/// Reads every "according to" of a sentence.
pub(super) fn read_sentence(found: &mut Found<'_, '_>, sentence: &Range<usize>) {
    let sheet = found.sheet;
    for at in sentence.clone() {
        let here = sheet.lower[at] == "according" && sheet.classes[at] != Class::Quoted;
        if here && at + 2 < sentence.end && sheet.lower[at + 1] == "to" {
            read_one(found, sentence, at);
        }
    }
}

fn read_one(found: &mut Found<'_, '_>, sentence: &Range<usize>, cue: usize) {
    let sheet = found.sheet;
    let source_end = source_end(found, sentence, cue + 2);
    let source = Some(cue + 2..source_end);
    if source_end <= cue + 2 {
        return;
    }
    if cue == sentence.start {
        let from = (source_end + 1).min(sentence.end);
        let end = content_end(sheet, sentence, from, Extent::Clause);
        if from < end {
            let content = vec![found.whole(from..end)];
            found.add(source, cue..cue + 2, content, Construct::According);
        }
        return;
    }
    let content = match quote_before(sheet, cue).filter(|quote| is_speech(sheet, *quote)) {
        Some(quote) => {
            let quotes = run_back(sheet, quote);
            spans(sheet, &quotes)
        }
        None => clause_before(found, sentence, cue).into_iter().collect(),
    };
    found.add(source, cue..cue + 2, content, Construct::According);
}

fn clause_before(found: &Found<'_, '_>, sentence: &Range<usize>, cue: usize) -> Option<Span> {
    let classes = &found.sheet.classes;
    let least = sentence.start.max(cue.saturating_sub(MAX_CONTENT));
    let start = (least..cue)
        .rev()
        .find(|token| matches!(classes[*token], Class::Break | Class::Colon | Class::Open));
    let start = start.map_or(least, |token| token + 1);
    let end = if classes[cue - 1] == Class::Comma {
        cue - 1
    } else {
        cue
    };
    (start < end).then(|| found.whole(start..end))
}

/// The source ends at the first comma.
fn source_end(found: &Found<'_, '_>, sentence: &Range<usize>, from: usize) -> usize {
    let classes = &found.sheet.classes;
    let stops = |token: &usize| {
        matches!(
            classes[*token],
            Class::Comma | Class::Stop | Class::Break | Class::Colon | Class::Close | Class::Quoted
        )
    };
    let most = sentence.end.min(from + MAX_SOURCE);
    (from..most).find(stops).unwrap_or(most)
}
