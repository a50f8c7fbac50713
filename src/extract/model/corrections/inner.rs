//! Claims inside claims: "Ann Lee said that Bob Ray denied that it was safe." The corpora that the model learnt from
//! mark the outer claim alone, so a content that names another speaker is read once more, by itself.

use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use crate::domain::Span;
use crate::extract::lexicon::cues::{Frames, LEXICON};
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::{Layout, trim};

use super::framing::{MARKS, may_hold_claim, tells};
use super::nominal;
use crate::extract::model::Model;
use crate::extract::model::printed::Turns;
use crate::extract::model::reading::Reading;

/// So deep contents are read again.
const DEEPEST: usize = 3;
/// Minimum confidence in a claim whose content is quoted, in one that says who was told, in one with a clause after
/// "that", in one of a noun, in one that somebody is quoted as saying, and in one with a bare clause.
const QUOTED: f32 = 0.35;
const TOLD: f32 = 0.5;
const CLAUSE: f32 = 0.7;
const NOUN: f32 = 0.6;
const QUOTED_AS: f32 = 0.4;
const BARE: f32 = 0.85;
/// Words before a clause that are not part of it.
const LINKS: &[&str] = &["that ", "of "];
/// Beginnings of clauses.
const CLAUSES: &[&str] = &["that ", "to ", "never to ", "not to ", "whether "];
/// Who speaks themselves, and who is nobody in particular.
const OWN: &[&str] = &[
    "i", "we", "you", "it", "one", "that", "which", "who", "this", "what", "there", "people",
    "nobody", "my", "our", "your",
];
/// Who may be the speaker himself or, inside a quotation, somebody else.
const OTHERS: &[&str] = &[
    "he",
    "she",
    "they",
    "his",
    "her",
    "their",
    "everyone",
    "everybody",
    "some",
    "many",
    "others",
    "those",
    "these",
];

/// The claims inside the contents of `readings`.
pub(in crate::extract::model) fn inner(
    model: &Model,
    layout: &Layout<'_>,
    readings: &[Reading],
    stopped: &AtomicBool,
) -> Vec<Reading> {
    let mut found: Vec<Reading> = Vec::new();
    let mut outer: Vec<Reading> = readings.to_vec();
    for _ in 0..DEEPEST {
        let known: Vec<Span> = cues(readings).chain(cues(&found)).collect();
        let contents = outer.iter().flat_map(|reading| &reading.content);
        let contents: Vec<Span> = contents
            .flat_map(|content| sentences(layout, *content))
            .filter(|span| may_hold_claim(layout, *span))
            .collect();
        outer = contents
            .into_par_iter()
            .flat_map_iter(|content| read_again(model, layout, content, stopped))
            .filter(|reading| !known.iter().any(|known| known.overlaps(reading.cue[0])))
            .collect();
        found.extend(outer.iter().cloned());
    }
    found
}

/// The sentences of a content.
fn sentences(layout: &Layout<'_>, content: Span) -> Vec<Span> {
    let first = layout
        .sentences
        .partition_point(|sentence| sentence.span.end <= content.start);
    let own = layout.sentences[first..]
        .iter()
        .take_while(|sentence| sentence.span.start < content.end);
    own.map(|sentence| {
        Span::new(
            sentence.span.start.max(content.start),
            sentence.span.end.min(content.end),
        )
    })
    .collect()
}

fn cues(readings: &[Reading]) -> impl Iterator<Item = Span> {
    readings.iter().flat_map(|reading| &reading.cue).copied()
}

fn read_again(
    model: &Model,
    layout: &Layout<'_>,
    content: Span,
    stopped: &AtomicBool,
) -> Vec<Reading> {
    let clause = clause(layout.text, content);
    let own = Layout::new(clause.slice(layout.text), None);
    let mut readings = model.read_turns(&own, &Turns::new(&own), stopped).readings;
    let quoted = content.slice(layout.text).starts_with(MARKS) || is_in_quotation(layout, content);
    readings.retain(|reading| {
        let least = least_confidence(&own, reading, quoted);
        least.is_some_and(|least| model.judge(reading).claim >= least)
    });
    if readings.is_empty() {
        readings.extend(nominal::named(&own));
    }
    readings
        .into_iter()
        .map(|reading| moved(reading, clause.start))
        .collect()
}

/// True for words inside quotation marks.
fn is_in_quotation(layout: &Layout<'_>, words: Span) -> bool {
    let before = layout
        .quotations
        .partition_point(|quotation| quotation.span.start <= words.start);
    let near = layout.quotations[..before].iter().rev().take(8);
    near.filter(|quotation| quotation.depth == 0)
        .any(|quotation| quotation.span.contains(words))
        || is_turn(layout, words)
}

/// True for what follows a speaker and a colon up to the end of a paragraph.
fn is_turn(layout: &Layout<'_>, words: Span) -> bool {
    let block = layout
        .blocks
        .partition_point(|block| block.span.end < words.end);
    let own = layout
        .blocks
        .get(block)
        .filter(|block| block.span.contains(words));
    own.is_some_and(|block| {
        layout.text[block.span.start..words.start]
            .trim_end()
            .ends_with(':')
    })
}

