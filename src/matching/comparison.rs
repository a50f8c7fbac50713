//! Compares a text with candidates: which ones repeat it, and which contradict it.

use std::collections::HashMap;

use rayon::prelude::*;

use super::contradiction::Statement;
use super::dated_text::DatedText;
use super::embedding::{EMBEDDING_WIDTH, Embedding, embed};
use super::lexical::{Bag, Collection};
use super::pair_relation::{PairRelation, relation_of};
use super::ranking::Ranking;
use super::similarity::{similarity_of_analysed, similarity_of_words};

/// How many candidates are compared by meaning: those that share most words, since each takes milliseconds.
pub const MAX_COMPARED_BY_MEANING: usize = 50;
/// How many of the most similar are judged, by meaning and by words alone: each takes about ten milliseconds.
/// Candidates with the same words need no judge and do not count.
const MAX_JUDGED: usize = 12;
const MAX_JUDGED_BY_WORDS: usize = 4;
/// Minimum similarity of texts that are judged. Below it, hardly any say the same: see the model card.
const MIN_SIMILARITY: f32 = 0.4;
const MIN_SIMILARITY_BY_WORDS: f32 = 0.4;

/// How deeply texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// By their words: finds near-verbatim repetitions and their contradictions. Much faster.
    Words,
    /// By their words and meaning.
    Meaning,
}

/// A candidate that was compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Its index among the candidates as they were given.
    pub index: usize,
    /// Higher is more similar. Scores of different texts or depths are not comparable.
    pub score: f32,
    /// Whether it repeats or contradicts the text, if either, and how likely.
    pub relation: Option<(PairRelation, f32)>,
}

/// Compares candidates with a text and ranks them, most similar first. By meaning, only the first `near` candidates,
/// which are known to be close in meaning, and those that share most words are compared,
/// [`MAX_COMPARED_BY_MEANING`] in all; the others are left out. `collection` holds word frequencies.
#[must_use]
pub fn compare(
    text: &DatedText,
    candidates: &[DatedText],
    near: usize,
    collection: &Collection,
    depth: Depth,
) -> Vec<Compared> {
    let text = Statement::new(text);
    let candidates: Vec<Statement> = candidates.iter().map(Statement::new).collect();
    let bag = Bag::of_words(text.words());
    let bags: Vec<Bag> = candidates
        .iter()
        .map(|one| Bag::of_words(one.words()))
        .collect();
    let by_words = Ranking::new(&bag, ANY_VECTOR, collection);
    let mut order: Vec<(usize, f32)> = bags
        .iter()
        .map(|bag| by_words.by_words(bag))
        .enumerate()
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    match depth {
        Depth::Words => {
            let scored = |(index, score): (usize, f32)| Scored {
                index,
                score,
                similarity: similarity_of_words(text.words(), candidates[index].words()),
            };
            let scored: Vec<Scored> = order.into_iter().map(scored).collect();
            judged(
                &text,
                &candidates,
                &scored,
                MIN_SIMILARITY_BY_WORDS,
                MAX_JUDGED_BY_WORDS,
            )
        }
        Depth::Meaning => {
            let by_words = order.into_iter().map(|(index, _)| index);
            let by_words = by_words.filter(|index| *index >= near);
            let read: Vec<usize> = (0..near)
                .chain(by_words)
                .take(MAX_COMPARED_BY_MEANING)
                .collect();
            let scored = by_meaning(&text, &candidates, &read, |embedding| {
                let ranking = Ranking::new(&bag, embedding, collection);
                move |index, meaning| ranking.score(&bags[index], meaning)
            });
            judged(&text, &candidates, &scored, MIN_SIMILARITY, MAX_JUDGED)
        }
    }
}

/// A candidate with its ranking score and its similarity to the text.
struct Scored {
    index: usize,
    score: f32,
    similarity: f32,
}

/// Compares the candidates at these indices by meaning, most similar first.
fn by_meaning<S: Fn(usize, &Embedding) -> f32>(
    text: &Statement,
    candidates: &[Statement],
    indices: &[usize],
    score_by: impl FnOnce(Embedding) -> S,
) -> Vec<Scored> {
    let texts = indices.iter().map(|index| candidates[*index].text());
    let texts: Vec<&str> = std::iter::once(text.text()).chain(texts).collect();
    let embeddings = embed(&texts);
    let own = embeddings[0];
    let score = score_by(own);
    let similarity = |index: usize, meaning| {
        similarity_of_analysed((text.words(), &own), (candidates[index].words(), meaning))
    };
    let mut scored: Vec<Scored> = indices
        .iter()
        .zip(&embeddings[1..])
        .map(|(index, meaning)| Scored {
            index: *index,
            score: score(*index, meaning),
            similarity: similarity(*index, meaning),
        })
        .collect();
    scored.sort_by(|a, b| b.score.total_cmp(&a.score));
    scored
}

