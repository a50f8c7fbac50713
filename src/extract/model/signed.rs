//! Quotations signed with a name behind a dash: "“It is over.” — Ann Lee", as in pull quotes and in lists of voices. The
//! name may stand on a line of its own below. What the layout says outright overrules what the model reads there.

use crate::domain::Span;
use crate::text::{Layout, trim};

use super::reading::Reading;

const MARKS: &[char] = &['"', '“', '”', '„', '«', '»'];
const DASHES: &[char] = &['—', '–', '―', '‒', '-'];
/// Bytes of a name with what it is followed by: "Ann Lee, the mayor of a town by the sea".
const LONGEST_SIGNATURE: usize = 100;
/// Lower-case words inside a name.
const PARTICLES: &[&str] = &[
    "al", "and", "bin", "da", "de", "del", "der", "di", "du", "el", "la", "le", "of", "the", "van",
    "von",
];

/// A dash and the name behind it.
struct Signature {
    dash: Span,
    name: Span,
}

/// Puts the attributions of signed quotations in the place of what was read at their dashes and names.
pub(super) fn settle(layout: &Layout<'_>, readings: &mut Vec<Reading>) {
    let mut before: Option<Span> = None;
    for block in layout.blocks.iter().map(|block| block.span) {
        if let Some((quotation, signature)) = signed(layout.text, before, block) {
            let end = signature.name.end;
            let signs = |cue: &Span| cue.start >= signature.dash.start && cue.end <= end;
            readings.retain(|reading| !reading.cue.iter().any(signs));
            let (source, cue) = (signature.name, signature.dash);
            readings.push(Reading::as_printed(source, cue, quotation));
        }
        before = Some(block);
    }
}

/// The quotation that `block` signs, which is in the block or is all of the one before.
fn signed(text: &str, before: Option<Span>, block: Span) -> Option<(Span, Signature)> {
    let words = block.slice(text);
    if words.starts_with(DASHES) {
        let quotation = before.filter(|before| is_quotation(before.slice(text)))?;
        return Some((quotation, signature(text, block.start, block)?));
    }
    if !words.starts_with(MARKS) {
        return None;
    }
    let close = words.rfind(MARKS)?;
    let close = block.start + close + words[close..].chars().next()?.len_utf8();
    let quotation = Span::new(block.start, close);
    Some((quotation, signature(text, close, block)?))
        .filter(|_| is_quotation(quotation.slice(text)))
}

/// True if a mark opens and a mark closes `words`; some type a closing one in both places.
fn is_quotation(words: &str) -> bool {
    words.starts_with(MARKS) && words.ends_with(MARKS) && words.contains(char::is_alphanumeric)
}

/// The dash at `start` and the name behind it, if nothing else stands up to the end of `block`.
fn signature(text: &str, start: usize, block: Span) -> Option<Signature> {
    let rest = trim(text, Span::new(start, block.end));
    let behind = rest.slice(text).trim_start_matches(DASHES);
    let dash = Span::new(rest.start, rest.end - behind.len());
    let behind = behind.trim_start();
    let start = rest.end - behind.len();
    let name = behind.trim_end_matches('.');
    let fits = !dash.is_empty() && name.len() <= LONGEST_SIGNATURE && is_name(name);
    fits.then(|| Signature {
        dash,
        name: Span::new(start, start + name.len()),
    })
}

/// True for words of which those before the first comma are all capitalised, but for particles.
fn is_name(words: &str) -> bool {
    let capitalised = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c == '@' || c == '(')
            || PARTICLES.contains(&word)
    };
    let name = words.split(',').next().unwrap_or_default();
    words.starts_with(|c: char| c.is_uppercase() || c == '@')
        && !words.contains(MARKS)
        && name.split_whitespace().all(capitalised)
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
        let found: Vec<_> = readings
            .iter()
            .map(|reading| {
                (
                    reading.source[0].slice(text),
                    reading.content[0].slice(text),
                )
            })
            .collect();
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
