//! What a claim means: heads that read the words of its source, cue and content once more, with what each word is to the
//! claim and what the rules made of it.

use serde::Deserialize;

use super::calibration::logistic;
use super::kept::{WindowVectors, WordVectors};
use super::shapes::LAYERS_READ;
use crate::extract::model::network::encoder::{WIDTH, layer};
use crate::extract::model::network::layer::{Layer, Scratch, run};
use crate::extract::model::network::math::{Norm, add, gelu, log_sum_exp, softmax};
use crate::extract::model::network::matrix::{Linear, ROWS, padded};
use crate::extract::model::network::weights::{Entries, ModelError};
use crate::extract::semantics::{
    CERTAINTIES, CLAIM_FEATURES, CLASSES, ClaimFeatures, KINDS, MeaningScores, PARTS, POLARITIES,
    Part,
};

/// Numbers in a word's vector as these heads see it.
pub(in crate::extract::model) const MEANING_WIDTH: usize = 128;
const LAYERS: usize = 1;
/// Ways to look at all words of a claim.
const GLANCES: usize = 4;
/// With them the mean of the cue's words and that of the content's.
const POOLED: usize = GLANCES + 2;
const HIDDEN: usize = 128;
/// No surer than this that a claim's words are wrong, or right.
const LEAST: f32 = 1e-4;
/// The outputs: those of each head side by side, and that it is a claim at all, or none.
const OUTPUTS: usize = KINDS.len() + CERTAINTIES.len() + POLARITIES.len() + CLASSES.len() + 2;

/// How likely a reader accepts a claim, as a logistic function of how sure the engine is of its words, and of the head
/// that tells claims from what is none.
#[derive(Debug, Clone, Deserialize)]
struct Acceptance {
    words: f32,
    sensible: f32,
    offset: f32,
}

/// The learnt part.
pub(in crate::extract::model) struct MeaningReader {
    acceptance: Acceptance,
    word: Linear,
    parts: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    glances: Linear,
    hidden: Linear,
    /// For each feature a row for each of its values.
    features: Vec<Vec<f32>>,
    labels: Linear,
}

impl MeaningReader {
    pub(in crate::extract::model) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
        let layers = (0..LAYERS)
            .map(|index| layer(entries, &format!("meaning.layers.{index}"), MEANING_WIDTH));
        let features = CLAIM_FEATURES.iter().map(|(name, values)| {
            entries.numbers(&format!("meaning.features.{name}.weight"), values * HIDDEN)
        });
        let acceptance = serde_json::from_str(entries.text("acceptance")?)
            .map_err(|_| ModelError::Entry("acceptance".to_owned()))?;
        Ok(Self {
            acceptance,
            word: entries.linear("meaning.word", LAYERS_READ.len() * WIDTH, MEANING_WIDTH)?,
            parts: entries.numbers("meaning.parts.weight", PARTS * MEANING_WIDTH)?,
            norm: entries.norm("meaning.norm", MEANING_WIDTH)?,
            layers: layers.collect::<Result<_, _>>()?,
            glances: entries.linear("meaning.glances", MEANING_WIDTH, GLANCES)?,
            hidden: entries.linear("meaning.hidden", POOLED * MEANING_WIDTH, HIDDEN)?,
            features: features.collect::<Result<_, _>>()?,
            labels: entries.linear("meaning.labels", HIDDEN, OUTPUTS)?,
        })
    }

    /// The vectors of a window's words, [`MEANING_WIDTH`] numbers each. `words` holds what the encoder's layers give for
    /// them, up to a multiple of [`ROWS`].
    pub(in crate::extract::model) fn project(&self, words: &[f32], length: usize) -> Vec<f32> {
        let count = padded(length, ROWS);
        let mut x = vec![0.0; count * MEANING_WIDTH];
        run(&self.word, words, &mut x, count);
        x.truncate(length * MEANING_WIDTH);
        x
    }

    /// The outputs for one claim, given the vectors of its words and what each of them is to it.
    pub(in crate::extract::model) fn read(
        &self,
        mut x: Vec<f32>,
        parts: &[Part],
        features: &ClaimFeatures,
    ) -> Vec<f32> {
        let length = parts.len();
        let count = padded(length, ROWS);
        for (row, part) in x.chunks_exact_mut(MEANING_WIDTH).zip(parts) {
            add(
                row,
                &self.parts[*part as usize * MEANING_WIDTH..][..MEANING_WIDTH],
            );
            self.norm.apply(row);
        }
        x.resize(count * MEANING_WIDTH, 0.0);
        let mut scratch = Scratch::default();
        for layer in &self.layers {
            layer.apply(&mut x, length, &mut scratch);
        }
        let mut pooled = vec![0.0; ROWS * POOLED * MEANING_WIDTH];
        self.pool(&x, parts, &mut pooled);
        let mut hidden = vec![0.0; ROWS * HIDDEN];
        run(&self.hidden, &pooled, &mut hidden, ROWS);
        for (table, value) in self.features.iter().zip(features) {
            add(&mut hidden[..HIDDEN], &table[value * HIDDEN..][..HIDDEN]);
        }
        gelu(&mut hidden[..HIDDEN]);
        let mut out = vec![0.0; ROWS * self.labels.columns()];
        run(&self.labels, &hidden, &mut out, ROWS);
        out.truncate(OUTPUTS);
        out
    }

    /// What each glance sees, the mean of the cue's words and that of the content's, side by side.
    fn pool(&self, x: &[f32], parts: &[Part], pooled: &mut [f32]) {
        let count = x.len() / MEANING_WIDTH;
        let columns = self.glances.columns();
        let mut scores = vec![0.0; count * columns];
        run(&self.glances, x, &mut scores, count);
        let words = || x.chunks_exact(MEANING_WIDTH).take(parts.len());
        let mut pooled = pooled.chunks_exact_mut(MEANING_WIDTH);
        for (glance, pooled) in (0..GLANCES).zip(pooled.by_ref()) {
            let own = scores.chunks_exact(columns).map(|row| row[glance]);
            let mut shares: Vec<f32> = own.take(parts.len()).collect();
            softmax(&mut shares, 1.0);
            for (word, share) in words().zip(shares) {
                add_share(pooled, word, share);
            }
        }
        let cue = |part: Part| part == Part::Cue;
        let content = |part: Part| matches!(part, Part::Content | Part::Opening);
        let sides: [&dyn Fn(Part) -> bool; 2] = [&cue, &content];
        for (is_own, pooled) in sides.into_iter().zip(pooled) {
            let own = parts.iter().filter(|part| is_own(**part)).count();
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let share = 1.0 / own.max(1) as f32;
            for (word, _) in words().zip(parts).filter(|(_, part)| is_own(**part)) {
                add_share(pooled, word, share);
            }
        }
    }
}

