//! HTML in a text: tags are left out and entities decoded, and every place of what is left is known in the text as it was
//! received.

use crate::domain::Span;

/// Maximum length of a tag that is looked for, in bytes: "<" in a text without tags must not be searched to its end.
const LONGEST_TAG: usize = 1_000;
/// Maximum length of an entity, in bytes.
const LONGEST_ENTITY: usize = 12;

/// Tags that end a paragraph.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "ol",
    "p",
    "section",
    "table",
    "tr",
    "ul",
];
/// Tags that end a line.
const LINES: &[&str] = &["br", "li", "td", "th"];
/// Tags inside a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "body", "cite", "code", "doctype", "em", "font", "html", "i", "img", "mark",
    "meta", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u",
];
/// Tags whose content nobody reads.
const HIDDEN: &[&str] = &["head", "noscript", "script", "style"];

/// Entities by name, those that stand in news.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("apos", "'"),
    ("bull", "•"),
    ("euro", "€"),
    ("gt", ">"),
    ("hellip", "…"),
    ("laquo", "«"),
    ("ldquo", "“"),
    ("lsquo", "‘"),
    ("lt", "<"),
    ("mdash", "—"),
    ("nbsp", "\u{a0}"),
    ("ndash", "–"),
    ("pound", "£"),
    ("quot", "\""),
    ("raquo", "»"),
    ("rdquo", "”"),
    ("rsquo", "’"),
    ("shy", "\u{ad}"),
    ("aacute", "á"),
    ("agrave", "à"),
    ("aring", "å"),
    ("atilde", "ã"),
    ("auml", "ä"),
    ("ccedil", "ç"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("euml", "ë"),
    ("iacute", "í"),
    ("ntilde", "ñ"),
    ("oacute", "ó"),
    ("oslash", "ø"),
    ("ouml", "ö"),
    ("szlig", "ß"),
    ("uacute", "ú"),
    ("uuml", "ü"),
    ("Aacute", "Á"),
    ("Aring", "Å"),
    ("Auml", "Ä"),
    ("Eacute", "É"),
    ("Oslash", "Ø"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
];

/// A text without its markup.
#[derive(Debug)]
pub struct Plain {
    /// What a reader sees.
    pub text: String,
    /// Pieces in order: where each begins in the plain text and in the received one, and whether it is the same there.
    pieces: Vec<Piece>,
}

/// Some of the plain text.
#[derive(Debug, Clone, Copy)]
struct Piece {
    plain: usize,
    received: Span,
    /// Byte for byte as received; else it stands for all of `received`.
    copied: bool,
}

impl Plain {
    /// The text without markup, `None` where it has none.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut plain = Self {
            text: String::new(),
            pieces: Vec::new(),
        };
        let mut reader = Reader::default();
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = text[at..].find(['<', '&']) {
            let start = at + found;
            let Some((length, stands_for)) = reader.markup(&text[start..]) else {
                at = start + 1;
                continue;
            };
            plain.push(text, Span::new(copied, start), None);
            plain.push(text, Span::new(start, start + length), Some(&stands_for));
            at = start + length;
            copied = at;
        }
        if copied == 0 {
            return None;
        }
        plain.push(text, Span::new(copied, text.len()), None);
        Some(plain)
    }

    fn push(&mut self, text: &str, received: Span, stands_for: Option<&str>) {
        let words = stands_for.unwrap_or_else(|| received.slice(text));
        if !words.is_empty() {
            self.pieces.push(Piece {
                plain: self.text.len(),
                received,
                copied: stands_for.is_none(),
            });
            self.text.push_str(words);
        }
    }

    /// Where words of the plain text stand in the received one.
    #[must_use]
    pub fn received(&self, span: Span) -> Span {
        if span.is_empty() {
            let at = self
                .piece(span.start)
                .map_or(0, |piece| place(piece, span.start).start);
            return Span::new(at, at);
        }
        let first = self
            .piece(span.start)
            .map_or(0, |piece| place(piece, span.start).start);
        let last = self
            .piece(span.end - 1)
            .map_or(first, |piece| place(piece, span.end - 1).end);
        Span::new(first, last)
    }

    /// The piece that the byte at `plain` belongs to.
    fn piece(&self, plain: usize) -> Option<&Piece> {
        let behind = self.pieces.partition_point(|piece| piece.plain <= plain);
        self.pieces[..behind].last()
    }
}

/// Where one byte of a piece stands as received: all of an entity for each byte of what it stands for.
fn place(piece: &Piece, plain: usize) -> Span {
    let start = piece.received.start + (plain - piece.plain);
    if piece.copied {
        Span::new(start, start + 1)
    } else {
        piece.received
    }
}

