//! Ranking candidates by how closely they say the same as a query.

use super::embedding::{Embedding, cosine};
use super::lexical::{Bag, Collection, Query};

/// The weight of words relative to meaning. Values from 0.25 to 1.4 rank fact-checked claims about equally well.
const BY_WORDS: f32 = 0.5;

/// Ranks candidates by how closely they say the same as one text.
#[derive(Debug)]
pub struct Ranking {
    query: Query,
    embedding: Embedding,
}

/// A ranked candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Its index among the candidates as given.
    pub index: usize,
    /// Higher is more similar. Scores of different queries are not comparable.
    pub score: f32,
}

impl Ranking {
    /// Creates a ranking for candidates from `collection`; `embedding` is the vector of `text`.
    #[must_use]
    pub fn new(text: &Bag, embedding: Embedding, collection: &Collection) -> Self {
        Self {
            query: Query::new(text, collection),
            embedding,
        }
    }

    /// The score of a candidate by words alone, about 1 if it has all words of the text.
    #[must_use]
    pub fn by_words(&self, candidate: &Bag) -> f32 {
        self.query.score(candidate)
    }

    /// The score of a candidate by meaning alone, a cosine similarity.
    #[must_use]
    pub fn by_meaning(&self, candidate: &Embedding) -> f32 {
        cosine(&self.embedding, candidate)
    }

    /// The combined score of a candidate, by which candidates are ranked.
    #[must_use]
    pub fn score(&self, words: &Bag, meaning: &Embedding) -> f32 {
        BY_WORDS * self.by_words(words) + self.by_meaning(meaning)
    }

    /// Ranks all candidates, most similar first; candidates with equal scores keep their order.
    #[must_use]
    pub fn rank<'c>(
        &self,
        candidates: impl IntoIterator<Item = (&'c Bag, &'c Embedding)>,
    ) -> Vec<Ranked> {
        let scored = candidates.into_iter().enumerate();
        let mut ranked: Vec<_> = scored
            .map(|(index, (words, meaning))| Ranked {
                index,
                score: self.score(words, meaning),
            })
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::Ranking;
    use crate::matching::{Bag, Collection, embed};

    #[test]
    fn the_same_claim_comes_first() {
        let texts = [
            "The harbour master said that the quay is safe.",
            "Fares on the night ferry will fall by a fifth in June.",
            "The night ferry sails at ten.",
            "A baker on the hill sold his shop.",
        ];
        let bags = texts.map(Bag::of);
        let embeddings = embed(&texts);
        let query = "From June on the night ferry costs 20 per cent less.";
        let ranking = Ranking::new(&Bag::of(query), embed(&[query])[0], &Collection::of(&bags));
        let ranked = ranking.rank(bags.iter().zip(&embeddings));
        let order: Vec<usize> = ranked.iter().map(|ranked| ranked.index).collect();
        assert_eq!((order[0], order[3]), (1, 3));
    }
}