fn add_share(sum: &mut [f32], word: &[f32], share: f32) {
    for (sum, x) in sum.iter_mut().zip(word) {
        *sum += share * x;
    }
}

/// The vectors of a text's words, and the heads that read what claims of it mean.
pub struct MeaningRead {
    heads: &'static MeaningReader,
    vectors: WordVectors,
}

impl std::fmt::Debug for MeaningRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MeaningRead").finish_non_exhaustive()
    }
}

impl MeaningRead {
    /// Of a text of so many tokens.
    pub(in crate::extract::model) fn new(
        heads: &'static MeaningReader,
        tokens: usize,
        windows: impl Iterator<Item = WindowVectors>,
    ) -> Self {
        let vectors = WordVectors::new(MEANING_WIDTH, tokens, windows);
        Self { heads, vectors }
    }

    /// How likely a reader accepts a claim of whose words the engine is so sure.
    pub(in crate::extract) fn confidence(&self, words: f32, scores: &MeaningScores) -> f32 {
        let acceptance = &self.heads.acceptance;
        let words = words.clamp(LEAST, 1.0 - LEAST);
        let odds = (words / (1.0 - words)).ln();
        logistic(
            acceptance.words * odds + acceptance.sensible * scores.sensible + acceptance.offset,
        )
    }

    /// What the heads say of a claim, given by its words and what the rules made of it.
    pub(in crate::extract) fn scores(
        &self,
        words: &[(usize, Part)],
        features: &ClaimFeatures,
    ) -> MeaningScores {
        let vectors = words
            .iter()
            .flat_map(|(token, _)| self.vectors.of(*token..token + 1));
        let parts: Vec<Part> = words.iter().map(|(_, part)| *part).collect();
        let out = self.heads.read(vectors.collect(), &parts, features);
        let mut rest = &out[..];
        let [ok, not] = {
            let (_, last) = out.split_at(OUTPUTS - 2);
            [last[0], last[1]]
        };
        MeaningScores {
            kinds: likelihoods(&mut rest),
            certainties: likelihoods(&mut rest),
            polarities: likelihoods(&mut rest),
            classes: likelihoods(&mut rest),
            sensible: ok - not,
        }
    }
}

/// Takes the outputs of one head off the front, as logarithms of probabilities.
fn likelihoods<const N: usize>(outputs: &mut &[f32]) -> [f32; N] {
    let (own, rest) = outputs.split_at(N);
    *outputs = rest;
    let all = log_sum_exp(own.iter().copied());
    std::array::from_fn(|at| own[at] - all)
}
