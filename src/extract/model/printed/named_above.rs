//! Voices of the street: a name on a line of its own, and below it what its bearer says.

use crate::domain::{Block, Span};
use crate::extract::model::reading::Reading;
use crate::text::Layout;

use super::label::is_speaker;
use super::labelled::item;
use super::taken::{is_taken, quotation_at};

/// Adds the quotations that are whole blocks below a name. A single one counts only right below, for a name above a
/// paragraph of its own may be a heading.
pub(super) fn settle(layout: &Layout<'_>, readings: &mut Vec<Reading>) {
    let pairs: Vec<(Span, Span)> = layout
        .blocks
        .windows(2)
        .filter_map(|pair| named(layout, pair[0], pair[1]))
        .filter(|(_, quotation)| !is_taken(readings, *quotation))
        .collect();
    let close = |(name, quotation): &(Span, Span)| {
        layout.text[name.end..quotation.start].matches('\n').count() < 2
    };
    let several = pairs.len() > 1;
    for (name, quotation) in pairs.into_iter().filter(|pair| several || close(pair)) {
        readings.push(Reading {
            cue: Vec::new(),
            ..Reading::as_printed(name, name, quotation)
        });
    }
}

/// A name that is all of one block, and the quotation that is all of the next.
fn named(layout: &Layout<'_>, above: Block, below: Block) -> Option<(Span, Span)> {
    let name = item(layout.text, above.span);
    let words = name.slice(layout.text);
    let has_end = words.ends_with(['.', '?', '!', ';']);
    let quotation = quotation_at(layout, below.span.start)?;
    let rest = Span::new(quotation.end, below.span.end).slice(layout.text);
    let end = words.trim_end_matches(':').len();
    let speaker = &words[..end];
    let fits = !has_end
        && !rest.contains(char::is_alphanumeric)
        && is_speaker(speaker)
        && (speaker.contains(' ') || speaker.contains(','));
    fits.then(|| (Span::new(name.start, name.start + end), quotation))
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::text::Layout;

    fn check(text: &str, expect: &[(&str, &str)]) {
        let mut readings = Vec::new();
        settle(&Layout::new(text, None), &mut readings);
        let found: Vec<_> = readings.iter().map(|reading| reading.words(text)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_name_above_a_quotation_speaks() {
        check(
            "Greta Falk, teacher\n\"Build it now.\"\n\nIvo Stern, baker\n\"Let them vote.\"",
            &[
                ("Greta Falk, teacher", "\"Build it now.\""),
                ("Ivo Stern, baker", "\"Let them vote.\""),
            ],
        );
        check(
            "Amina Yusuf, 31, nurse\n‘It is late.’",
            &[("Amina Yusuf, 31, nurse", "‘It is late.’")],
        );
        check(
            "Kim Ji-woo (student)\n\n“Never.”\n\nTama Rangi, fisher\n\n“Always.”",
            &[
                ("Kim Ji-woo (student)", "“Never.”"),
                ("Tama Rangi, fisher", "“Always.”"),
            ],
        );
    }

    #[test]
    fn headings_speak_not() {
        check("The bridge will close\n“Build it now.”", &[]);
        check("Ferry Strike\n\n“Build it now.”", &[]);
        check("Ann Lee left.\n“Build it now.”", &[]);
        check("Ann Lee\n“Build” is the word.", &[]);
    }
}
