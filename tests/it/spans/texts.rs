//! Texts that look like news here and like nothing at all there.

use proptest::prelude::*;
use proptest::sample::select;

use crate::harness::NEWS;

/// What quotations and attributions are made of.
const NEWSLIKE: &[&str] = &[
    "Ann Lee",
    "Lee",
    "Marek Dolan",
    "Mr Pell",
    "Dr. Ng",
    "O’Brien",
    "O'Neill",
    "Zoë Ångström",
    "J. R. Vance",
    "the mayor",
    "The Harbour Authority",
    "Residents",
    "analysts",
    "a person familiar with the matter",
    "she",
    "He",
    "they",
    "who",
    "her",
    "his deputy",
    "the report",
    "said",
    "says",
    "told reporters",
    "claimed that",
    "denied that",
    "asked whether",
    "added:",
    "according to",
    "promised to",
    "believes",
    "warned",
    "did not say",
    "was quoted as saying",
    "declined to comment",
    "that",
    "whether",
    "the bridge is safe",
    "it was not so",
    "on Monday",
    "last week",
    "50 per cent",
    "No. 7",
    "don’t",
    "Lee's",
    "residents’",
    "’90s",
    "rock 'n' roll",
    "5'11\"",
    ".",
    ",",
    ":",
    ";",
    "?",
    "!",
    "…",
    "—",
    " - ",
    "(",
    ")",
    "By Tom Pell",
    "OSTBRIDGE, 3 May —",
    "LEE: ",
    "DR. NG (R): ",
    "\n\nLEE: ",
    "” ― Ann Lee\n",
    "\n— Dr. Ng, a teacher\n",
    "* ",
];

const MARKS: &[&str] = &[
    "“", "”", "‘", "’", "\"", "'", "«", "»", "‹", "›", "„", "‟", "‚", "「", "」", "``", "''", "`",
    "“‘", "’”",
];

const BREAKS: &[&str] = &[
    "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\u{2028}", "\u{2029}", "\u{85}", "\u{b}", "\u{c}",
    "\t", "\u{a0}", " ",
];

/// What trips programs that count characters.
const ODD: &[&str] = &[
    "😀",
    "👩‍👩‍👧‍👦",
    "🇬🇧",
    "👍🏽",
    "e\u{301}",
    "\u{301}",
    "\u{200d}",
    "\u{200b}",
    "שלום",
    "مرحبا",
    "\u{202e}",
    "\u{2066}",
    "\0",
    "\u{feff}",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{ffff}",
    "İ",
    "ß",
    "ﬁ",
    "Ǆ",
    "ΟΔΟΣ",
    "日本語",
    "한국어",
    "\u{1f1e6}",
    "𝒜nn 𝓛ee",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => select(NEWSLIKE).prop_map(str::to_owned),
        5 => select(MARKS).prop_map(str::to_owned),
        2 => select(BREAKS).prop_map(str::to_owned),
        2 => select(ODD).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "\\PC{0,6}",
    ]
}

/// Any text, news-like for the most part.
pub fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec((piece(), prop::bool::weighted(0.8)), 0..40);
    pieces.prop_map(|pieces| {
        let words = pieces.into_iter();
        words
            .map(|(word, space)| if space { word + " " } else { word })
            .collect()
    })
}

/// Any text that the service takes: not empty, and without U+0000.
pub fn sendable_text() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| text.replace('\0', "") + ".")
}

/// Texts of a mebibyte, each hard in a way of its own; most are one line.
const LONG: &[&str] = &[
    NEWS,
    "x",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\"",
    "”",
    "‘",
    "'",
    "“Yes,” ",
    "Ann Lee ",
    "Lee's friends' don't ’tis ",
    "the, and of ",
    "a.b.c. ",
    "Mr. ",
    "(((",
    "e\u{301}",
    "\u{301}",
    "👩‍👩‍👧‍👦",
    "🇬🇧",
    "שלום ",
];

/// Texts in which nearly every word is one that matters, which takes time without optimisation: shorter.
const DENSE: &[&str] = &[
    "“",
    "“‘",
    "said ",
    "Ann Lee said ",
    "Ann Lee said that Marek Dolan claimed that ",
    "“It is safe,” said Ann Lee. ",
    "\"It is safe,\" she said, \"and ",
    "she said he said ",
    "according to ",
];

/// Long texts, and in particular long lines.
pub fn long_texts() -> impl Iterator<Item = String> {
    let fill = |unit: &str, bytes: usize| unit.repeat(bytes / unit.len());
    let long = LONG.iter().map(move |unit| fill(unit, 1 << 20));
    long.chain(DENSE.iter().map(move |unit| fill(unit, 1 << 16)))
}