/// What is read again of a content: without the marks around it, which say nothing there, its last comma and the word that links it.
fn clause(text: &str, content: Span) -> Span {
    let words = content.slice(text);
    let opened = words.strip_prefix(MARKS).unwrap_or(words);
    let mut start = content.end - opened.len();
    let mut bare = opened;
    if opened.len() < words.len() {
        bare = bare.strip_suffix(MARKS).unwrap_or(bare);
    }
    bare = bare.strip_suffix(',').unwrap_or(bare);
    if let Some(link) = LINKS.iter().find(|link| bare.starts_with(**link)) {
        start += link.len();
        bare = &bare[link.len()..];
    }
    trim(text, Span::new(start, start + bare.len()))
}

/// The confidence that a reading inside a content needs, `None` if it never counts: somebody other than the
/// speaker has to be on record with a quotation or a clause.
fn least_confidence(layout: &Layout<'_>, reading: &Reading, quoted: bool) -> Option<f32> {
    let ([source], [cue], [content, ..]) =
        (&reading.source[..], &reading.cue[..], &reading.content[..])
    else {
        return None;
    };
    let [source, words] = [source, content].map(|span| span.slice(layout.text));
    let entry = LEXICON
        .find(cue.slice(layout.text))
        .filter(|entry| tells(entry))?;
    let other = is_one_of(source, OTHERS);
    let named = source
        .rsplit(' ')
        .next()
        .is_some_and(|last| last.starts_with(char::is_uppercase));
    let is_clause = CLAUSES.iter().any(|begin| words.starts_with(begin));
    let gap = layout
        .text
        .get(cue.end..content.start)
        .unwrap_or_default()
        .trim();
    let told_us = is_one_of(gap, &["me", "us"]);
    let told = told_us
        || is_one_of(gap, &["him", "her", "them"])
        || (gap.starts_with(char::is_uppercase) && !gap.contains(' '));
    if is_one_of(source, OWN) {
        None
    } else if entry.frames.has(Frames::NOUN) {
        (words.starts_with("that ") && !other && !quoted).then_some(NOUN)
    } else if cue.slice(layout.text).starts_with("as ") {
        Some(QUOTED_AS)
    } else if words.starts_with(['"', '“', '‘', '\'', '«']) {
        (quoted || !other).then_some(QUOTED)
    } else if entry.frames.has(Frames::ADDRESSEE) && told {
        (!other || (quoted && told_us)).then_some(TOLD)
    } else if other {
        None
    } else if is_clause {
        (!quoted).then_some(CLAUSE)
    } else {
        let is_long = words.split_whitespace().count() > 2;
        (named && !quoted && is_long).then_some(BARE)
    }
}

fn moved(mut reading: Reading, by: usize) -> Reading {
    for span in reading
        .source
        .iter_mut()
        .chain(&mut reading.cue)
        .chain(&mut reading.content)
    {
        *span = Span::new(span.start + by, span.end + by);
    }
    reading
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::Model;
    use crate::domain::Span;
    use crate::extract::attributor::Attributor;
    use crate::text::Layout;

    /// `expect`: source and content of the claims inside others.
    fn check(text: &str, expect: &[(&str, &str)]) {
        let layout = Layout::new(text, None);
        let read = Model::current().attribute(&layout, &AtomicBool::new(false));
        let all = &read.attributions;
        let first = |spans: &[Span]| spans.first().map_or("", |span| span.slice(text));
        let is_inner = |cue: Span| {
            all.iter()
                .any(|other| other.content.iter().any(|span| span.contains(cue)))
        };
        let found: Vec<(&str, &str)> = all
            .iter()
            .filter(|one| one.cue.first().is_some_and(|cue| is_inner(*cue)))
            .map(|one| (first(&one.source), first(&one.content)))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_claim_inside_of_a_claim_has_its_own_holder() {
        check(
            "Ann Lee said that Bob Ray denied that the bridge was safe.",
            &[("Bob Ray", "that the bridge was safe")],
        );
        check(
            "According to Mbali Dube, Kenji Sato believes that the plant is safe.",
            &[("Kenji Sato", "that the plant is safe")],
        );
        check(
            "The radio quoted President Aslan Terek as saying that talks would go ahead.",
            &[("President Aslan Terek", "that talks would go ahead")],
        );
        check(
            "Bob Ray rejected claims by Priya Nair that the bridge was unsafe.",
            &[("Priya Nair", "that the bridge was unsafe")],
        );
    }

    #[test]
    fn a_quotation_holds_what_others_said() {
        for (open, close) in [("\"", "\""), ("“", "”"), ("'", "'"), ("‘", "’")] {
            let text = format!("{open}My father told me never to sell,{close} said Ann Lee.");
            check(&text, &[("My father", "never to sell")]);
        }
        check(
            "“She walked in and said to me, ‘Leave it with us,’” Amina Yusuf said.",
            &[("She", "‘Leave it with us,’")],
        );
    }

    #[test]
    fn what_the_speaker_thinks_is_no_claim_inside() {
        check("“I think the bridge is safe,” said Ann Lee.", &[]);
        check("Ann Lee said that the bridge was safe.", &[]);
        check("“People say that it is over,” said Ann Lee.", &[]);
    }
}
