//! Headlines: "'Stop it now': Halloran on the ferry", "Ferry unsafe: Halloran", "Ferry unsafe, says mayor".

use crate::domain::{BlockKind, Span};
use crate::extract::lexicon::lists::{forename_gender, is_title};
use crate::extract::lexicon::nouns::is_one_of;
use crate::extract::model::heads::calibration::RawOdds;
use crate::extract::model::reading::Reading;
use crate::text::{Layout, trim};

use super::label::{is_kicker, is_name, is_office, is_speaker};
use super::taken::{is_taken, quotation_at};

/// Maximum number of words of a source in a headline.
const MOST_WORDS: usize = 6;
/// Words that begin what a speaker speaks about or to.
const TOPICS: &[&str] = &[
    "on", "about", "over", "after", "as", "at", "in", "to", "ahead", "amid", "before",
];
/// Verbs of a headline that name who says it at its end.
const SAYS: &[&str] = &[
    "says", "say", "said", "warns", "warn", "claims", "claim", "insists", "insist", "tells",
    "finds",
];

/// Adds what headlines say outright, and the sources that the model missed in them.
pub(super) fn settle(layout: &Layout<'_>, readings: &mut Vec<Reading>) {
    let titles = layout
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Title);
    for title in titles.map(|block| block.span) {
        if let Some((content, comma)) = said_at_end(layout, title) {
            name_source(layout, readings, title, content, comma);
        }
        let found = quoted_first(layout, title)
            .or_else(|| named_last(layout, title))
            .or_else(|| quoted_last(layout, title))
            .or_else(|| named_first(layout, title, readings));
        let Some(found) = found else { continue };
        if !is_taken(readings, found.content[0]) {
            readings.push(found);
        }
    }
}

/// "'Stop it now': Halloran on the ferry".
fn quoted_first(layout: &Layout<'_>, title: Span) -> Option<Reading> {
    let quotation = quotation_at(layout, title.start)?;
    let rest = trim(layout.text, Span::new(quotation.end, title.end));
    let behind = rest
        .slice(layout.text)
        .trim_start_matches([':', '-', '–', '—']);
    let mark = Span::new(rest.start, rest.end - behind.len());
    let source = before_topic(
        layout.text,
        trim(layout.text, Span::new(mark.end, rest.end)),
    )?;
    (!mark.is_empty()).then(|| Reading::as_printed(source, mark, quotation))
}

/// "Ferry unsafe: Halloran".
fn named_last(layout: &Layout<'_>, title: Span) -> Option<Reading> {
    let (head, colon, tail) = around_colon(layout.text, title)?;
    let (before, after) = (head.slice(layout.text), tail.slice(layout.text));
    let words: Vec<&str> = after.split_whitespace().collect();
    let is_source = is_speaker(after) || words.iter().all(|word| is_office(word));
    let fits = words.len() <= MOST_WORDS
        && is_source
        && !words.iter().any(|word| is_kicker(word))
        && before.split_whitespace().count() > 1
        && !begins_with_person(before)
        && (!is_name(before)
            || begins_with_person(after)
            || words.iter().all(|word| is_office(word)));
    fits.then(|| Reading::as_printed(tail, colon, head))
}

/// "Halloran on the ferry: 'Stop it now'".
fn quoted_last(layout: &Layout<'_>, title: Span) -> Option<Reading> {
    let (head, colon, tail) = around_colon(layout.text, title)?;
    let quotation = quotation_at(layout, tail.start)?;
    let is_all = !layout.text[quotation.end..title.end].contains(char::is_alphanumeric);
    let source = before_topic(layout.text, head)?;
    is_all.then(|| Reading::as_printed(source, colon, quotation))
}

/// "Halloran: Ferry unsafe", where the text tells that somebody of this name speaks.
fn named_first(layout: &Layout<'_>, title: Span, readings: &[Reading]) -> Option<Reading> {
    let (head, colon, tail) = around_colon(layout.text, title)?;
    let name = head.slice(layout.text);
    let last = name.split_whitespace().next_back()?;
    let speaks = readings
        .iter()
        .flat_map(|reading| &reading.source)
        .any(|source| {
            source
                .slice(layout.text)
                .split_whitespace()
                .any(|word| word == last)
        });
    (speaks && is_speaker(name)).then(|| Reading::as_printed(head, colon, tail))
}

