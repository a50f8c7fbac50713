//! A text against candidates: which say the same, which the opposite.

use std::cell::LazyCell;
use std::ops::Deref;

use chrono::DateTime;
use chrono_tz::Tz;

use super::contradiction::{ContradictionReason, Statement, contradicts};
use super::embedding::{EMBEDDING_WIDTH, Embedding, cosine, embed};
use super::lexical::{Bag, Collection};
use super::ranking::Ranking;
use super::similarity::{similarity_of_read, similarity_of_words};
use super::words::{Word, words};

/// How many candidates are compared by their meaning, those with most of the words: each takes milliseconds.
pub const MOST_READ: usize = 50;
/// From this likeness on two texts say the same; by meaning and by words alone. Set by judgement and not fitted.
const REPEATS: f32 = 0.7;
const REPEATS_BY_WORDS: f32 = 0.65;
/// The least likeness of texts that may contradict each other: by meaning a cosine, above what [`contradicts`] asks for
/// at least.
const SAME_SUBJECT: f32 = 0.5;
const SAME_SUBJECT_BY_WORDS: f32 = 0.5;

/// How deep texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// By their words: finds what says the same in nearly the same words, and its contradictions. Far quicker.
    Words,
    /// By their words and meaning.
    Meaning,
}

/// What somebody said.
#[derive(Debug, Clone)]
pub struct Said {
    /// The words.
    pub text: String,
    /// When they were published in their local time, from which "on Monday" counts.
    pub published: Option<DateTime<Tz>>,
}

/// How a candidate stands to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Says the same.
    Repeats,
    /// Says what cannot be true as well.
    Contradicts(ContradictionReason),
}

/// A candidate that was compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Its index among the candidates as they were given.
    pub index: usize,
    /// Higher is liker. Scores of different texts or depths are not on one scale.
    pub score: f32,
    /// How it stands to the text, if either, and how near the two are, from 0 to 1. No probability.
    pub standing: Option<(Standing, f32)>,
}

/// What somebody said, with its words.
struct Read<'s> {
    said: &'s Said,
    words: Vec<Word>,
}

impl<'s> Read<'s> {
    fn new(said: &'s Said) -> Self {
        let words = words(&said.text);
        Self { said, words }
    }

    /// What it says, of which many a text that is compared is never asked.
    fn statement(&self, embedding: &Embedding) -> Statement {
        Statement::new(&self.said.text, *embedding, self.said.published)
    }
}

/// Compares candidates with a text, the likest first. By meaning only the first `near`, which are known to be near in
/// meaning, and those with most of the words are compared, [`MOST_READ`] in all; the others are left out. `collection`
/// tells how frequent words are.
#[must_use]
pub fn compare(
    text: &Said,
    candidates: &[Said],
    near: usize,
    collection: &Collection,
    depth: Depth,
) -> Vec<Compared> {
    let text = Read::new(text);
    let candidates: Vec<Read> = candidates.iter().map(Read::new).collect();
    let bag = Bag::of_words(&text.words);
    let bags = candidates.iter().map(|one| Bag::of_words(&one.words));
    let bags: Vec<Bag> = bags.collect();
    let by_words = Ranking::new(&bag, SAME, collection);
    let mut order: Vec<(usize, f32)> = bags
        .iter()
        .map(|bag| by_words.by_words(bag))
        .enumerate()
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    match depth {
        Depth::Words => {
            let own = LazyCell::new(|| text.statement(&SAME));
            let compared = order.into_iter().map(|(index, score)| Compared {
                index,
                score,
                standing: standing_by_words(&text, &own, &candidates[index]),
            });
            compared.collect()
        }
        Depth::Meaning => {
            let by_words = order.into_iter().map(|(index, _)| index);
            let by_words = by_words.filter(|index| *index >= near);
            let read: Vec<usize> = (0..near).chain(by_words).take(MOST_READ).collect();
            by_meaning(&text, &candidates, &read, |embedding| {
                let ranking = Ranking::new(&bag, embedding, collection);
                move |index, meaning| ranking.score(&bags[index], meaning)
            })
        }
    }
}

