//! Words of no language in the proportions of one: English function words are the commonest, as in English text, and
//! made-up words follow with Zipf's law.

use fastrand::Rng;

use super::skew::{Zipf, chance};

const WORDS: u32 = 30_000;

const FUNCTION_WORDS: [&str; 40] = [
    "the", "of", "to", "and", "a", "in", "that", "is", "it", "for", "was", "on", "are", "as",
    "with", "they", "be", "at", "have", "this", "from", "or", "had", "by", "but", "not", "what",
    "all", "were", "we", "when", "there", "can", "an", "which", "their", "if", "will", "about",
    "how",
];

const STARTS: [&str; 24] = [
    "b", "br", "c", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st",
    "t", "tr", "v", "w", "z", "fl",
];
const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ea", "ou"];
const ENDS: [&str; 10] = ["", "n", "r", "l", "s", "t", "m", "nd", "rk", "lt"];
const ENDINGS: [&str; 6] = ["", "", "", "s", "ed", "ing"];

/// All words, the commonest first.
#[derive(Debug)]
pub struct Vocabulary {
    words: Vec<String>,
    skew: Zipf,
}

impl Vocabulary {
    pub fn new(seed: u64) -> Self {
        let mut words: Vec<String> = FUNCTION_WORDS.map(str::to_owned).into();
        for rank in words.len()..WORDS as usize {
            let mut rng = chance(seed, &[0, rank]);
            let syllables = 1 + rng.usize(1..=2);
            let stem = stem(&mut rng, syllables);
            words.push(stem + ENDINGS[rng.usize(..ENDINGS.len())]);
        }
        Self {
            words,
            skew: Zipf::new(WORDS, 1.0),
        }
    }

    /// So many words.
    pub fn phrase(&self, rng: &mut Rng, words: usize) -> String {
        let words = (0..words).map(|_| self.words[self.skew.pick(rng)].as_str());
        words.collect::<Vec<_>>().join(" ")
    }
}

/// A made-up word of so many syllables.
pub fn stem(rng: &mut Rng, syllables: usize) -> String {
    let parts = (0..syllables).flat_map(|_| {
        [
            STARTS[rng.usize(..STARTS.len())],
            VOWELS[rng.usize(..VOWELS.len())],
            ENDS[rng.usize(..ENDS.len())],
        ]
    });
    parts.collect()
}

/// With its first letter in upper case.
pub fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
