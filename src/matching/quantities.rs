//! Numbers with what they count, as far as the surrounding words show.

use crate::text::{Layout, TokenKind};

use super::words::stem;

/// Numbers that differ by less than this share of the larger one may be the same number, rounded.
const ROUNDED: f64 = 0.05;

/// Words that multiply the number before them.
const SCALES: [(&str, f64); 6] = [
    ("hundred", 1e2),
    ("thousand", 1e3),
    ("million", 1e6),
    ("m", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
];

/// Number words; "one" is left out, since it is too often not a number.
const WORDS: [(&str, f64); 14] = [
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("fifty", 50.0),
];

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quantity {
    pub value: f64,
    /// The stem of the word after it, a currency sign, or "%".
    pub unit: String,
}

impl Quantity {
    /// Returns whether both count the same thing and cannot be the same number, rounded.
    pub(super) fn differs(&self, other: &Self) -> bool {
        let greater = self.value.abs().max(other.value.abs());
        self.unit == other.unit && (self.value - other.value).abs() > ROUNDED * greater
    }
}

/// The quantities of a text in order. Numbers that nothing follows, and those inside `times` (byte ranges), are left
/// out.
pub(super) fn quantities(layout: &Layout<'_>, times: &[std::ops::Range<usize>]) -> Vec<Quantity> {
    let count = layout.tokens.len();
    let mut found = Vec::new();
    let mut at = 0;
    while at < count {
        let start = layout.tokens[at].span.start;
        let first = at;
        at += 1;
        if times.iter().any(|time| time.contains(&start)) {
            continue;
        }
        let Some(mut value) = number(layout, first) else {
            continue;
        };
        while let Some(scale) = (at < count)
            .then(|| named(layout.word(at), &SCALES))
            .flatten()
        {
            value *= scale;
            at += 1;
        }
        let unit = currency(layout, first).or_else(|| counted(layout, at));
        found.extend(unit.map(|unit| Quantity { value, unit }));
    }
    found
}

fn number(layout: &Layout<'_>, token: usize) -> Option<f64> {
    let word = layout.word(token);
    match layout.tokens[token].kind {
        TokenKind::Number => word.replace(',', "").parse().ok(),
        TokenKind::Word => named(word, &WORDS),
        TokenKind::Mark => None,
    }
}

fn named(word: &str, list: &[(&str, f64)]) -> Option<f64> {
    let word = word.to_lowercase();
    let entry = list.iter().find(|(name, _)| *name == word);
    entry.map(|(_, value)| *value)
}

fn currency(layout: &Layout<'_>, token: usize) -> Option<String> {
    let before = layout.word(token.checked_sub(1)?);
    matches!(before, "$" | "€" | "£" | "¥").then(|| before.to_owned())
}

/// What is counted: the word directly after the number.
fn counted(layout: &Layout<'_>, token: usize) -> Option<String> {
    if token >= layout.tokens.len() {
        return None;
    }
    let word = layout.word(token).to_lowercase();
    match word.as_str() {
        "%" | "per" | "percent" | "pct" => Some("%".to_owned()),
        "dollars" => Some("$".to_owned()),
        "euros" => Some("€".to_owned()),
        "pounds" => Some("£".to_owned()),
        _ if layout.tokens[token].kind != TokenKind::Word || is_function_word(&word) => None,
        _ => Some(stem(&word).to_owned()),
    }
}

/// Words after a number that are not what it counts.
fn is_function_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "and", "or", "of", "to", "in", "on", "at", "by", "for", "from", "with", "a", "the", "is",
        "was", "more", "out", "times", "other",
    ];
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::{Quantity, quantities};
    use crate::text::Layout;

    fn check(text: &str, expect: &[(f64, &str)]) {
        let found = quantities(&Layout::new(text, None), &[]);
        let found: Vec<_> = found.iter().map(|q| (q.value, q.unit.as_str())).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn numbers_come_with_what_they_count() {
        check(
            "It carried 1,400 cars and four dogs.",
            &[(1400.0, "car"), (4.0, "dog")],
        );
        check(
            "Fares rose 4.5% or $2.5 million.",
            &[(4.5, "%"), (2.5e6, "$")],
        );
        check(
            "It cost 3 million euros, 20 per cent more.",
            &[(3e6, "€"), (20.0, "%")],
        );
        check("Of the 12, two of them left.", &[]);
        check("", &[]);
    }

    #[test]
    fn rounded_numbers_are_no_other_numbers() {
        let cars = |value| Quantity {
            value,
            unit: "car".to_owned(),
        };
        assert!(!cars(412.0).differs(&cars(400.0)));
        assert!(cars(412.0).differs(&cars(300.0)));
        let dogs = Quantity {
            value: 3.0,
            unit: "dog".to_owned(),
        };
        assert!(!cars(412.0).differs(&dogs));
    }
}
