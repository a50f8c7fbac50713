//! Signatures of articles, for finding near-duplicates: wire copy with another headline or byline, or with the end
//! cut.
//!
//! `MinHash` (Broder 1997) over word shingles, with bands for locality-sensitive hashing (Leskovec, Rajaraman and
//! Ullman 2014, chapter 3). The hashes are fixed, SHA-256 and the finaliser of `SplitMix64`, so stored signatures
//! stay comparable across versions.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::measures::ratio;
use super::words::words;

/// Words in a shingle.
const SHINGLE: usize = 4;
/// Values in a signature: the estimate of a Jaccard index of 0.5 has a standard deviation of 0.06.
const VALUES: usize = 64;
/// Values that must agree for a band to agree. With two, texts of Jaccard index 0.3 share a band 19 times in 20, and
/// those of 0.02 once in a hundred.
const ROWS: usize = 2;
/// Minimum number of shingles for a comparison.
const LEAST_SHINGLES: usize = 12;
/// Minimum share of the shorter text that near-duplicates have in common.
const MOST_OF_IT: f32 = 0.7;
/// Below this, the estimate of containment is too imprecise.
const LEAST_JACCARD: f32 = 0.2;

/// The signature of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The number of different shingles in the text.
    shingles: u32,
    values: [u32; VALUES],
}

impl Signature {
    /// The length of [`to_bytes`](Self::to_bytes).
    pub const BYTES: usize = 4 * (VALUES + 1);

    /// Computes the signature of a text, ignoring case, accents, punctuation and white space.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let words: Vec<String> = words(text).into_iter().map(|word| word.plain).collect();
        // A text shorter than a shingle counts as one shingle.
        let shingles: HashSet<u64> = match words.len() {
            0 => HashSet::new(),
            1..SHINGLE => HashSet::from([hash(&words)]),
            _ => words.windows(SHINGLE).map(hash).collect(),
        };
        let mut values = [u32::MAX; VALUES];
        for shingle in &shingles {
            for (seed, value) in (1..).zip(&mut values) {
                *value = (*value).min(high(mix(shingle ^ mix(seed))));
            }
        }
        Self {
            shingles: u32::try_from(shingles.len()).unwrap_or(u32::MAX),
            values,
        }
    }

    /// The keys of its bands. Similar texts have at least one key in common; look candidates up by key and compare
    /// their signatures. A text that is too short has none.
    #[must_use]
    pub fn bands(&self) -> Vec<i64> {
        if self.is_short() {
            return Vec::new();
        }
        let rows = self.values.chunks_exact(ROWS);
        (1..)
            .zip(rows)
            .map(|(band, rows)| {
                let start = mix(band);
                let key = rows
                    .iter()
                    .fold(start, |key, row| mix(key ^ u64::from(*row)));
                key.cast_signed()
            })
            .collect()
    }

    /// Estimates the Jaccard index of two texts' shingles: intersection over union, from 0 to 1.
    #[must_use]
    pub fn jaccard(&self, other: &Self) -> f32 {
        if self.shingles == 0 || other.shingles == 0 {
            return 0.0;
        }
        let pairs = self.values.iter().zip(&other.values);
        ratio(pairs.filter(|(a, b)| a == b).count(), VALUES)
    }

    /// Estimates the share of the shorter text's shingles that are also in the longer text, from 0 to 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "numbers of words")]
    pub fn containment(&self, other: &Self) -> f32 {
        let jaccard = self.jaccard(other);
        let both = self.shingles as f32 + other.shingles as f32;
        let shorter = self.shingles.min(other.shingles).max(1) as f32;
        (jaccard / (1.0 + jaccard) * both / shorter).min(1.0)
    }

    /// Returns whether most of the shorter text is also in the longer one, word for word. False for texts that are
    /// too short.
    #[must_use]
    pub fn is_near_duplicate(&self, other: &Self) -> bool {
        let told = !self.is_short() && !other.is_short();
        told && self.jaccard(other) >= LEAST_JACCARD && self.containment(other) >= MOST_OF_IT
    }

    fn is_short(&self) -> bool {
        (self.shingles as usize) < LEAST_SHINGLES
    }

    /// Serializes the signature for storage.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = std::iter::once(&self.shingles).chain(&self.values);
        numbers.flat_map(|number| number.to_le_bytes()).collect()
    }

    /// Deserializes a stored signature; `None` if the bytes have the wrong length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::BYTES] = bytes.try_into().ok()?;
        let (numbers, _) = bytes.as_chunks::<4>();
        Some(Self {
            shingles: u32::from_le_bytes(numbers[0]),
            values: std::array::from_fn(|at| u32::from_le_bytes(numbers[at + 1])),
        })
    }
}

