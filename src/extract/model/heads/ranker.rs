//! The ranker: how likely a mention stands for each of the mentions around it, or for none of them (Lee et al. 2017).

use super::shapes::WHO_WIDTH;
use crate::extract::coref::{FEATURES, PairFeatures};
use crate::extract::model::network::layer::run;
use crate::extract::model::network::math::{add, gelu};
use crate::extract::model::network::matrix::{Linear, ROWS, padded};
use crate::extract::model::network::weights::{Entries, ModelError};

const WIDTH: usize = 128;

/// The learnt part of the ranker.
pub(in crate::extract) struct Ranker {
    anaphor: Linear,
    antecedent: Linear,
    left: Linear,
    right: Linear,
    /// For each feature a row for each of its values.
    features: Vec<Vec<f32>>,
    score: Vec<f32>,
    nobody: Vec<f32>,
}

/// Mentions as the ranker sees them.
pub(in crate::extract) struct Ranked {
    anaphor: Vec<f32>,
    antecedent: Vec<f32>,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Ranker {
    pub(in crate::extract::model) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
        let linear = |name: &str| entries.linear(&format!("who.{name}"), WHO_WIDTH, WIDTH);
        // The weights and after them the bias.
        let row = |name: &str| {
            let mut row = entries.numbers(&format!("who.{name}.weight"), WIDTH)?;
            row.extend(entries.numbers(&format!("who.{name}.bias"), 1)?);
            Ok::<_, ModelError>(row)
        };
        let features = FEATURES.iter().map(|(name, values)| {
            entries.numbers(&format!("who.features.{name}.weight"), values * WIDTH)
        });
        Ok(Self {
            anaphor: linear("anaphor")?,
            antecedent: linear("antecedent")?,
            left: linear("left")?,
            right: linear("right")?,
            features: features.collect::<Result<_, _>>()?,
            score: row("score")?,
            nobody: row("nobody")?,
        })
    }

    /// Prepares mentions, given the vectors of their heads, [`WHO_WIDTH`] numbers each.
    pub(in crate::extract::model) fn prepare(&self, mut vectors: Vec<f32>) -> Ranked {
        let count = padded(vectors.len() / WHO_WIDTH, ROWS).max(ROWS);
        vectors.resize(count * WHO_WIDTH, 0.0);
        let project = |layer: &Linear| {
            let mut out = vec![0.0; count * WIDTH];
            run(layer, &vectors, &mut out, count);
            out
        };
        Ranked {
            anaphor: project(&self.anaphor),
            antecedent: project(&self.antecedent),
            left: project(&self.left),
            right: project(&self.right),
        }
    }

    /// The score of an antecedent, of two mentions given by their numbers.
    pub(in crate::extract) fn score(
        &self,
        ranked: &Ranked,
        anaphor: usize,
        antecedent: usize,
        features: &PairFeatures,
    ) -> f32 {
        let mut hidden = row(&ranked.anaphor, anaphor).to_vec();
        add(&mut hidden, row(&ranked.antecedent, antecedent));
        let sides = row(&ranked.left, anaphor)
            .iter()
            .zip(row(&ranked.right, antecedent));
        for (x, (left, right)) in hidden.iter_mut().zip(sides) {
            *x += left * right;
        }
        for (table, value) in self.features.iter().zip(features) {
            add(&mut hidden, row(table, *value));
        }
        gelu(&mut hidden);
        weighed(&hidden, &self.score)
    }

    /// The score of nobody.
    pub(in crate::extract) fn nobody(&self, ranked: &Ranked, anaphor: usize) -> f32 {
        let mut hidden = row(&ranked.anaphor, anaphor).to_vec();
        gelu(&mut hidden);
        weighed(&hidden, &self.nobody)
    }
}

fn row(rows: &[f32], at: usize) -> &[f32] {
    &rows[at * WIDTH..][..WIDTH]
}

/// The sum of products with the weights, and the bias after them.
fn weighed(hidden: &[f32], weights: &[f32]) -> f32 {
    let sum: f32 = hidden
        .iter()
        .zip(weights)
        .map(|(x, weight)| x * weight)
        .sum();
    sum + weights[WIDTH]
}
