//! Quotations are said as a whole: what stands outside the marks speaks for all between them, and what speaks inside a
//! quotation has no word beyond the inner marks. The model cuts such contents where a second speaker is quoted.

use crate::domain::Span;
use crate::extract::model::reading::Reading;
use crate::text::{Closing, Layout, Quotation};

/// How many neighbours are looked at.
const NEAR: usize = 30;

/// Completes contents that end inside a quotation, and cuts those that run out of an inner one.
pub(super) fn settle(layout: &Layout<'_>, readings: &mut [Reading]) {
    for at in 0..readings.len() {
        if let Some(quotation) = called(layout, &readings[at]) {
            readings[at].content.push(quotation);
        }
        for piece in 0..readings[at].content.len() {
            let content = readings[at].content[piece];
            if let Some(quotation) = cut_short(layout, &readings[at], content)
                && !speaks_too(readings, at, quotation, content)
            {
                readings[at].content[piece].end = quotation.span.end;
                readings[at].content.retain(|other| {
                    *other == Span::new(content.start, quotation.span.end)
                        || !quotation.span.contains(*other)
                });
                break;
            }
            if let Some(inner) = run_out_of(layout, &readings[at], content) {
                readings[at].content[piece].end = inner.end;
            }
        }
    }
}

/// The quotation right after a cue of which the model has "what" alone: "what the owner called “a palace”".
fn called(layout: &Layout<'_>, reading: &Reading) -> Option<Span> {
    let ([content], Some(cue)) = (&reading.content[..], reading.cue.last()) else {
        return None;
    };
    let behind = &layout.text[cue.end..];
    let start = cue.end + (behind.len() - behind.trim_start().len());
    let is_what = content.slice(layout.text).eq_ignore_ascii_case("what");
    let quotation = is_what.then(|| closed(layout, start, |_| true)).flatten()?;
    Some(quotation.span)
}

/// The quotation that `content` begins and does not end, if the attribution stands outside it.
fn cut_short<'l>(
    layout: &'l Layout<'_>,
    reading: &Reading,
    content: Span,
) -> Option<&'l Quotation> {
    let quotation = closed(layout, content.start, |depth| depth == 0)?;
    let rest = content.end..quotation.inner.end;
    let is_cut = rest.start < rest.end && layout.text[rest].contains(char::is_alphabetic);
    let outside = anchors(reading).all(|span| !span.overlaps(quotation.span));
    (is_cut && outside && !reading.cue.is_empty()).then_some(quotation)
}

/// True if another attribution from outside `quotation` has words of it.
fn speaks_too(readings: &[Reading], at: usize, quotation: &Quotation, content: Span) -> bool {
    let near = at.saturating_sub(NEAR)..readings.len().min(at + NEAR);
    near.filter(|index| *index != at)
        .map(|index| &readings[index])
        .any(|other| {
            anchors(other).all(|span| !span.overlaps(quotation.span))
                && other
                    .content
                    .iter()
                    .any(|span| span.overlaps(quotation.span) && !span.overlaps(content))
        })
}

/// The inner quotation that `content` begins with and runs out of, if the attribution stands in the one around it.
fn run_out_of(layout: &Layout<'_>, reading: &Reading, content: Span) -> Option<Span> {
    let inner = closed(layout, content.start, |depth| depth > 0)?;
    let before = layout
        .quotations
        .partition_point(|quotation| quotation.span.start < inner.span.start);
    let near = layout.quotations[..before].iter().rev().take(NEAR);
    let outer = near
        .filter(|outer| outer.depth == 0)
        .find(|outer| outer.span.contains(inner.span))?;
    let inside = anchors(reading).all(|span| outer.span.contains(*span));
    (content.end > inner.span.end && inside).then_some(inner.span)
}

/// The closed quotation that begins at a place.
fn closed<'l>(
    layout: &'l Layout<'_>,
    start: usize,
    depth: impl Fn(usize) -> bool,
) -> Option<&'l Quotation> {
    let first = layout
        .quotations
        .partition_point(|quotation| quotation.span.start < start);
    layout.quotations.get(first).filter(|found| {
        found.span.start == start && found.closing == Closing::Closed && depth(found.depth)
    })
}

fn anchors(reading: &Reading) -> impl Iterator<Item = &Span> {
    reading.source.iter().chain(&reading.cue)
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::domain::Span;
    use crate::extract::model::reading::Reading;
    use crate::text::Layout;

    fn check(text: &str, cue: &str, content: &str, expect: &str) {
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let mut readings = vec![Reading::as_printed(at(cue), at(cue), at(content))];
        settle(&Layout::new(text, None), &mut readings);
        assert_eq!(readings[0].content[0].slice(text), expect, "{text}");
    }

    #[test]
    fn what_somebody_called_it_is_quoted() {
        let text = "It was what the owner called “a palace of mould”.";
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let mut readings = vec![Reading::as_printed(
            at("the owner"),
            at("called"),
            at("what"),
        )];
        settle(&Layout::new(text, None), &mut readings);
        assert_eq!(readings[0].content[1].slice(text), "“a palace of mould”");
    }

    #[test]
    fn a_quotation_is_whole() {
        let text = "Lee said: \"Asked, 'Do you?', Moss replied: 'I don't.' That was in May.\"";
        check(text, "Lee said", "\"Asked, 'Do you?',", &text[10..]);
        check(
            text,
            "Moss replied",
            "'I don't.' That was in May.\"",
            "'I don't.'",
        );
        let text = "“It is,” said Lee. “All of it.”";
        check(text, "said", "“It is,”", "“It is,”");
    }
}
