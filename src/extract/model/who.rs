//! What the model reads of who is who in a text: vectors of its words for the heads of who is who, what each name names,
//! and the ranker.

use std::ops::Range;

use super::encoder::{WIDTH, layer};
use super::layer::{Layer, Scratch, run};
use super::math::Norm;
use super::matrix::{Linear, ROWS, padded};
use super::ranker::{Ranked, Ranker};
use super::tagged::{TAGS, Tagged, tagged};
use super::weights::{Entries, ModelError};
use crate::extract::names::NameKind;

/// The encoder's layers whose vectors the heads of who is who read, side by side.
pub(super) const LAYERS_READ: [usize; 3] = [2, 4, 6];
/// Numbers in a word's vector as the heads see it.
pub(super) const WHO_WIDTH: usize = 256;
const LAYERS: usize = 2;
/// So many words' tags are scored at once.
const WORDS_AT_ONCE: usize = 512;
/// What capitals may name, in the order of the outputs; the first is no name.
pub(super) const KINDS: [Option<NameKind>; 6] = [
    None,
    Some(NameKind::Person),
    Some(NameKind::Organization),
    Some(NameKind::Place),
    Some(NameKind::People),
    Some(NameKind::Other),
];

/// The heads of who is who, and the two layers over the words of a window that they share.
pub(super) struct WhoReader {
    word: Linear,
    norm: Norm,
    layers: Vec<Layer>,
    kind: Linear,
    names: Linear,
    pub(super) ranker: Ranker,
}

impl WhoReader {
    pub(super) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
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
    pub(super) fn read(&self, words: &[f32], length: usize, scratch: &mut Scratch) -> Vec<f32> {
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
    pub(super) fn kind_scores(&self, vectors: &[f32]) -> Vec<[f32; KINDS.len()]> {
        scores(&self.kind, vectors)
    }

    /// The same for [`TAGS`].
    pub(super) fn tag_scores(&self, vectors: &[f32]) -> Vec<[f32; TAGS]> {
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

/// What is read in one window: the vectors of its words, in numbers of 16 bits, for a long text has many words.
pub(super) struct WindowWho {
    pub tokens: Range<usize>,
    pub vectors: Vec<u16>,
}

impl WindowWho {
    pub(super) fn new(tokens: Range<usize>, vectors: &[f32]) -> Self {
        let vectors = vectors.iter().map(|x| narrow(*x)).collect();
        Self { tokens, vectors }
    }
}

/// The vectors of a text's words, and the heads that read them.
pub struct WhoRead {
    heads: &'static WhoReader,
    vectors: Vec<u16>,
}

impl std::fmt::Debug for WhoRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhoRead").finish_non_exhaustive()
    }
}

impl WhoRead {
    /// Of a text of so many tokens. Words of windows that were not read have no vector.
    pub(super) fn new(heads: &'static WhoReader, tokens: usize, windows: Vec<WindowWho>) -> Self {
        let mut vectors = vec![0; tokens * WHO_WIDTH];
        for window in windows {
            let range = window.tokens.start * WHO_WIDTH..window.tokens.end * WHO_WIDTH;
            vectors[range].copy_from_slice(&window.vectors);
        }
        Self { heads, vectors }
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
        let scores = self
            .vectors
            .chunks(WORDS_AT_ONCE * WHO_WIDTH)
            .flat_map(|words| {
                let words: Vec<f32> = words.iter().map(|x| wide(*x)).collect();
                self.heads.tag_scores(&words)
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
                let word = &self.vectors[token * WHO_WIDTH..][..WHO_WIDTH];
                for (sum, x) in vectors[at..].iter_mut().zip(word) {
                    *sum += share * wide(*x);
                }
            }
        }
        vectors
    }
}

/// The upper 16 bits of a number, rounded.
fn narrow(x: f32) -> u16 {
    let bits = x.to_bits().wrapping_add(0x8000) >> 16;
    u16::try_from(bits).unwrap_or(u16::MAX)
}

fn wide(x: u16) -> f32 {
    f32::from_bits(u32::from(x) << 16)
}

#[cfg(test)]
mod tests {
    use super::{narrow, wide};

    #[test]
    fn half_the_bits_keep_a_number_within_a_percent() {
        for x in [0.0, 1.0, -0.3, 12.34, -7e-4] {
            assert!((wide(narrow(x)) - x).abs() <= x.abs() / 200.0, "{x}");
        }
    }
}
