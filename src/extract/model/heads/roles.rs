//! The role reader: a unit read once more for one cue, as in semantic role labelling (Shi & Lin 2019), so that
//! attributions may share words and stand inside each other.

use std::ops::Range;

use crate::extract::model::network::crf::{Crf, Scores, TAGS};
use crate::extract::model::network::encoder::{WIDTH, layer};
use crate::extract::model::network::layer::{Layer, Scratch, run};
use crate::extract::model::network::math::{Norm, add};
use crate::extract::model::network::matrix::{Linear, ROWS, padded};
use crate::extract::model::network::weights::{Entries, ModelError};

const ROLE_WIDTH: usize = 192;
const LAYERS: usize = 2;
/// Buckets of distance on either side of the cue.
const SIDE: usize = 17;

/// The learnt part of the role reader.
pub(in crate::extract::model) struct RoleReader {
    word: Linear,
    cue: Linear,
    distance: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    tag: Linear,
    pub(in crate::extract::model) crf: Crf,
}

/// A unit prepared for any number of cues.
pub(in crate::extract::model) struct Prepared<'u> {
    /// The vectors of its words, [`WIDTH`] numbers each.
    words: &'u [f32],
    /// The same, as the role reader sees them, up to a multiple of [`ROWS`].
    projected: Vec<f32>,
    length: usize,
}

impl RoleReader {
    pub(in crate::extract::model) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
        let layers =
            (0..LAYERS).map(|index| layer(entries, &format!("roles.layers.{index}"), ROLE_WIDTH));
        Ok(Self {
            word: entries.linear("roles.word", WIDTH, ROLE_WIDTH)?,
            cue: entries.linear("roles.cue", WIDTH, ROLE_WIDTH)?,
            distance: entries.numbers("roles.distance.weight", (2 * SIDE + 1) * ROLE_WIDTH)?,
            norm: entries.norm("roles.norm", ROLE_WIDTH)?,
            layers: layers.collect::<Result<_, _>>()?,
            tag: entries.linear("roles.tag", ROLE_WIDTH, TAGS)?,
            crf: Crf::new(&entries.numbers("roles.crf.transitions", TAGS * TAGS)?),
        })
    }

    /// Prepares a unit of `length` words; `words` holds their vectors up to a multiple of [`ROWS`].
    pub(in crate::extract::model) fn prepare<'u>(
        &self,
        words: &'u [f32],
        length: usize,
    ) -> Prepared<'u> {
        let count = padded(length, ROWS);
        let mut projected = vec![0.0; count * ROLE_WIDTH];
        run(&self.word, words, &mut projected, count);
        Prepared {
            words,
            projected,
            length,
        }
    }

    /// The scores of every word's tags, given the cue.
    pub(in crate::extract::model) fn read(
        &self,
        unit: &Prepared<'_>,
        cue: &Range<usize>,
        scratch: &mut Scratch,
    ) -> Vec<Scores> {
        let count = padded(unit.length, ROWS);
        let about = self.about(unit, cue);
        let mut x = unit.projected.clone();
        for (word, row) in x.chunks_exact_mut(ROLE_WIDTH).enumerate() {
            add(row, &about);
            add(
                row,
                &self.distance[distance(word, cue) * ROLE_WIDTH..][..ROLE_WIDTH],
            );
            self.norm.apply(row);
        }
        for layer in &self.layers {
            layer.apply(&mut x, unit.length, scratch);
        }
        tag_scores(&self.tag, &x, unit.length, count)
    }

    /// What the cue itself says: its words' mean, projected.
    fn about(&self, unit: &Prepared<'_>, cue: &Range<usize>) -> Vec<f32> {
        let mut mean = vec![0.0; ROWS * WIDTH];
        for word in cue.clone() {
            add(&mut mean[..WIDTH], &unit.words[word * WIDTH..][..WIDTH]);
        }
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let share = 1.0 / cue.len() as f32;
        for x in &mut mean {
            *x *= share;
        }
        let mut about = vec![0.0; ROWS * ROLE_WIDTH];
        run(&self.cue, &mean, &mut about, ROWS);
        about.truncate(ROLE_WIDTH);
        about
    }
}

/// Runs a layer of [`TAGS`] outputs over `length` of `count` rows.
pub(in crate::extract::model) fn tag_scores(
    tag: &Linear,
    x: &[f32],
    length: usize,
    count: usize,
) -> Vec<Scores> {
    let mut out = vec![0.0; count * tag.columns()];
    run(tag, x, &mut out, count);
    let rows = out.chunks_exact(tag.columns()).take(length);
    rows.map(|row| std::array::from_fn(|tag| row[tag]))
        .collect()
}

/// The bucket of how far a word stands from a cue: 0 in it, then those before, then those after, by powers of √2.
fn distance(word: usize, cue: &Range<usize>) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a word's number, and the logarithm of at least 2"
    )]
    let bucket = |steps: usize| (2.0 * ((steps + 1) as f32).log2()).round_ties_even() as usize - 1;
    if word < cue.start {
        bucket(cue.start - word).min(SIDE)
    } else if word >= cue.end {
        bucket(word - cue.end + 1).min(SIDE) + SIDE
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_grow_by_the_square_root_of_two() {
        let cue = 500..502;
        let check = |word: usize, expect: usize| assert_eq!(distance(word, &cue), expect, "{word}");
        for (word, expect) in [
            (500, 0),
            (501, 0),
            (499, 1),
            (498, 2),
            (497, 3),
            (480, 8),
            (0, 17),
        ] {
            check(word, expect);
        }
        for (word, expect) in [(502, 18), (503, 19), (900, 33), (1_100, 34)] {
            check(word, expect);
        }
    }
}
