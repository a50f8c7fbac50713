//! Speech that somebody else heard: in "Ann Lee told the court she heard Bob Ray shout, “It is going!”" the words are Bob
//! Ray's, and Ann Lee says that she heard them.

use std::ops::Range;

use crate::domain::Span;
use crate::extract::lexicon::cues::{Frames, LEXICON, Tense};
use crate::extract::lexicon::lists::is_closed;
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::{Layout, Quotation};

use crate::extract::model::heads::calibration::RawOdds;
use crate::extract::model::reading::Reading;

/// Verbs before whose object a bare verb or a participle of speech may stand.
const PERCEIVES: &[&str] = &[
    "hear",
    "hears",
    "heard",
    "hearing",
    "overhear",
    "overheard",
    "see",
    "saw",
    "seen",
    "watch",
    "watched",
    "let",
    "made",
    "make",
];
/// Who may hear, right before the verb, or before "had" and "could".
const HEARERS: &[&str] = &[
    "i", "we", "he", "she", "they", "you", "who", "nobody", "everyone",
];
const HELPERS: &[&str] = &[
    "had", "has", "have", "could", "also", "then", "never", "once",
];
/// Maximum number of tokens of who is heard.
const LONGEST_SPEAKER: usize = 9;

/// Somebody whose speech is heard.
struct Heard {
    hearer: Option<usize>,
    speaker: Span,
    cue: Span,
    quotation: Span,
}

/// Gives heard quotations to those who speak them, and to who tells of it all that was heard.
pub(in crate::extract::model) fn settle(layout: &Layout<'_>, readings: &mut Vec<Reading>) {
    let closed = layout
        .quotations
        .iter()
        .filter(|quotation| quotation.inner.len() > 1);
    for heard in closed.filter_map(|quotation| heard(layout, quotation)) {
        let mut is_read = false;
        for reading in readings.iter_mut() {
            if reading.cue.iter().any(|cue| cue.overlaps(heard.cue)) {
                reading.source = vec![heard.speaker];
                is_read = true;
            } else if let Some(start) = heard.hearer {
                let said = reading
                    .content
                    .iter_mut()
                    .find(|content| content.start == heard.quotation.start);
                let told = reading.cue.iter().all(|cue| cue.end <= start);
                if let Some(content) = said.filter(|_| told) {
                    content.start = start;
                }
            }
        }
        if !is_read {
            readings.push(Reading {
                source: vec![heard.speaker],
                cue: vec![heard.cue],
                content: vec![heard.quotation],
                odds: RawOdds::AS_PRINTED,
            });
        }
    }
}

/// "heard Bob Ray shout" right before a quotation.
fn heard(layout: &Layout<'_>, quotation: &Quotation) -> Option<Heard> {
    let mut verb = layout.token_from(quotation.span.start).checked_sub(1)?;
    if matches!(layout.word(verb), "," | ":") {
        verb = verb.checked_sub(1)?;
    }
    let spoken = LEXICON
        .readings(&layout.word(verb).to_lowercase())
        .iter()
        .any(|form| {
            matches!(form.tense, Tense::Base | Tense::Ing)
                && LEXICON.entry(*form).frames.has(Frames::QUOTE)
        });
    let least = verb.saturating_sub(LONGEST_SPEAKER + 1);
    let perceives = (least..verb.saturating_sub(1))
        .rev()
        .find(|token| is_one_of(layout.word(*token), PERCEIVES))?;
    let speaker = perceives + 1..verb;
    let fits = spoken && is_plain(layout, &speaker) && is_near(layout, perceives, quotation);
    fits.then(|| Heard {
        hearer: hearer(layout, perceives).map(|token| layout.tokens[token].span.start),
        speaker: span(layout, &speaker),
        cue: layout.tokens[verb].span,
        quotation: quotation.span,
    })
}

/// The first token of a pronoun that hears, with what helps the verb.
fn hearer(layout: &Layout<'_>, perceives: usize) -> Option<usize> {
    let mut token = perceives.checked_sub(1)?;
    while token > 0 && is_one_of(layout.word(token), HELPERS) {
        token -= 1;
    }
    is_one_of(layout.word(token), HEARERS).then_some(token)
}

/// True for words of a name or description: no marks, and no small words but an article or an owner first.
fn is_plain(layout: &Layout<'_>, speaker: &Range<usize>) -> bool {
    speaker.clone().all(|token| {
        let word = layout.word(token);
        let first = token == speaker.start;
        word.starts_with(char::is_alphanumeric)
            && (first || !is_closed(word) || is_one_of(word, &["of", "the", "for"]))
    })
}

fn is_near(layout: &Layout<'_>, token: usize, quotation: &Quotation) -> bool {
    layout.blocks[quotation.block]
        .span
        .contains(layout.tokens[token].span)
}

fn span(layout: &Layout<'_>, tokens: &Range<usize>) -> Span {
    Span::new(
        layout.tokens[tokens.start].span.start,
        layout.tokens[tokens.end - 1].span.end,
    )
}

#[cfg(test)]
mod tests {
    use super::{Reading, settle};
    use crate::domain::Span;
    use crate::text::Layout;

    /// The model reads the quotation as what `source` says with `cue`.
    fn check(text: &str, source: &str, cue: &str, expect: &[(&str, &str)]) {
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let quotation = Span::new(text.find(['"', '“', '‘']).unwrap(), text.len());
        let mut readings = vec![Reading::as_printed(at(source), at(cue), quotation)];
        settle(&Layout::new(text, None), &mut readings);
        let found: Vec<_> = readings.iter().map(|reading| reading.words(text)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn who_is_heard_speaks() {
        check(
            "Ann Lee told the court she heard Bob Ray shout, \"It is going!\"",
            "Ann Lee",
            "told",
            &[
                ("Ann Lee", "she heard Bob Ray shout, \"It is going!\""),
                ("Bob Ray", "\"It is going!\""),
            ],
        );
        check(
            "Aiko Tanaka said they had overheard the driver say: “Hold on.”",
            "Aiko Tanaka",
            "said",
            &[
                (
                    "Aiko Tanaka",
                    "they had overheard the driver say: “Hold on.”",
                ),
                ("the driver", "“Hold on.”"),
            ],
        );
        check(
            "Chinedu Okafor heard a neighbour shouting, ‘Fire!’",
            "Chinedu Okafor",
            "shouting",
            &[("a neighbour", "‘Fire!’")],
        );
    }

    #[test]
    fn others_speak_for_themselves() {
        check(
            "Ann Lee heard it and Bob Ray said, \"It is going!\"",
            "Bob Ray",
            "said",
            &[("Bob Ray", "\"It is going!\"")],
        );
    }
}
