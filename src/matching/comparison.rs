//! Compares a text with candidates: which ones repeat it, and which contradict it.

use std::collections::HashMap;

use rayon::prelude::*;

use super::contradiction::Statement;
use super::embedding::{EMBEDDING_WIDTH, Embedding, embed};
use super::lexical::{Bag, Collection};
use super::ranking::Ranking;
use super::said::Said;
use super::similarity::{similarity_of_read, similarity_of_words};
use super::standing::{Standing, standing_of};

/// How many candidates are compared by meaning: those that share most words, since each takes milliseconds.
pub const MOST_READ: usize = 50;
/// How many of the most similar are judged, by meaning and by words alone: each takes about ten milliseconds.
/// Candidates with the same words need no judge and do not count.
const MOST_JUDGED: usize = 12;
const MOST_JUDGED_BY_WORDS: usize = 4;
/// Minimum similarity of texts that are judged. Below it, hardly any say the same: see the model card.
const LIKE: f32 = 0.4;
const LIKE_BY_WORDS: f32 = 0.4;

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
    pub standing: Option<(Standing, f32)>,
}

/// Compares candidates with a text and ranks them, most similar first. By meaning, only the first `near` candidates,
/// which are known to be close in meaning, and those that share most words are compared, [`MOST_READ`] in all; the
/// others are left out. `collection` holds word frequencies.
#[must_use]
pub fn compare(
    text: &Said,
    candidates: &[Said],
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
    let by_words = Ranking::new(&bag, SAME, collection);
    let mut order: Vec<(usize, f32)> = bags
        .iter()
        .map(|bag| by_words.by_words(bag))
        .enumerate()
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    match depth {
        Depth::Words => {
            let alike = |(index, score): (usize, f32)| Alike {
                index,
                score,
                likeness: similarity_of_words(text.words(), candidates[index].words()),
            };
            let alike: Vec<Alike> = order.into_iter().map(alike).collect();
            judged(
                &text,
                &candidates,
                &alike,
                LIKE_BY_WORDS,
                MOST_JUDGED_BY_WORDS,
            )
        }
        Depth::Meaning => {
            let by_words = order.into_iter().map(|(index, _)| index);
            let by_words = by_words.filter(|index| *index >= near);
            let read: Vec<usize> = (0..near).chain(by_words).take(MOST_READ).collect();
            let alike = by_meaning(&text, &candidates, &read, |embedding| {
                let ranking = Ranking::new(&bag, embedding, collection);
                move |index, meaning| ranking.score(&bags[index], meaning)
            });
            judged(&text, &candidates, &alike, LIKE, MOST_JUDGED)
        }
    }
}

/// A candidate with its ranking score and its similarity to the text.
struct Alike {
    index: usize,
    score: f32,
    likeness: f32,
}

/// Compares the candidates at these indices by meaning, most similar first.
fn by_meaning<S: Fn(usize, &Embedding) -> f32>(
    text: &Statement,
    candidates: &[Statement],
    indices: &[usize],
    scorer: impl FnOnce(Embedding) -> S,
) -> Vec<Alike> {
    let texts = indices.iter().map(|index| candidates[*index].text());
    let texts: Vec<&str> = std::iter::once(text.text()).chain(texts).collect();
    let embeddings = embed(&texts);
    let own = embeddings[0];
    let score = scorer(own);
    let likeness = |index: usize, meaning| {
        similarity_of_read((text.words(), &own), (candidates[index].words(), meaning))
    };
    let mut alike: Vec<Alike> = indices
        .iter()
        .zip(&embeddings[1..])
        .map(|(index, meaning)| Alike {
            index: *index,
            score: score(*index, meaning),
            likeness: likeness(*index, meaning),
        })
        .collect();
    alike.sort_by(|a, b| b.score.total_cmp(&a.score));
    alike
}

/// Judges the candidates that are similar enough to the text and returns all of them in their order. At most `most`
/// are judged; the others have no standing.
fn judged(
    text: &Statement,
    candidates: &[Statement],
    alike: &[Alike],
    least: f32,
    most: usize,
) -> Vec<Compared> {
    let mut likest: Vec<&Alike> = alike.iter().filter(|one| one.likeness >= least).collect();
    likest.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    let (same, mut others): (Vec<_>, Vec<_>) = likest
        .into_iter()
        .partition(|one| text.has_same_words(&candidates[one.index]));
    others.truncate(most);
    let told: HashMap<usize, Option<(Standing, f32)>> = same
        .into_par_iter()
        .chain(others)
        .map(|one| (one.index, standing_of(text, &candidates[one.index])))
        .collect();
    let compared = |one: &Alike| Compared {
        index: one.index,
        score: one.score,
        standing: told.get(&one.index).copied().flatten(),
    };
    alike.iter().map(compared).collect()
}

/// Any vector of length 1: stands in for embeddings when texts are compared by words.
const SAME: Embedding = {
    let mut vector = [0.0; EMBEDDING_WIDTH];
    vector[0] = 1.0;
    vector
};

#[cfg(test)]
mod tests {
    use super::{Compared, Depth, MOST_JUDGED_BY_WORDS, compare};
    use crate::matching::{Bag, Collection, ContradictionReason, Said, Standing};

    const CLAIM: &str = "The ferry will carry 400 cars from June";

    fn against(candidates: &[&str], depth: Depth) -> Vec<Compared> {
        let bags: Vec<Bag> = candidates.iter().map(|text| Bag::of(text)).collect();
        let candidates: Vec<Said> = candidates.iter().map(|text| Said::undated(text)).collect();
        compare(
            &Said::undated(CLAIM),
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
            let standing = |index: usize| {
                let found = compared.iter().find(|one| one.index == index);
                found
                    .and_then(|one| one.standing)
                    .map(|(standing, _)| standing)
            };
            assert_eq!(compared.last().map(|last| last.index), Some(0));
            assert!(
                compared
                    .iter()
                    .all(|one| one.standing.is_none_or(|(_, near)| near <= 1.0))
            );
            for (index, expected) in [
                None,
                Some(Standing::Contradicts(ContradictionReason::OtherNumber)),
                Some(Standing::Repeats),
                Some(Standing::Contradicts(ContradictionReason::OppositePolarity)),
            ]
            .into_iter()
            .enumerate()
            {
                assert_eq!(standing(index), expected, "{depth:?} {index}");
            }
        }
    }

    #[test]
    fn the_same_in_other_words_is_found() {
        let worded = ["Starting in June, the boat will transport 400 automobiles"];
        let compared = against(&worded, Depth::Meaning);
        assert_eq!(
            compared[0].standing.map(|(standing, _)| standing),
            Some(Standing::Repeats)
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
        let told = compared.iter().filter(|one| one.standing.is_some()).count();
        assert!((30..=30 + MOST_JUDGED_BY_WORDS).contains(&told), "{told}");
    }
}
