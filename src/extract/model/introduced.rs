//! Quotations that stand in a paragraph of their own, behind one that ends with a colon: "The mayor said:". The model
//! reads paragraph by paragraph; there it finds source and cue, and the content is the quotation behind.

use crate::domain::Span;
use crate::text::{Layout, Quotation};

use super::reading::Reading;
use super::turns::Turns;

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
}

/// The quotation that opens the block behind the cue's, if the cue's ends with a colon and nothing but a few words
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
