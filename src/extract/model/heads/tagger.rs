//! The tagger: finds the cues among all words of a unit.

use super::roles::tag_scores;
use crate::extract::model::network::crf::{Crf, Scores, TAGS};
use crate::extract::model::network::encoder::WIDTH;
use crate::extract::model::network::layer::run;
use crate::extract::model::network::math::gelu;
use crate::extract::model::network::matrix::{Linear, ROWS, padded};
use crate::extract::model::network::weights::{Entries, ModelError};

/// The learnt part of the tagger.
pub(in crate::extract::model) struct Tagger {
    hidden: Linear,
    tag: Linear,
    pub(in crate::extract::model) crf: Crf,
}

impl Tagger {
    pub(in crate::extract::model) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
        Ok(Self {
            hidden: entries.linear("hidden", WIDTH, WIDTH)?,
            tag: entries.linear("tag", WIDTH, TAGS)?,
            crf: Crf::new(&entries.numbers("crf.transitions", TAGS * TAGS)?),
        })
    }

    /// The scores of the tags of `length` words; `words` holds their vectors up to a multiple of [`ROWS`].
    pub(in crate::extract::model) fn read(&self, words: &[f32], length: usize) -> Vec<Scores> {
        let count = padded(length, ROWS);
        let mut hidden = vec![0.0; words.len()];
        run(&self.hidden, words, &mut hidden, count);
        gelu(&mut hidden);
        tag_scores(&self.tag, &hidden, length, count)
    }
}