/// What stands before the last colon of a headline that white space follows, the colon, and what follows.
fn around_colon(text: &str, title: Span) -> Option<(Span, Span, Span)> {
    let at = title.start + title.slice(text).rfind(": ")?;
    let colon = Span::new(at, at + 1);
    let head = trim(text, Span::new(title.start, at));
    let tail = trim(text, Span::new(at + 1, title.end));
    (!head.is_empty() && !tail.is_empty()).then_some((head, colon, tail))
}

/// The speaker who `words` name, up to where they say about what or to whom he speaks.
fn before_topic(text: &str, words: Span) -> Option<Span> {
    let mut end = words.start;
    for word in words.slice(text).split_whitespace() {
        let at = text[end..words.end].find(word)? + end;
        if is_one_of(word, TOPICS) {
            break;
        }
        end = at + word.len();
    }
    let name = Span::new(words.start, end);
    let label = name.slice(text);
    let plain = label.split_whitespace().all(is_office);
    let fits = label.split_whitespace().count() <= MOST_WORDS && (is_speaker(label) || plain);
    (fits && !name.is_empty()).then_some(name)
}

/// "Ferry unsafe, says mayor": what is said, and the comma.
fn said_at_end(layout: &Layout<'_>, title: Span) -> Option<(Span, Span)> {
    let words = title.slice(layout.text);
    let comma = words.rfind(", ")?;
    let verb = words[comma + 2..].split_whitespace().next()?;
    let source = words[comma + 2 + verb.len()..].trim();
    let fits = is_one_of(verb, SAYS)
        && (1..=MOST_WORDS).contains(&source.split_whitespace().count())
        && !source.contains(',');
    let at = title.start + comma;
    fits.then(|| (Span::new(title.start, at), Span::new(at, at + 1)))
}

/// Gives the reading at the verb after `comma` what follows it as source, or adds one.
fn name_source(
    layout: &Layout<'_>,
    readings: &mut Vec<Reading>,
    title: Span,
    content: Span,
    comma: Span,
) {
    let behind = trim(layout.text, Span::new(comma.end, title.end));
    let length = behind
        .slice(layout.text)
        .find(char::is_whitespace)
        .unwrap_or(behind.len());
    let verb = Span::new(behind.start, behind.start + length);
    let source = trim(layout.text, Span::new(verb.end, title.end));
    match readings
        .iter()
        .position(|reading| reading.cue.contains(&verb))
    {
        Some(at) if readings[at].source.is_empty() => {
            readings[at].source.push(source);
            readings[at].odds = RawOdds::AS_PRINTED;
        }
        None if !is_taken(readings, content) => {
            readings.push(Reading::as_printed(source, verb, content));
        }
        _ => {}
    }
}

/// True for words that begin with a forename or a title.
fn begins_with_person(words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or_default();
    forename_gender(first).is_some() || is_title(first)
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::text::Layout;

    fn check(title: &str, expect: Option<(&str, &str)>) {
        let text = format!("{title}\n\nThe ferry was stopped.");
        let mut readings = Vec::new();
        settle(&Layout::new(&text, None), &mut readings);
        assert_eq!(
            readings.first().map(|reading| reading.words(&text)),
            expect,
            "{title}"
        );
    }

    #[test]
    fn headlines_name_who_says_so() {
        let stop = Some(("Halloran", "'We should stop it now'"));
        check("'We should stop it now': Halloran on the ferry", stop);
        check("'We should stop it now' - Halloran", stop);
        check("Halloran on the ferry: 'We should stop it now'", stop);
        check(
            "“It is late”: Nguyễn Thị Mai after the vote",
            Some(("Nguyễn Thị Mai", "“It is late”")),
        );
        check("Ferry unsafe: Halloran", Some(("Halloran", "Ferry unsafe")));
        check(
            "Ferry was never safe: union chief",
            Some(("union chief", "Ferry was never safe")),
        );
        check(
            "Bank to keep rates low: Chinedu Okafor",
            Some(("Chinedu Okafor", "Bank to keep rates low")),
        );
        check(
            "'Hundreds' stranded by flood, says mayor",
            Some(("mayor", "'Hundreds' stranded by flood")),
        );
        check(
            "Bridge is safe, say police",
            Some(("police", "Bridge is safe")),
        );
    }

    #[test]
    fn other_headlines_are_nobody_s() {
        for title in [
            "Ferry strike: what we know",
            "Analysis: the ferry",
            "Ferry Port: The Long Goodbye",
            "'Ghost road' plan sparks row",
            "Weather, news and sport",
            "Ferry timetable: Video",
        ] {
            check(title, None);
        }
    }
}
