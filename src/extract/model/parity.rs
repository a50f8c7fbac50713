//! The arithmetic against PyTorch's, on the golden inputs that `models/training/golden.py` wrote for these weights. The cue
//! given to the role reader is the word in the middle of the unit.

use std::collections::HashMap;

use serde::Deserialize;

use super::encoder::WIDTH;
use super::layer::Scratch;
use super::matrix::{ROWS, padded};
use super::{Features, Model};
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
}

fn assert_close(found: &[[f32; 7]], expected: &[[f32; 7]], what: &str) {
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
        model
            .encoder
            .read(&features, all, &mut pieces, &mut scratch);
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
    }
    assert!(EXPECTED.lines().count() >= 6);
}