/// Judges the candidates that are similar enough to the text and returns all of them in their order. At most `limit`
/// are judged; the others have no relation.
fn judged(
    text: &Statement,
    candidates: &[Statement],
    scored: &[Scored],
    min_similarity: f32,
    limit: usize,
) -> Vec<Compared> {
    let mut similar: Vec<&Scored> = scored
        .iter()
        .filter(|one| one.similarity >= min_similarity)
        .collect();
    similar.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    let (same, mut others): (Vec<_>, Vec<_>) = similar
        .into_iter()
        .partition(|one| text.has_same_words(&candidates[one.index]));
    others.truncate(limit);
    let relations: HashMap<usize, Option<(PairRelation, f32)>> = same
        .into_par_iter()
        .chain(others)
        .map(|one| (one.index, relation_of(text, &candidates[one.index])))
        .collect();
    let compared = |one: &Scored| Compared {
        index: one.index,
        score: one.score,
        relation: relations.get(&one.index).copied().flatten(),
    };
    scored.iter().map(compared).collect()
}

/// Any vector of length 1: stands in for embeddings when texts are compared by words.
const ANY_VECTOR: Embedding = {
    let mut vector = [0.0; EMBEDDING_WIDTH];
    vector[0] = 1.0;
    vector
};

#[cfg(test)]
mod tests {
    use super::{Compared, Depth, MAX_JUDGED_BY_WORDS, compare};
    use crate::matching::{Bag, Collection, ContradictionReason, DatedText, PairRelation};

    const CLAIM: &str = "The ferry will carry 400 cars from June";

    fn against(candidates: &[&str], depth: Depth) -> Vec<Compared> {
        let bags: Vec<Bag> = candidates.iter().map(|text| Bag::of(text)).collect();
        let candidates: Vec<DatedText> = candidates
            .iter()
            .map(|text| DatedText::undated(text))
            .collect();
        compare(
            &DatedText::undated(CLAIM),
            &candidates,
            0,
            &Collection::of(&bags),
            depth,
        )
    }

    #[test]
    fn the_same_comes_first_and_the_opposite_is_told() {
        let candidates = [
            "The mayor opened a school on the hill",
            "The ferry will carry 250 cars from June",
            "From June, the ferry will carry 400 cars",
            "The ferry will not carry 400 cars from June",
        ];
        for depth in [Depth::Words, Depth::Meaning] {
            let compared = against(&candidates, depth);
            let relation = |index: usize| {
                let found = compared.iter().find(|one| one.index == index);
                found
                    .and_then(|one| one.relation)
                    .map(|(relation, _)| relation)
            };
            assert_eq!(compared.last().map(|last| last.index), Some(0));
            assert!(
                compared
                    .iter()
                    .all(|one| one.relation.is_none_or(|(_, near)| near <= 1.0))
            );
            for (index, expected) in [
                None,
                Some(PairRelation::Contradicts(ContradictionReason::OtherNumber)),
                Some(PairRelation::Repeats),
                Some(PairRelation::Contradicts(
                    ContradictionReason::OppositePolarity,
                )),
            ]
            .into_iter()
            .enumerate()
            {
                assert_eq!(relation(index), expected, "{depth:?} {index}");
            }
        }
    }

    #[test]
    fn the_same_in_other_words_is_found() {
        let worded = ["Starting in June, the boat will transport 400 automobiles"];
        let compared = against(&worded, Depth::Meaning);
        assert_eq!(
            compared[0].relation.map(|(relation, _)| relation),
            Some(PairRelation::Repeats)
        );
        assert!(against(&[], Depth::Meaning).is_empty());
    }

    #[test]
    fn copies_need_no_judge_and_of_the_others_the_likest_are_judged() {
        let copies = vec![CLAIM; 30];
        let others = (0..30).map(|n| format!("The ferry will carry 400 cars from June, {n} say"));
        let others: Vec<String> = others.collect();
        let all: Vec<&str> = copies
            .into_iter()
            .chain(others.iter().map(|one| &**one))
            .collect();
        let compared = against(&all, Depth::Words);
        let relations = compared.iter().filter(|one| one.relation.is_some()).count();
        assert!(
            (30..=30 + MAX_JUDGED_BY_WORDS).contains(&relations),
            "{relations}"
        );
    }
}
