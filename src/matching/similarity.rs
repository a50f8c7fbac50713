//! How closely two claims or headlines say the same.

use super::embedding::{Embedding, cosine};
use super::measures::{dice, set};
use super::words::{Word, WordKind, words};

/// Weights chosen by judgement, not fitted; they sum to 1.
const BY_MEANING: f32 = 0.7;
const BY_WORDS: f32 = 0.3;
/// The penalty if both texts contain numbers but share none.
const OTHER_NUMBERS: f32 = 0.1;

const CONTENT_WORDS: &[WordKind] = &[WordKind::Name, WordKind::Number, WordKind::Plain];

/// How closely two short texts say the same: near 1 for paraphrases, near 0 for unrelated texts, never above 1. Each
/// text comes with its vector, so that a text compared more than once is embedded only once.
#[must_use]
pub fn similarity(a: (&str, &Embedding), b: (&str, &Embedding)) -> f32 {
    similarity_of_analysed((&words(a.0), a.1), (&words(b.0), b.1))
}

/// The same, for tokenized texts.
pub(super) fn similarity_of_analysed(a: (&[Word], &Embedding), b: (&[Word], &Embedding)) -> f32 {
    let meaning = cosine(a.1, b.1);
    let words = shared(a.0, b.0, CONTENT_WORDS).unwrap_or(meaning);
    (BY_MEANING * meaning + BY_WORDS * words - penalty(a.0, b.0)).clamp(0.0, 1.0)
}

/// The same, by words alone: 1 for the same words in any order. Paraphrases in different words are not recognised.
pub(super) fn similarity_of_words(a: &[Word], b: &[Word]) -> f32 {
    let words = shared(a, b, CONTENT_WORDS).unwrap_or(0.0);
    (words - penalty(a, b)).clamp(0.0, 1.0)
}

fn penalty(a: &[Word], b: &[Word]) -> f32 {
    let numbers = |words: &[_]| !set(words, &[WordKind::Number]).is_empty();
    let other = numbers(a) && numbers(b) && shared(a, b, &[WordKind::Number]) == Some(0.0);
    if other { OTHER_NUMBERS } else { 0.0 }
}

fn shared(a: &[Word], b: &[Word], kinds: &[WordKind]) -> Option<f32> {
    dice(&set(a, kinds), &set(b, kinds))
}

#[cfg(test)]
mod tests {
    use super::similarity;
    use crate::matching::embed;

    fn of(a: &str, b: &str) -> f32 {
        let vectors = embed(&[a, b]);
        similarity((a, &vectors[0]), (b, &vectors[1]))
    }

    #[test]
    fn the_same_is_most_similar() {
        let claim = "The ferry will carry 400 cars from June";
        let same = of(claim, claim);
        let worded = of(claim, "From June on 400 cars fit on the ferry");
        let number = of(claim, "The ferry will carry 250 cars from June");
        let other = of(claim, "The mayor opened a school on the hill");
        assert!(same > 0.99 && worded > 0.7 && number < same - 0.1 && other < 0.3);
        assert!((of(claim, "") - of("", claim)).abs() < 1e-6);
        assert!(of("", "") > 0.99);
    }
}
