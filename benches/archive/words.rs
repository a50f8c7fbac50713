//! What is said: words of no language in the proportions of one, or words in the order of given texts.

use std::collections::HashMap;

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

/// Where words come from.
#[derive(Debug)]
pub enum Vocabulary {
    /// English function words are the commonest, as in English text, and made-up words follow with Zipf's law.
    MadeUp {
        /// The commonest first.
        words: Vec<String>,
        skew: Zipf,
    },
    /// Each word follows the last as it does somewhere in the texts: a Markov chain.
    Read {
        words: Vec<String>,
        /// What follows each word, as often as it does; at the place of [`START`], what sentences begin with.
        following: Vec<Vec<usize>>,
    },
}

/// The place of what stands before the first word of a sentence.
const START: usize = 0;

impl Vocabulary {
    pub fn made_up(seed: u64) -> Self {
        let mut words: Vec<String> = FUNCTION_WORDS.map(str::to_owned).into();
        for rank in words.len()..WORDS as usize {
            let mut rng = chance(seed, &[0, rank]);
            let syllables = 1 + rng.usize(1..=2);
            let stem = stem(&mut rng, syllables);
            words.push(stem + ENDINGS[rng.usize(..ENDINGS.len())]);
        }
        Self::MadeUp {
            words,
            skew: Zipf::new(WORDS, 1.0),
        }
    }

    /// The words of these texts.
    pub fn of_texts(texts: &[String]) -> Self {
        let mut words = vec![String::new()];
        let mut following = vec![Vec::new()];
        let mut places: HashMap<&str, usize> = HashMap::new();
        let sentences = texts
            .iter()
            .flat_map(|text| text.split(['.', '!', '?', '\n']));
        for sentence in sentences {
            let mut last = START;
            for word in sentence.split(|c: char| !c.is_alphanumeric() && !"'’$%-".contains(c)) {
                if !word.contains(char::is_alphanumeric) {
                    continue;
                }
                let place = *places.entry(word).or_insert_with(|| {
                    words.push(word.to_owned());
                    following.push(Vec::new());
                    words.len() - 1
                });
                following[last].push(place);
                last = place;
            }
        }
        assert!(!following[START].is_empty(), "the texts have no words");
        Self::Read { words, following }
    }

    /// So many words.
    pub fn phrase(&self, rng: &mut Rng, count: usize) -> String {
        let mut phrase: Vec<&str> = Vec::with_capacity(count);
        match self {
            Self::MadeUp { words, skew } => {
                phrase.extend((0..count).map(|_| words[skew.pick(rng)].as_str()));
            }
            Self::Read { words, following } => {
                let mut last = START;
                while phrase.len() < count {
                    let next = &following[last];
                    // The end of a sentence: another one begins.
                    last = if next.is_empty() {
                        START
                    } else {
                        next[rng.usize(..next.len())]
                    };
                    if last != START {
                        phrase.push(&words[last]);
                    }
                }
            }
        }
        phrase.join(" ")
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
