//! The arithmetic against PyTorch's, on the golden inputs that `models/training/golden.py` wrote for these weights. The cue
//! given to the role reader is the word in the middle of the unit.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;

use super::heads::meaning::MEANING_WIDTH;
use super::heads::shapes::{KINDS, LAYERS_READ, WHO_WIDTH};
use super::heads::tagged::TAGS;
use super::network::encoder::WIDTH;
use super::network::layer::Scratch;
use super::network::matrix::{ROWS, padded};
use super::windows::gather_layer;
use super::{Features, Model};
use crate::extract::coref::FEATURES;
use crate::extract::semantics::{CLAIM_FEATURES, Part};
use crate::text::Layout;

const TEXTS: &str = include_str!("../../../tests/golden/model-texts.jsonl");
const EXPECTED: &str = include_str!("../../../tests/golden/model.jsonl");
const TOLERANCE: f32 = 1e-3;

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
}

#[derive(Deserialize)]
struct Expected {
    id: String,
    unit: usize,
    tags: Vec<[f32; 7]>,
    roles: Vec<[f32; 7]>,
    kinds: Vec<[f32; KINDS.len()]>,
    names: Vec<[f32; TAGS]>,
    /// The score of the first word with the middle one, each feature at its second value, and that of nobody.
    pair: f32,
    nobody: f32,
    /// What the heads of meaning give for a claim of the unit's first words, each of another part than the one before,
    /// each feature at its second value.
    meaning: Vec<f32>,
}

fn assert_close<const N: usize>(found: &[[f32; N]], expected: &[[f32; N]], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!(
            (found - expected).abs() < TOLERANCE,
            "{what}: {found} {expected}"
        );
    }
}

#[test]
fn the_network_gives_what_it_gave_in_training() {
    let texts = TEXTS
        .lines()
        .map(|line| serde_json::from_str::<Text>(line).unwrap());
    let texts: HashMap<String, String> = texts.map(|text| (text.id, text.text)).collect();
    let model = Model::current();
    for line in EXPECTED.lines() {
        let expected: Expected = serde_json::from_str(line).unwrap();
        let features = Features::new(&Layout::new(&texts[&expected.id], None));
        let (mut pieces, mut scratch) = (Vec::new(), Scratch::default());
        let all = 0..features.ids.len();
        let tokens = 0..features.starts.len() - 1;
        let mut who = vec![0.0; padded(tokens.len(), ROWS) * LAYERS_READ.len() * WIDTH];
        model
            .encoder
            .read(&features, all, &mut pieces, &mut scratch, |layer, x| {
                gather_layer(&mut who, x, &features, &tokens, layer);
            });
        let who_words = model.who.read(&who, tokens.len(), &mut scratch);
        assert_who(model, &who_words, &expected);
        let unit = &features.units[expected.unit];
        let length = unit.tokens.len();
        let mut words = vec![0.0; padded(length, ROWS) * WIDTH];
        for (row, token) in words.chunks_exact_mut(WIDTH).zip(unit.tokens.clone()) {
            row.copy_from_slice(&pieces[(features.starts[token] + 1) * WIDTH..][..WIDTH]);
        }
        let what = format!("{} {}", expected.id, expected.unit);
        assert_close(&model.tagger.read(&words, length), &expected.tags, &what);
        let cue = length / 2..length / 2 + 1;
        let prepared = model.roles.prepare(&words, length);
        let roles = model.roles.read(&prepared, &cue, &mut scratch);
        assert_close(&roles, &expected.roles, &what);
        assert_meaning(model, (&who, tokens.len()), unit.tokens.clone(), &expected);
        let own = unit.tokens.start * WHO_WIDTH..unit.tokens.end * WHO_WIDTH;
        let own = &who_words[own];
        assert_close(&model.who.kind_scores(own), &expected.kinds, &what);
        assert_close(&model.who.tag_scores(own), &expected.names, &what);
    }
    assert!(EXPECTED.lines().count() >= 6);
}

fn assert_meaning(
    model: &Model,
    (layers, count): (&[f32], usize),
    unit: Range<usize>,
    expected: &Expected,
) {
    const PARTS: [Part; 5] = [
        Part::Around,
        Part::Cue,
        Part::Content,
        Part::Source,
        Part::Opening,
    ];
    let tokens = unit.start..unit.end.min(unit.start + 40);
    let words = model.meaning.project(layers, count);
    let words = words[tokens.start * MEANING_WIDTH..tokens.end * MEANING_WIDTH].to_vec();
    let parts: Vec<Part> = PARTS.into_iter().cycle().take(tokens.len()).collect();
    let found = model
        .meaning
        .read(words, &parts, &[1; CLAIM_FEATURES.len()]);
    assert_eq!(found.len(), expected.meaning.len());
    for (found, expected) in found.iter().zip(&expected.meaning) {
        assert!((found - expected).abs() < TOLERANCE, "{found} {expected}");
    }
}

/// The heads of who is who, whose vectors stand in a text by their numbers.
fn assert_who(model: &Model, words: &[f32], expected: &Expected) {
    let count = words.len() / WHO_WIDTH;
    let ranked = model.who.ranker.prepare(words.to_vec());
    let pair = model
        .who
        .ranker
        .score(&ranked, 0, count / 2, &[1; FEATURES.len()]);
    assert!((pair - expected.pair).abs() < TOLERANCE, "{pair}");
    let nobody = model.who.ranker.nobody(&ranked, 0);
    assert!((nobody - expected.nobody).abs() < TOLERANCE, "{nobody}");
}
