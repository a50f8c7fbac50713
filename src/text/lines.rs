//! Lines of a text, for every line break Unicode knows.

use crate::domain::Span;

/// The lines of `text` without their breaks and without surrounding white space; blank lines are empty spans.
///
/// Breaks are LF, CR, CR LF, vertical tab, form feed, NEL, U+2028 and U+2029 (Unicode Standard, section 5.8).
pub(super) fn lines(text: &str) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut previous = '\0';
    for (at, c) in text.char_indices() {
        if is_line_break(c) {
            if !(c == '\n' && previous == '\r' && start == at) {
                lines.push(trim(text, Span::new(start, at)));
            }
            start = at + c.len_utf8();
        }
        previous = c;
    }
    lines.push(trim(text, Span::new(start, text.len())));
    lines
}

/// `span` without the white space at its ends.
pub(crate) fn trim(text: &str, span: Span) -> Span {
    let slice = span.slice(text);
    let start = span.start + (slice.len() - slice.trim_start().len());
    let end = start + slice.trim().len();
    Span::new(start, end)
}

fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn every_line_break_ends_a_line() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = lines(text).iter().map(|line| line.slice(text)).collect();
            assert_eq!(found, expect, "{text:?}");
        };
        check("", &[""]);
        check("a\nb", &["a", "b"]);
        check(" a \r\n\r\n b", &["a", "", "b"]);
        check("a\rb\u{2028}c\u{2029}d\u{85}e", &["a", "b", "c", "d", "e"]);
        check("a\n\rb", &["a", "", "b"]);
    }
}
