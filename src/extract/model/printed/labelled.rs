//! Quotations after a name and a colon, in lists and in voices of the street: "- Greta Falk (Green): “Build it.”"

use crate::domain::Span;
use crate::extract::model::reading::Reading;
use crate::text::{Layout, trim};

use super::label::is_speaker;
use super::taken::{is_taken, quotation_at};
use super::turns::Turns;

/// What may open an item of a list.
const BULLETS: &[char] = &['•', '-', '*', '–', '—', '▪', '◦', '■', '·', '‣', '►'];

/// Adds the quotations of blocks that are nothing but a name, a colon and a quotation.
pub(super) fn settle(layout: &Layout<'_>, turns: &Turns, readings: &mut Vec<Reading>) {
    for block in &layout.blocks {
        let Some((speaker, colon, words)) = labelled(layout, block.span) else {
            continue;
        };
        let is_read = readings.iter().any(|reading| {
            let at_colon = reading.cue.iter().any(|cue| cue.overlaps(colon));
            at_colon && !reading.source.is_empty()
        });
        if is_read || turns.begin_in(block.span) {
            continue;
        }
        readings.retain(|reading| !reading.cue.iter().any(|cue| cue.overlaps(colon)));
        if !is_taken(readings, words) {
            readings.push(Reading::as_printed(speaker, colon, words));
        }
    }
}

/// Speaker, colon and quotation of a block.
fn labelled(layout: &Layout<'_>, block: Span) -> Option<(Span, Span, Span)> {
    let item = item(layout.text, block);
    let words = item.slice(layout.text);
    let at = item.start + words.find(':')?;
    let speaker = trim(layout.text, Span::new(item.start, at));
    let said = trim(layout.text, Span::new(at + 1, block.end));
    let quotation = quotation_at(layout, said.start)?;
    let rest = Span::new(quotation.end, block.end).slice(layout.text);
    let is_all = !rest.contains(char::is_alphanumeric);
    (is_all && is_speaker(speaker.slice(layout.text)))
        .then(|| (speaker, Span::new(at, at + 1), quotation))
}

/// A block without its bullet or number.
pub(super) fn item(text: &str, block: Span) -> Span {
    let words = block.slice(text);
    let bare = words.trim_start_matches(BULLETS);
    let number = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number
        .strip_prefix(['.', ')'])
        .filter(|_| number.len() < words.len());
    let rest = numbered.unwrap_or(bare);
    let is_item = rest.starts_with(char::is_whitespace);
    let length = if is_item { rest.len() } else { words.len() };
    trim(text, Span::new(block.end - length, block.end))
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
    fn a_name_and_a_colon_introduce_a_quotation() {
        check(
            "What they say:\n\n- Greta Falk (Green): “Build it.”\n- Ivo Stern: \"Vote first.\"\n- Pia Lund says no.",
            &[
                ("Greta Falk (Green)", "“Build it.”"),
                ("Ivo Stern", "\"Vote first.\""),
            ],
        );
        check(
            "1. Nguyễn Thị Mai: 'It is late.'\n2) Chinedu Okafor, 34, baker: ‘Let us vote.’",
            &[
                ("Nguyễn Thị Mai", "'It is late.'"),
                ("Chinedu Okafor, 34, baker", "‘Let us vote.’"),
            ],
        );
        check("• The mayor: «No.»", &[("The mayor", "«No.»")]);
        check(
            "Teacher María de la Cruz: “Stop. Now!”",
            &[("Teacher María de la Cruz", "“Stop. Now!”")],
        );
    }

    #[test]
    fn other_colons_introduce_nobody() {
        check("- Update: “It is over.”", &[]);
        check("- Greta Falk: it is “over”.", &[]);
        check("- Greta Falk: “over” is what it is.", &[]);
        check("The question is: “Who pays?”", &[]);
        check("-5 degrees", &[]);
    }
}
