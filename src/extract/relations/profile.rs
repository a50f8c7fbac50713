//! What a content is made of, as far as another may share it.

use std::collections::HashMap;

use crate::domain::{ClaimKind, Polarity};

use super::scene::Scene;
use super::vocabulary::Weight;

/// How many tokens of a content are compared at most.
const MAX_TOKENS: usize = 120;

/// The words of one content.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Its first tokens.
    pub tokens: Vec<usize>,
    /// The stems of its words and numbers, sorted, each once.
    pub stems: Vec<u32>,
    /// Its numbers alone, likewise.
    pub numbers: Vec<u32>,
    /// Its words in capitals alone, likewise.
    pub names: Vec<u32>,
    /// The stems that stand in quotation marks, likewise.
    pub quoted: Vec<u32>,
    /// Every three words in a row, sorted, with the first one's place in `tokens`.
    pub triples: Vec<([u32; 3], usize)>,
    /// It says that something is not so.
    pub negated: bool,
}

impl Profile {
    pub fn of(scene: &Scene<'_>, claim: usize) -> Self {
        let attributed = &scene.claims[claim];
        let tokens: Vec<usize> = attributed
            .content
            .iter()
            .flat_map(|span| scene.tokens(*span))
            .take(MAX_TOKENS)
            .collect();
        let words = scene.vocabulary;
        let with = |wanted: &dyn Fn(usize) -> bool| {
            let mut stems: Vec<u32> = tokens
                .iter()
                .filter(|token| wanted(**token))
                .map(|token| words.stem(*token))
                .collect();
            stems.sort_unstable();
            stems.dedup();
            stems
        };
        let tells = |token: usize| matches!(words.weight(token), Weight::Content | Weight::Number);
        let is_name = |token: usize| {
            tells(token)
                && scene.layout.word(token).starts_with(char::is_uppercase)
                && !scene.begins_sentence(token)
        };
        let negations = tokens
            .iter()
            .filter(|token| words.weight(**token) == Weight::Negation);
        let denies = attributed.kind == Some(ClaimKind::Denial)
            || attributed
                .commitment
                .is_some_and(|commitment| commitment.polarity == Polarity::Negative);
        Self {
            stems: with(&tells),
            numbers: with(&|token| words.weight(token) == Weight::Number),
            names: with(&is_name),
            quoted: with(&|token| tells(token) && scene.is_quoted(token)),
            triples: triples(scene, &tokens),
            negated: (negations.count() > 0) || denies,
            tokens,
        }
    }
}

fn triples(scene: &Scene<'_>, tokens: &[usize]) -> Vec<([u32; 3], usize)> {
    let word = |token: usize| scene.vocabulary.word(token);
    let is_word = |token: usize| scene.layout.word(token).contains(char::is_alphanumeric);
    let mut all: Vec<([u32; 3], usize)> = tokens
        .windows(3)
        .enumerate()
        .filter(|(_, three)| three.iter().all(|token| is_word(*token)))
        .map(|(at, three)| ([word(three[0]), word(three[1]), word(three[2])], at))
        .collect();
    all.sort_unstable();
    all
}

/// In how many contents each stem stands.
pub(super) fn frequencies(profiles: &[Profile]) -> HashMap<u32, u32> {
    let mut counts = HashMap::new();
    for stem in profiles.iter().flat_map(|profile| &profile.stems) {
        *counts.entry(*stem).or_insert(0) += 1;
    }
    counts
}

/// What two sorted lists have in common.
pub(super) fn shared(one: &[u32], other: &[u32]) -> Vec<u32> {
    one.iter()
        .copied()
        .filter(|stem| other.binary_search(stem).is_ok())
        .collect()
}

/// True if one of two sorted lists holds the other.
pub(super) fn is_compatible(one: &[u32], other: &[u32]) -> bool {
    shared(one, other).len() == one.len().min(other.len())
}
