//! Quotations signed with a name after a dash: "“It is over.” — Ann Lee", as in pull quotes and in lists of voices. The
//! name may stand on a line of its own below. What the layout says outright overrules what the model reads there.

use crate::domain::{BlockKind, Span};
use crate::text::{Layout, trim};

use super::label::{LONGEST_SIGNATURE, is_name};

use crate::extract::model::reading::Reading;

const MARKS: &[char] = &['"', '“', '”', '„', '«', '»'];
const DASHES: &[char] = &['—', '–', '―', '‒', '-'];

/// A quotation, and the dash and the name that sign it.
struct Signed {
    quotation: Span,
    dash: Span,
    name: Span,
}

/// Puts the attributions of signed quotations in the place of what was read at their dashes and names.
pub(super) fn settle(layout: &Layout<'_>, readings: &mut Vec<Reading>) {
    let mut all: Vec<Signed> = Vec::new();
    for (index, block) in layout.blocks.iter().enumerate() {
        let before = index
            .checked_sub(1)
            .map(|before| layout.blocks[before].span);
        let next = layout.blocks.get(index + 1).map(|next| next.kind);
        // Dashes in front of several lines make a list.
        let begins_list = block.kind == BlockKind::ListItem && next == Some(BlockKind::ListItem);
        all.extend(signed(
            layout.text,
            before.filter(|_| !begins_list),
            block.span,
        ));
    }
    let is_signature = |cue: &Span| {
        let at = all.partition_point(|signed| signed.name.end < cue.end);
        all.get(at)
            .is_some_and(|signed| signed.dash.start <= cue.start)
    };
    readings.retain(|reading| !reading.cue.iter().any(is_signature));
    let found = all.iter();
    readings
        .extend(found.map(|found| Reading::as_printed(found.name, found.dash, found.quotation)));
}

/// The quotation that `block` signs, which is in the block or is all of the one `before`.
fn signed(text: &str, before: Option<Span>, block: Span) -> Option<Signed> {
    let words = block.slice(text);
    let quotation = if words.starts_with(DASHES) {
        before?
    } else {
        let close = block.start + words.rfind(MARKS)?;
        let mark = text[close..].chars().next()?;
        Span::new(block.start, close + mark.len_utf8())
    };
    if !is_quotation(quotation.slice(text)) {
        return None;
    }
    let (dash, name) = signature(text, Span::new(quotation.end.max(block.start), block.end))?;
    Some(Signed {
        quotation,
        dash,
        name,
    })
}

/// True if a mark opens and a mark closes `words`; some type a closing one in both places.
fn is_quotation(words: &str) -> bool {
    words.starts_with(MARKS) && words.ends_with(MARKS) && words.contains(char::is_alphanumeric)
}

/// The dash that `rest` begins with and the name after it, if nothing else stands there.
fn signature(text: &str, rest: Span) -> Option<(Span, Span)> {
    let rest = trim(text, rest);
    let behind = rest.slice(text).trim_start_matches(DASHES);
    let dash = Span::new(rest.start, rest.end - behind.len());
    let behind = behind.trim_start();
    let start = rest.end - behind.len();
    let name = behind.trim_end_matches('.');
    let fits = !dash.is_empty() && name.len() <= LONGEST_SIGNATURE && is_name(name);
    fits.then(|| (dash, Span::new(start, start + name.len())))
}

#[cfg(test)]
mod tests {
    use super::{Reading, settle};
    use crate::domain::Span;
    use crate::text::Layout;

    /// Source and content of what is signed in `text`.
    fn check(text: &str, expect: &[(&str, &str)]) {
        let mut readings = Vec::new();
        settle(&Layout::new(text, None), &mut readings);
        let found: Vec<_> = readings.iter().map(|reading| reading.words(text)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_name_behind_a_dash_signs_a_quotation() {
        check("“It is over.” — Ann Lee", &[("Ann Lee", "“It is over.”")]);
        check(
            "\"It is over.\"\u{a0}-- Ann van der Lee, a teacher.",
            &[("Ann van der Lee, a teacher", "\"It is over.\"")],
        );
        check(
            "”He said “no” to us.” ― Ann Lee\n\n“Never.”― Bo Dam\n\n",
            &[("Ann Lee", "”He said “no” to us.”"), ("Bo Dam", "“Never.”")],
        );
        check(
            "It rained.\n\n“It is over.”\n\n– Ann Lee\n\nIt rained.",
            &[("Ann Lee", "“It is over.”")],
        );
    }

    #[test]
    fn other_dashes_sign_nothing() {
        check("“It is over” — Ann Lee said so", &[]);
        check("“It is over” – and it was.", &[]);
        check("It is “over” — Ann Lee", &[]);
        check("It rained.\n\n— Ann Lee", &[]);
        check("“It is over.” — ", &[]);
        check("“” — Ann Lee", &[]);
        check("“It is over.”\n\n- Ann Lee\n- Bo Dam\n", &[]);
        check("“It is over.” Ann Lee", &[]);
        check("“Do svidaniya!” - Russian for “goodbye.”", &[]);
    }

    #[test]
    fn the_signature_overrules_the_model() {
        let text = "“It is over,” she said. “All of it.” — Ann Lee";
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let mut readings = vec![
            Reading::as_printed(at("she"), at("said"), at("“It is over,”")),
            Reading::as_printed(at("Lee"), at("—"), at("“All of it.”")),
        ];
        settle(&Layout::new(text, None), &mut readings);
        let sources: Vec<_> = readings.iter().map(|r| r.source[0].slice(text)).collect();
        assert_eq!(sources, ["she", "Ann Lee"]);
    }
}