fn hash(words: &[String]) -> u64 {
    let digest = Sha256::digest(words.join(" "));
    digest
        .iter()
        .take(8)
        .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood 2014): each input bit flips about half of the output bits.
const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

const fn high(number: u64) -> u32 {
    (number >> 32) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Signature, ratio};

    /// A story of `count` words, all different for each seed.
    fn story(count: usize, seed: u64) -> String {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut text = String::new();
        for word in 0..count {
            text += "w";
            text += &random.u32(0..5_000).to_string();
            text += if word % 12 == 11 { ". " } else { " " };
        }
        text
    }

    fn shares_a_band(a: &Signature, b: &Signature) -> bool {
        let b = b.bands();
        a.bands().iter().any(|key| b.contains(key))
    }

    #[test]
    fn the_same_story_in_another_dress_is_a_near_duplicate() {
        let body = story(400, 1);
        let original = Signature::of(&body);
        let cut = body.split(". ").take(16).collect::<Vec<_>>().join(". ");
        for (what, other) in [
            (
                "headline",
                format!("Quay closed for good\n\nBy Ann Lee\n\n{body}"),
            ),
            (
                "dateline",
                format!("MERIDE (Harbour Wire) — {body}\n\nReporting by Bo Dam"),
            ),
            ("case and marks", body.to_uppercase().replace(". ", " — ")),
            ("tail cut", cut),
            (
                "lead rewritten",
                format!("{} {}", story(30, 9), &body[200..]),
            ),
        ] {
            let other = Signature::of(&other);
            assert!(original.is_near_duplicate(&other), "{what}");
            assert!(shares_a_band(&original, &other), "{what}");
        }
    }

    #[test]
    fn another_story_with_the_same_quotations_is_not() {
        let quotations = story(60, 2);
        let one = Signature::of(&format!("{} {quotations}", story(300, 3)));
        let other = Signature::of(&format!("{} {quotations}", story(300, 4)));
        assert!(
            !one.is_near_duplicate(&other),
            "{}",
            one.containment(&other)
        );
    }

    #[test]
    fn short_texts_tell_nothing() {
        let short = Signature::of("The quay is closed.");
        assert!(short.bands().is_empty() && !short.is_near_duplicate(&short));
        let empty = Signature::of(" \n");
        assert!(empty.jaccard(&empty).abs() < f32::EPSILON);
    }

    #[test]
    fn signatures_stay_what_they_are() {
        let signature = Signature::of(
            "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
        );
        assert_eq!(signature.values[..3], [50_650_850, 62_252_277, 478_733_764]);
        assert_eq!(
            signature.bands()[..2],
            [-7_945_797_958_234_136_920, 8_640_316_820_308_790_871]
        );
    }

    proptest! {
        #[test]
        fn a_signature_survives_storage(text in "\\PC{0,80}") {
            let signature = Signature::of(&text);
            prop_assert_eq!(Signature::from_bytes(&signature.to_bytes()), Some(signature));
        }

        #[test]
        fn measures_are_shares_and_symmetric(a in "([a-d]{1,2} ){0,60}", b in "([a-d]{1,2} ){0,60}") {
            let [a, b] = [a, b].map(|text| Signature::of(&text));
            for share in [a.jaccard(&b), a.containment(&b)] {
                prop_assert!((0.0..=1.0).contains(&share));
            }
            prop_assert_eq!(a.jaccard(&b).to_bits(), b.jaccard(&a).to_bits());
            prop_assert_eq!(a.containment(&b).to_bits(), b.containment(&a).to_bits());
            prop_assert_eq!(a.is_near_duplicate(&b), b.is_near_duplicate(&a));
        }

        #[test]
        fn the_estimate_is_near_the_truth(shared in 0_usize..300, seed in 10_u64..50) {
            let common = story(shared, seed);
            let [a, b] = [100, 200].map(|more| format!("{common} {}", story(150, seed + more)));
            let truth = ratio(shared, shared + 300);
            let found = Signature::of(&a).jaccard(&Signature::of(&b));
            prop_assert!((found - truth).abs() < 0.25, "{} {}", found, truth);
        }
    }
}
