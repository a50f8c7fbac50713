//! What the model reads of who is who in a text: vectors of its words for the heads of who is who, what each name names,
//! and the ranker.

use std::ops::Range;

use super::kept::{WindowVectors, WordVectors};
use super::ranker::{Ranked, Ranker};
use super::shapes::{KINDS, LAYERS_READ, WHO_WIDTH};
use super::tagged::{TAGS, Tagged, tagged};
use crate::extract::model::network::encoder::{WIDTH, layer};
use crate::extract::model::network::layer::{Layer, Scratch, run};
use crate::extract::model::network::math::Norm;
use crate::extract::model::network::matrix::{Linear, ROWS, padded};
use crate::extract::model::network::weights::{Entries, ModelError};
use crate::extract::names::NameKind;

const LAYERS: usize = 2;
/// How many words' tags are scored at once.
const WORDS_AT_ONCE: usize = 512;
/// The heads of who is who, and the two layers over the words of a window that they share.
pub(in crate::extract::model) struct WhoReader {
    word: Linear,
    norm: Norm,
    layers: Vec<Layer>,
    kind: Linear,
    names: Linear,
    pub(in crate::extract::model) ranker: Ranker,
}

impl WhoReader {
    pub(in crate::extract::model) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
        let layers =
            (0..LAYERS).map(|index| layer(entries, &format!("who.layers.{index}"), WHO_WIDTH));
        Ok(Self {
            word: entries.linear("who.word", LAYERS_READ.len() * WIDTH, WHO_WIDTH)?,
            norm: entries.norm("who.norm", WHO_WIDTH)?,
            layers: layers.collect::<Result<_, _>>()?,
            kind: entries.linear("who.kind", WHO_WIDTH, KINDS.len())?,
            names: entries.linear("who.names", WHO_WIDTH, TAGS)?,
            ranker: Ranker::new(entries)?,
        })
    }

    /// The vectors of a window's words, [`WHO_WIDTH`] numbers each. `words` holds what the encoder's layers give for them,
    /// up to a multiple of [`ROWS`].
    pub(in crate::extract::model) fn read(
        &self,
        words: &[f32],
        length: usize,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        let count = padded(length, ROWS);
        let mut x = vec![0.0; count * WHO_WIDTH];
        run(&self.word, words, &mut x, count);
        for row in x.chunks_exact_mut(WHO_WIDTH) {
            self.norm.apply(row);
        }
        for layer in &self.layers {
            layer.apply(&mut x, length, scratch);
        }
        x.truncate(length * WHO_WIDTH);
        x
    }

    /// How likely each of these vectors is that of a name of each of [`KINDS`]: scores.
    pub(in crate::extract::model) fn kind_scores(
        &self,
        vectors: &[f32],
    ) -> Vec<[f32; KINDS.len()]> {
        scores(&self.kind, vectors)
    }

    /// The same for [`TAGS`].
    pub(in crate::extract::model) fn tag_scores(&self, vectors: &[f32]) -> Vec<[f32; TAGS]> {
        scores(&self.names, vectors)
    }
}

/// What a head gives for each of these vectors.
fn scores<const N: usize>(head: &Linear, vectors: &[f32]) -> Vec<[f32; N]> {
    let count = vectors.len() / WHO_WIDTH;
    let rows = padded(count, ROWS).max(ROWS);
    let mut vectors = vectors.to_vec();
    vectors.resize(rows * WHO_WIDTH, 0.0);
    let mut scores = vec![0.0; rows * head.columns()];
    run(head, &vectors, &mut scores, rows);
    let rows = scores.chunks_exact(head.columns()).take(count);
    rows.map(|row| std::array::from_fn(|at| row[at])).collect()
}

/// The vectors of a text's words, and the heads that read them.
pub struct WhoRead {
    heads: &'static WhoReader,
    vectors: WordVectors,
}

impl std::fmt::Debug for WhoRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhoRead").finish_non_exhaustive()
    }
}

impl WhoRead {
    /// Of a text of so many tokens. Words of windows that were not read have no vector.
    pub(in crate::extract::model) fn new(
        heads: &'static WhoReader,
        tokens: usize,
        windows: impl Iterator<Item = WindowVectors>,
    ) -> Self {
        Self {
            heads,
            vectors: WordVectors::new(WHO_WIDTH, tokens, windows),
        }
    }

    /// What each name names, given by its tokens; `None` where it is rather no name.
    pub(in crate::extract) fn kinds(
        &self,
        names: impl Iterator<Item = Range<usize>>,
    ) -> Vec<Option<NameKind>> {
        let best = |row: [f32; KINDS.len()]| {
            let best = (0..KINDS.len()).max_by(|a, b| row[*a].total_cmp(&row[*b]));
            best.and_then(|best| KINDS[best])
        };
        let scores = self.heads.kind_scores(&self.vectors_of(names));
        scores.into_iter().map(best).collect()
    }

    /// The names that the model reads, in text order.
    pub(in crate::extract) fn names(&self) -> Vec<Tagged> {
        let count = self.vectors.count();
        let scores = (0..count).step_by(WORDS_AT_ONCE).flat_map(|start| {
            let words = self.vectors.of(start..count.min(start + WORDS_AT_ONCE));
            self.heads.tag_scores(&words.collect::<Vec<f32>>())
        });
        tagged(scores)
    }

    /// The ranker, and the mentions with these heads, given by their tokens, as it sees them.
    pub(in crate::extract) fn rank(
        &self,
        mentions: impl Iterator<Item = Range<usize>>,
    ) -> (&'static Ranker, Ranked) {
        let vectors = self.vectors_of(mentions);
        (&self.heads.ranker, self.heads.ranker.prepare(vectors))
    }

    /// The mean vector of each range of words.
    fn vectors_of(&self, ranges: impl Iterator<Item = Range<usize>>) -> Vec<f32> {
        let mut vectors = Vec::new();
        for range in ranges {
            let at = vectors.len();
            vectors.resize(at + WHO_WIDTH, 0.0);
            #[expect(clippy::cast_precision_loss, reason = "the words of a name")]
            let share = 1.0 / range.len().max(1) as f32;
            for token in range {
                let word = self.vectors.of(token..token + 1);
                for (sum, x) in vectors[at..].iter_mut().zip(word) {
                    *sum += share * x;
                }
            }
        }
        vectors
    }
}
