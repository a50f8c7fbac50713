//! Lexical similarity: BM25 (Robertson and Zaragoza 2009).

use std::collections::{BTreeMap, HashMap};

use super::words::{Word, WordKind, words};

/// BM25's k₁: how quickly repetitions of a word saturate.
const SATURATION: f32 = 1.2;
/// BM25's b: how strongly long texts are penalised, from 0 to 1.
const LENGTH: f32 = 0.6;

/// The word counts of a text.
#[derive(Debug, Clone, Default)]
pub struct Bag {
    /// How often each stem occurs; ordered, so that floating-point sums are deterministic.
    counts: BTreeMap<String, f32>,
    length: f32,
}

impl Bag {
    /// Counts the words of a text, ignoring case, accents and endings; stop words are left out.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_words(&words(text))
    }

    /// Counts the words of a tokenized text.
    pub(super) fn of_words(words: &[Word]) -> Self {
        let mut bag = Self::default();
        for word in words.iter().filter(|word| word.kind != WordKind::Stop) {
            *bag.counts.entry(word.stem.clone()).or_default() += 1.0;
            bag.length += 1.0;
        }
        bag
    }
}

/// Document frequencies in the collection searched. For a large collection, a sample is enough.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    /// How many texts contain a stem.
    frequencies: HashMap<String, f32>,
    texts: f32,
    length: f32,
}

impl Collection {
    /// Counts how many texts contain each word.
    #[must_use]
    pub fn of<'b>(texts: impl IntoIterator<Item = &'b Bag>) -> Self {
        let mut collection = Self::default();
        for bag in texts {
            collection.texts += 1.0;
            collection.length += bag.length;
            for stem in bag.counts.keys() {
                *collection.frequencies.entry(stem.clone()).or_default() += 1.0;
            }
        }
        collection
    }

    /// The weight of a stem: higher the fewer texts contain it, and always positive.
    fn weight(&self, stem: &str) -> f32 {
        let having = self.frequencies.get(stem).copied().unwrap_or(0.0);
        (1.0 + (self.texts - having + 0.5) / (having + 0.5)).ln()
    }

    fn mean_length(&self) -> f32 {
        (self.length / self.texts.max(1.0)).max(1.0)
    }
}

/// A text to compare candidates with.
#[derive(Debug)]
pub(super) struct Query {
    /// Its stems, each with its weight.
    weights: Vec<(String, f32)>,
    /// The score of a text of average length that contains each of them once.
    full: f32,
    mean_length: f32,
}

impl Query {
    pub(super) fn new(text: &Bag, collection: &Collection) -> Self {
        let stems = text.counts.keys();
        let weights: Vec<_> = stems
            .map(|stem| (stem.clone(), collection.weight(stem)))
            .collect();
        Self {
            full: weights.iter().map(|(_, weight)| weight).sum(),
            weights,
            mean_length: collection.mean_length(),
        }
    }

    /// The BM25 score of a candidate, relative to the query's own: about 1 if all its words occur.
    pub(super) fn score(&self, candidate: &Bag) -> f32 {
        let long = 1.0 - LENGTH + LENGTH * candidate.length / self.mean_length;
        let saturated = |count: f32| count * (SATURATION + 1.0) / (count + SATURATION * long);
        let shared = self.weights.iter().filter_map(|(stem, weight)| {
            let count = candidate.counts.get(stem)?;
            Some(weight * saturated(*count))
        });
        shared.sum::<f32>() / self.full.max(f32::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bag, Collection, Query};

    #[test]
    fn rare_words_count_for_more() {
        let texts = [
            "the ferry sails",
            "the ferry waits",
            "the ferry burns",
            "a quay",
        ];
        let collection = Collection::of(&texts.map(Bag::of));
        assert!(collection.weight("qua") > collection.weight("fer"));
        let query = Query::new(&Bag::of("ferry quay"), &collection);
        let score = |text| query.score(&Bag::of(text));
        assert!(score("a quay") > score("the ferry"));
        assert!(score("ferries at a quay") > score("a quay"));
        assert!(score("a quay in fog") < score("a quay"));
    }

    #[test]
    fn nothing_is_like_nothing() {
        let query = Query::new(&Bag::of(""), &Collection::default());
        for text in ["", "a quay"] {
            assert!(query.score(&Bag::of(text)).abs() < f32::EPSILON);
        }
    }
}