/// Compares the candidates of these indices by their meaning.
fn by_meaning<S: Fn(usize, &Embedding) -> f32>(
    text: &Read,
    candidates: &[Read],
    indices: &[usize],
    scorer: impl FnOnce(Embedding) -> S,
) -> Vec<Compared> {
    let texts = indices
        .iter()
        .map(|index| candidates[*index].said.text.as_str());
    let texts: Vec<&str> = std::iter::once(text.said.text.as_str())
        .chain(texts)
        .collect();
    let embeddings = embed(&texts);
    let own = embeddings[0];
    let statement = LazyCell::new(|| text.statement(&own));
    let score = scorer(own);
    let mut compared: Vec<Compared> = indices
        .iter()
        .zip(&embeddings[1..])
        .map(|(index, meaning)| Compared {
            index: *index,
            score: score(*index, meaning),
            standing: standing((text, &own), &statement, (&candidates[*index], meaning)),
        })
        .collect();
    compared.sort_by(|a, b| b.score.total_cmp(&a.score));
    compared
}

fn standing(
    a: (&Read, &Embedding),
    statement: &impl Deref<Target = Statement>,
    b: (&Read, &Embedding),
) -> Option<(Standing, f32)> {
    if cosine(a.1, b.1) >= SAME_SUBJECT
        && let Some(contradicts) = opposed(statement, &b.0.statement(b.1))
    {
        return Some(contradicts);
    }
    let likeness = similarity_of_read((&a.0.words, a.1), (&b.0.words, b.1));
    (likeness >= REPEATS).then_some((Standing::Repeats, likeness))
}

/// Texts of nearly the same words are taken to be about the same thing.
fn standing_by_words(
    a: &Read,
    statement: &impl Deref<Target = Statement>,
    b: &Read,
) -> Option<(Standing, f32)> {
    let likeness = similarity_of_words(&a.words, &b.words);
    if likeness < SAME_SUBJECT_BY_WORDS {
        return None;
    }
    if let Some((contradicts, _)) = opposed(statement, &b.statement(&SAME)) {
        return Some((contradicts, likeness));
    }
    (likeness >= REPEATS_BY_WORDS).then_some((Standing::Repeats, likeness))
}

/// Any vector of length 1: in place of those of texts that are taken to be about the same thing.
const SAME: Embedding = {
    let mut vector = [0.0; EMBEDDING_WIDTH];
    vector[0] = 1.0;
    vector
};

fn opposed(a: &Statement, b: &Statement) -> Option<(Standing, f32)> {
    let found = contradicts(a, b)?;
    Some((Standing::Contradicts(found.reason), found.confidence))
}

#[cfg(test)]
mod tests {
    use super::{Compared, Depth, Said, Standing, compare};
    use crate::matching::{Bag, Collection, ContradictionReason};

    const CLAIM: &str = "The ferry will carry 400 cars from June";

    fn said(text: &str) -> Said {
        Said {
            text: text.to_owned(),
            published: None,
        }
    }

    fn against(candidates: &[&str], depth: Depth) -> Vec<Compared> {
        let bags: Vec<Bag> = candidates.iter().map(|text| Bag::of(text)).collect();
        let candidates: Vec<Said> = candidates.iter().map(|text| said(text)).collect();
        compare(&said(CLAIM), &candidates, 0, &Collection::of(&bags), depth)
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
    fn the_same_in_other_words_takes_meaning() {
        let worded = ["Room for 400 vehicles aboard the ferry as of June"];
        assert_eq!(against(&worded, Depth::Words)[0].standing, None);
        let compared = against(&worded, Depth::Meaning);
        assert_eq!(
            compared[0].standing.map(|(standing, _)| standing),
            Some(Standing::Repeats)
        );
        assert!(against(&[], Depth::Meaning).is_empty());
    }
}