/// Reads markup. What nothing ends is searched to the end of the text once, not at every place.
#[derive(Default)]
struct Reader {
    never_ends: Vec<String>,
}

impl Reader {
    /// The length of the tag or entity that `rest` begins with, and what stands for it in the plain text.
    fn markup(&mut self, rest: &str) -> Option<(usize, String)> {
        if rest.starts_with('&') {
            return entity(rest);
        }
        if rest.starts_with("<!--") {
            return self
                .up_to(rest, "-->")
                .map(|length| (length, String::new()));
        }
        let (name, length) = tag(rest)?;
        let is = |list: &[&str]| list.contains(&name.as_str());
        if is(HIDDEN) {
            let all = self.up_to(rest, &format!("</{name}>"));
            return Some((all.unwrap_or(length), String::new()));
        }
        let stands_for = if is(BLOCKS) {
            "\n\n"
        } else if is(LINES) {
            "\n"
        } else if is(INLINE) {
            ""
        } else {
            return None;
        };
        Some((length, stands_for.to_owned()))
    }

    /// The length of `rest` up to and with `end`, in any letters.
    fn up_to(&mut self, rest: &str, end: &str) -> Option<usize> {
        if self.never_ends.iter().any(|never| never == end) {
            return None;
        }
        let first = &end[..1];
        let is_end = |at: &usize| {
            let found = rest.get(*at..at + end.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(end))
        };
        let found = rest.match_indices(first).map(|(at, _)| at).find(is_end);
        if found.is_none() {
            self.never_ends.push(end.to_owned());
        }
        found.map(|at| at + end.len())
    }
}

/// The name and the length of the tag that `rest` begins with.
fn tag(rest: &str) -> Option<(String, usize)> {
    let bytes = &rest.as_bytes()[..rest.len().min(LONGEST_TAG)];
    let end = bytes.iter().position(|byte| *byte == b'>')?;
    let inner = rest[1..end].trim_start_matches(['/', '!']);
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let behind = &inner[name.len()..];
    let is_tag = behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || c == '/');
    is_tag.then(|| (name.to_ascii_lowercase(), end + 1))
}

fn entity(rest: &str) -> Option<(usize, String)> {
    let bytes = &rest.as_bytes()[..rest.len().min(LONGEST_ENTITY)];
    let end = bytes.iter().position(|byte| *byte == b';')?;
    let name = &rest[1..end];
    let decoded = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')?.to_string()
        }
        None => ENTITIES
            .iter()
            .find(|(known, _)| *known == name)?
            .1
            .to_owned(),
    };
    Some((end + 1, decoded))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Plain, Span};

    fn check(text: &str, expect: &str, words: &str, received: &str) {
        let plain = Plain::of(text).unwrap();
        assert_eq!(plain.text, expect);
        let at = plain.text.find(words).unwrap();
        let span = plain.received(Span::new(at, at + words.len()));
        assert_eq!(span.slice(text), received, "{text}");
    }

    #[test]
    fn tags_and_entities_are_read_as_they_are_shown() {
        check(
            "<p>&ldquo;It is over,&rdquo; said <b>Ann</b> Lee.</p>",
            "\n\n“It is over,” said Ann Lee.\n\n",
            "“It is over,”",
            "&ldquo;It is over,&rdquo;",
        );
        check(
            "said <b>Ann</b> Lee",
            "said Ann Lee",
            "Ann Lee",
            "Ann</b> Lee",
        );
        check("AT&amp;T don&#8217;t", "AT&T don’t", "don’t", "don&#8217;t");
        check(
            "<!DOCTYPE html><script>var a = '<p>';</SCRIPT>Yes<br/>No",
            "Yes\nNo",
            "No",
            "No",
        );
        check(
            "<!-- no --><A href=\"x\">Jos&eacute;</A>",
            "José",
            "José",
            "Jos&eacute;",
        );
    }

    #[test]
    fn other_signs_are_no_markup() {
        for text in [
            "a < b and c > d",
            "R&D; B&B",
            "<Ann Lee> said",
            "it rained",
            "",
            "&nosuch;",
        ] {
            assert!(Plain::of(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_span_is_one_of_the_received_text(text in "(<p>|</b>|&amp;|&#233;|<br>|[a-zé ]{1,5}|<|&){0,40}") {
            if let Some(plain) = Plain::of(&text) {
                let cuts: Vec<usize> = (0..=plain.text.len()).filter(|at| plain.text.is_char_boundary(*at)).collect();
                for pair in cuts.windows(2) {
                    let span = plain.received(Span::new(pair[0], pair[1]));
                    prop_assert!(text.get(span.start..span.end).is_some_and(|words| !words.is_empty()));
                }
            }
        }
    }
}
