//! Quotations that stand in a paragraph of their own, after one that ends with a colon: "The mayor said:". The model
//! reads paragraph by paragraph; there it finds source and cue, and the content is the quotation after.

use crate::domain::Span;
use crate::text::{Layout, Quotation, trim};

use super::label::is_speaker;
use super::taken::{is_taken, quotation_at};
use super::turns::Turns;
use crate::extract::model::reading::Reading;

/// What introduces the words of somebody named after it.
const LEADS: &[&str] = &[
    "from the desk of ",
    "from the office of ",
    "in the words of ",
    "from ",
];
/// What may stand before it.
const OPENINGS: &[&str] = &[
    "",
    "and ",
    "also ",
    "then ",
    "this ",
    "and this ",
    "this, ",
    "and this, ",
    "this came ",
    "another ",
    "one more ",
    "more ",
    "finally, ",
    "and finally, ",
    "or, ",
];

/// Gives readings without content the quotation that their paragraph introduces, and drops those without any.
pub(super) fn settle(layout: &Layout<'_>, turns: &Turns, readings: &mut Vec<Reading>) {
    let mut taken: Vec<Span> = Vec::new();
    for reading in readings
        .iter_mut()
        .filter(|reading| reading.content.is_empty())
    {
        let quotation = introduced(layout, &reading.cue)
            .filter(|span| !taken.contains(span) && !turns.begin_in(*span));
        if let Some(span) = quotation {
            taken.push(span);
            reading.content.push(span);
        }
    }
    readings.retain(|reading| !reading.content.is_empty());
    for pair in layout.blocks.windows(2) {
        let found =
            told_from(layout.text, pair[0].span).zip(quotation_at(layout, pair[1].span.start));
        let Some(((source, cue), quotation)) = found else {
            continue;
        };
        if !is_taken(readings, quotation) && !turns.begin_in(quotation) {
            readings.push(Reading::as_printed(source, cue, quotation));
        }
    }
}

/// "And from Chairwoman Ann Lee:": the name, and the words before it.
fn told_from(text: &str, block: Span) -> Option<(Span, Span)> {
    let words = block.slice(text);
    let lower = words.to_ascii_lowercase();
    let opening = OPENINGS
        .iter()
        .filter_map(|opening| Some((opening.len(), lower.strip_prefix(opening)?)))
        .find_map(|(at, rest)| {
            LEADS
                .iter()
                .find(|lead| rest.starts_with(**lead))
                .map(|lead| (at, lead))
        });
    let (at, lead) = opening?;
    let name = Span::new(block.start + at + lead.len(), block.end);
    let end = name.slice(text).trim_end_matches([':', '.', ',']).len();
    let name = trim(text, Span::new(name.start, name.start + end));
    let cue = trim(text, Span::new(block.start + at, name.start));
    (end < block.end - (block.start + at + lead.len()) && is_speaker(name.slice(text)))
        .then_some((name, cue))
}

/// The quotation that opens the block after the cue's, if the cue's ends with a colon and nothing but a few words
/// stands between cue and colon.
fn introduced(layout: &Layout<'_>, cue: &[Span]) -> Option<Span> {
    const FAR: usize = 80;
    let cue = cue.last()?;
    let index = layout
        .blocks
        .partition_point(|block| block.span.end < cue.end);
    let (block, next) = (layout.blocks.get(index)?, layout.blocks.get(index + 1)?);
    let words = block.span.slice(layout.text);
    if !words.ends_with(':') || block.span.end - cue.end > FAR {
        return None;
    }
    let first = layout
        .quotations
        .partition_point(|quotation| quotation.block <= index);
    let opens = |quotation: &&Quotation| quotation.span.start == next.span.start;
    layout
        .quotations
        .get(first)
        .filter(opens)
        .map(|quotation| quotation.span)
}

#[cfg(test)]
mod tests {
    use super::{Reading, Turns, settle};
    use crate::domain::Span;
    use crate::extract::model::RawOdds;
    use crate::text::Layout;

    fn check(text: &str, cue: &str, expect: Option<&str>) {
        let at = text.find(cue).unwrap();
        let mut readings = vec![Reading {
            source: Vec::new(),
            cue: vec![Span::new(at, at + cue.len())],
            content: Vec::new(),
            odds: RawOdds::AS_PRINTED,
        }];
        settle(&Layout::new(text, None), &Turns::default(), &mut readings);
        let found = readings
            .first()
            .map(|reading| reading.content[0].slice(text));
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn words_from_somebody_are_theirs() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let mut readings = Vec::new();
            settle(&Layout::new(text, None), &Turns::default(), &mut readings);
            assert_eq!(
                readings.first().map(|reading| reading.words(text)),
                expect,
                "{text}"
            );
        };
        let words = "“It is over.”";
        let all = |lead: &str| format!("{lead}\n\n{words}");
        check(
            &all("And from Chairwoman Odile Marchand:"),
            Some(("Chairwoman Odile Marchand", words)),
        );
        check(
            &all("From the desk of Tomas Vey, chief analyst, Tideline Research."),
            Some(("Tomas Vey, chief analyst, Tideline Research", words)),
        );
        check(
            &all("This, from Senator Kwame Boateng:"),
            Some(("Senator Kwame Boateng", words)),
        );
        check(
            &all("In the words of Aiko Tanaka:"),
            Some(("Aiko Tanaka", words)),
        );
        check(&all("From Monday it will rain."), None);
        check(&all("From the hill:"), None);
    }

    #[test]
    fn a_colon_introduces_the_quotation_behind() {
        check(
            "Ann Lee said:\n\n“It is over.”",
            "said",
            Some("“It is over.”"),
        );
        check(
            "Ann Lee continued on the radio:\n\n\"It is over.\"\n\nIt rained.",
            "continued",
            Some("\"It is over.\""),
        );
        check("Ann Lee said.\n\n“It is over.”", "said", None);
        check("Ann Lee said:\n\nIt is “over”.", "said", None);
        check("Ann Lee said:", "said", None);
    }
}
