//! The tagger: finds the cues among all words of a unit.

use super::crf::{Crf, Scores, TAGS};
use super::encoder::WIDTH;
use super::layer::run;
use super::math::gelu;
use super::matrix::{Linear, ROWS, padded};
use super::roles::tag_scores;
use super::weights::{Entries, ModelError};

/// The learnt part of the tagger.
pub(super) struct Tagger {
    hidden: Linear,
    tag: Linear,
    pub(super) crf: Crf,
}

impl Tagger {
    pub(super) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
        Ok(Self {
            hidden: entries.linear("hidden", WIDTH, WIDTH)?,
            tag: entries.linear("tag", WIDTH, TAGS)?,
            crf: Crf::new(&entries.numbers("crf.transitions", TAGS * TAGS)?),
        })
    }

    /// The scores of the tags of `length` words; `words` holds their vectors up to a multiple of [`ROWS`].
    pub(super) fn read(&self, words: &[f32], length: usize) -> Vec<Scores> {
        let count = padded(length, ROWS);
        let mut hidden = vec![0.0; words.len()];
        run(&self.hidden, words, &mut hidden, count);
        gelu(&mut hidden);
        tag_scores(&self.tag, &hidden, length, count)
    }
}
