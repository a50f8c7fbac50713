//! Quotation marks: which characters are marks, and which way they point.
//!
//! Apostrophes, elisions and the signs for feet and inches are told apart here, by the characters around them.

use crate::domain::Span;

/// Which marks may close each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Straight and typographic double marks, two apostrophes, two backticks.
    Double,
    /// Straight and typographic single marks.
    Single,
    /// Guillemets.
    Guillemet,
    /// Corner brackets.
    Corner,
}

/// The direction a mark's glyph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    Opening,
    Closing,
    Straight,
}

/// One mark and its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub span: Span,
    pub family: Family,
    pub glyph: Glyph,
    /// White space, an opening bracket, a dash or another mark stands before it, and none after.
    pub leads: bool,
    /// Something stands before it, and no letter or digit after.
    pub trails: bool,
}

/// Words that begin with an apostrophe: ’em, ’til, ’90s.
const ELISIONS: &[&str] = &[
    "em", "til", "till", "cause", "tis", "twas", "twere", "n", "round", "bout", "cuz", "nuff",
    "hood", "kay", "tude",
];
/// How far, in bytes, the end of a single quotation is searched after a plural possessive.
const POSSESSIVE_WINDOW: usize = 240;

/// The marks of `span`, in text order.
pub(super) fn marks(text: &str, span: Span) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut at = span.start;
    while let Some(found) = text[at..span.end].find(is_mark_char) {
        let start = at + found;
        let (length, family, glyph) = glyph_at(&text[start..span.end]);
        let mark = place(text, span, Span::new(start, start + length), family, glyph);
        let apostrophe = mark.family == Family::Single && !is_single_mark(text, span, &mark);
        if !apostrophe && !is_inch_sign(text, span, &mark) {
            marks.push(mark);
        }
        at = start + length;
    }
    marks
}

/// True if `block` begins with a mark that can open a quotation.
pub(super) fn begins_with_mark(block: &str) -> bool {
    block.starts_with(['"', '“', '„', '«', '‘', '「'])
        || block.starts_with("''")
        || block.starts_with("``")
}

fn is_mark_char(c: char) -> bool {
    matches!(
        c,
        '"' | '“' | '”' | '„' | '‟' | '\'' | '‘' | '’' | '«' | '»' | '「' | '」' | '`'
    )
}

fn glyph_at(rest: &str) -> (usize, Family, Glyph) {
    if is_double_apostrophe(rest) {
        return (2, Family::Double, Glyph::Straight);
    }
    if rest.starts_with("``") {
        return (2, Family::Double, Glyph::Opening);
    }
    let c = rest.chars().next().unwrap_or(' ');
    let (family, glyph) = match c {
        '"' => (Family::Double, Glyph::Straight),
        '“' | '„' | '‟' => (Family::Double, Glyph::Opening),
        '”' => (Family::Double, Glyph::Closing),
        '«' => (Family::Guillemet, Glyph::Opening),
        '»' => (Family::Guillemet, Glyph::Closing),
        '「' => (Family::Corner, Glyph::Opening),
        '」' => (Family::Corner, Glyph::Closing),
        '‘' | '`' => (Family::Single, Glyph::Opening),
        '’' => (Family::Single, Glyph::Closing),
        _ => (Family::Single, Glyph::Straight),
    };
    (c.len_utf8(), family, glyph)
}

/// Two apostrophes typed for one double mark. Of three, the single one stands on the side of the words.
fn is_double_apostrophe(rest: &str) -> bool {
    let count = rest
        .bytes()
        .take(4)
        .take_while(|byte| *byte == b'\'')
        .count();
    let words_follow = rest[count..].starts_with(char::is_alphanumeric);
    count == 2 || count > 3 || (count == 3 && words_follow)
}

fn place(text: &str, block: Span, span: Span, family: Family, glyph: Glyph) -> Mark {
    let before = text[block.start..span.start].chars().next_back();
    let after = text[span.end..block.end].chars().next();
    let room_before = before.is_none_or(|c| {
        c.is_whitespace()
            || is_mark_char(c)
            || matches!(c, '(' | '[' | '{' | '—' | '–' | '-' | '/' | ':' | '…')
    });
    let leads = room_before && after.is_some_and(|c| !c.is_whitespace());
    let trails = before.is_some() && after.is_none_or(|c| !c.is_alphanumeric());
    Mark {
        span,
        family,
        glyph,
        leads,
        trails,
    }
}

fn is_single_mark(text: &str, block: Span, mark: &Mark) -> bool {
    let rest = &text[mark.span.end..block.end];
    match mark.glyph {
        Glyph::Opening => mark.leads && !is_elision(rest),
        _ if mark.leads && rest.starts_with(char::is_alphanumeric) => {
            mark.glyph == Glyph::Straight && !is_elision(rest)
        }
        _ => mark.trails && !is_plural_possessive(text, block, mark),
    }
}

fn is_elision(rest: &str) -> bool {
    let word = rest
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let decade = word.len() == 3
        && word.ends_with('s')
        && word.as_bytes()[..2].iter().all(u8::is_ascii_digit);
    let year = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    decade || year || (word.len() <= 5 && ELISIONS.contains(&word.to_lowercase().as_str()))
}

/// "the voters' choice": an s before, a small letter after, and further on a mark that closes instead.
fn is_plural_possessive(text: &str, block: Span, mark: &Mark) -> bool {
    let rest = &text[mark.span.end..block.end];
    if !text[..mark.span.start].ends_with('s') {
        return false;
    }
    let Some(next) = rest.strip_prefix(' ') else {
        return false;
    };
    next.starts_with(char::is_lowercase) && closes_later(next)
}

fn closes_later(rest: &str) -> bool {
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        if at > POSSESSIVE_WINDOW {
            break;
        }
        if matches!(c, '\'' | '’') && before != ' ' {
            let after = rest[at + c.len_utf8()..].chars().next();
            if after.is_none_or(|c| !c.is_alphanumeric()) {
                return true;
            }
        } else if c == '‘' || (c == '\'' && before == ' ') {
            return false;
        }
        before = c;
    }
    false
}

/// 6'2" or 6 ft 2": a straight double mark after the inches of a height.
fn is_inch_sign(text: &str, block: Span, mark: &Mark) -> bool {
    if mark.family != Family::Double || mark.glyph != Glyph::Straight || mark.span.len() > 1 {
        return false;
    }
    let before = &text[block.start..mark.span.start];
    let feet = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let inches = before.len() - feet.len();
    let feet = feet.trim_end_matches(' ');
    (1..=2).contains(&inches)
        && feet
            .strip_suffix(['\'', '’', '′'])
            .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Span, marks};

    #[test]
    fn apostrophes_are_no_marks() {
        let check = |text: &str, expect: usize| {
            assert_eq!(
                marks(text, Span::new(0, text.len())).len(),
                expect,
                "{text}"
            );
        };
        check("It's o’clock in the '90s, tell ’em, the voters' choice", 1);
        check("rock 'n' roll", 1);
        check("a 6'2\" man", 0);
        check("“Yes,” she said", 2);
        check("''Yes,'' she said", 2);
        check("'''Yes,' he said,''", 4);
        check("‘the voters’ choice’", 2);
        check("«Oui» 「はい」", 4);
    }
}
