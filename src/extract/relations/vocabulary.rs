//! The words of a text, numbered, so that contents can be compared quickly.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::text::{Layout, TokenKind};

use super::words::{COMMON, NEGATIONS, NUMBERS};

/// Maximum length of a word that is looked at, in bytes; no two longer ones are the same.
const LONGEST: usize = 32;

static COMMON_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.iter().copied().collect());

/// What a word does for a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// A mark, or a word that any content may have.
    None,
    /// Says no.
    Negation,
    /// A number, in digits or in a word.
    Number,
    /// Any other word.
    Content,
}

/// The words of a text.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// For each token the number of its word; words that differ in capitals only are one.
    words: Vec<u32>,
    /// For each word the number of its stem, and what it does.
    entries: Vec<(u32, Weight)>,
}

impl Vocabulary {
    pub fn new(layout: &Layout<'_>) -> Self {
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut stems: HashMap<String, u32> = HashMap::new();
        let mut vocabulary = Self {
            words: Vec::with_capacity(layout.tokens.len()),
            entries: Vec::new(),
        };
        let mut lower = String::new();
        for (at, token) in layout.tokens.iter().enumerate() {
            lower.clear();
            let word = layout.word(at);
            if word.len() <= LONGEST {
                lower.extend(word.chars().flat_map(char::to_lowercase));
            }
            let number = known.get(&lower).copied().unwrap_or_else(|| {
                let next = number(vocabulary.entries.len());
                known.insert(lower.clone(), next);
                vocabulary
                    .entries
                    .push(entry(&lower, token.kind, &mut stems));
                next
            });
            vocabulary.words.push(number);
        }
        vocabulary
    }

    /// The number of a token's word.
    pub fn word(&self, token: usize) -> u32 {
        self.words[token]
    }

    /// The number of a token's stem.
    pub fn stem(&self, token: usize) -> u32 {
        self.entries[self.words[token] as usize].0
    }

    /// What a token does for a content.
    pub fn weight(&self, token: usize) -> Weight {
        self.entries[self.words[token] as usize].1
    }
}

/// A text has fewer words than bytes, and those are bounded far below 2³².
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn entry(lower: &str, kind: TokenKind, stems: &mut HashMap<String, u32>) -> (u32, Weight) {
    let (stem, weight) = if lower.is_empty() || kind == TokenKind::Mark {
        (lower.to_owned(), Weight::None)
    } else if NEGATIONS.contains(&lower) || lower.ends_with("n't") || lower.ends_with("n’t") {
        (lower.to_owned(), Weight::Negation)
    } else if kind == TokenKind::Number {
        (lower.replace(',', ""), Weight::Number)
    } else if let Some(value) = NUMBERS.iter().position(|number| *number == lower) {
        (value.to_string(), Weight::Number)
    } else if COMMON_WORDS.contains(lower) || lower.chars().count() < 2 {
        (lower.to_owned(), Weight::None)
    } else {
        (stem(lower).to_owned(), Weight::Content)
    };
    let next = number(stems.len());
    (*stems.entry(stem).or_insert(next), weight)
}

/// A word without the endings of English inflection. Rough: it only has to give the same for the forms of one word.
fn stem(word: &str) -> &str {
    let plain = plural(word);
    let cut = ["ing", "ed"]
        .iter()
        .filter_map(|ending| plain.strip_suffix(ending))
        .find(|rest| rest.chars().count() >= 3);
    let Some(rest) = cut else {
        return plain
            .strip_suffix('e')
            .filter(|rest| rest.len() >= 3)
            .unwrap_or(plain);
    };
    let mut ends = rest.chars().rev();
    match (ends.next(), ends.next()) {
        (Some(last), Some(before)) if last == before && !"lsze".contains(last) => {
            &rest[..rest.len() - last.len_utf8()]
        }
        _ => rest,
    }
}

fn plural(word: &str) -> &str {
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if word.len() <= 3 || ends(&["ss", "us", "is"]) {
        word
    } else if ends(&["sses", "ches", "shes", "xes"]) {
        &word[..word.len() - 2]
    } else {
        word.strip_suffix('s').unwrap_or(word)
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Vocabulary, Weight, stem};

    #[test]
    fn forms_of_one_word_have_one_stem() {
        for (a, b) in [
            ("closes", "closed"),
            ("closing", "close"),
            ("planned", "plan"),
            ("bridges", "bridge"),
            ("taxes", "tax"),
            ("called", "calls"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [("bus", "bu"), ("sing", "s"), ("red", "r")] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn numbers_are_the_same_in_words() {
        let layout = Layout::new("Two of 2 never closed", None);
        let words = Vocabulary::new(&layout);
        assert_eq!(words.stem(0), words.stem(2));
        let weights: Vec<Weight> = (0..5).map(|token| words.weight(token)).collect();
        let expect = [
            Weight::Number,
            Weight::None,
            Weight::Number,
            Weight::Negation,
            Weight::Content,
        ];
        assert_eq!(weights, expect);
    }
}
