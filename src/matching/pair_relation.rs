//! Whether one claim repeats or contradicts another: the [judge](PairJudge) scores the pair, and rules say why they
//! contradict.
//!
//! Rules that are certain override the judge: texts with different numbers for the same thing, or different times,
//! are not repetitions.

use super::contradiction::{ContradictionReason, Statement};
use super::dated_text::DatedText;
use crate::extract::model::PairJudge;

/// The minimum probability for a repetition and, below, for a contradiction. Chosen on pairs held out of training:
/// see the model card.
const REPEATS: f32 = 0.6;
const CONTRADICTS: f32 = 0.5;

/// The relation of a candidate to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairRelation {
    /// It says the same.
    Repeats,
    /// The two cannot both be true.
    Contradicts(ContradictionReason),
}

/// The relation of `b` to `a`, and its probability; `None` if neither applies.
#[must_use]
pub fn pair_relation(a: &DatedText, b: &DatedText) -> Option<(PairRelation, f32)> {
    relation_of(&Statement::new(a), &Statement::new(b))
}

/// The same, for analysed texts. Takes milliseconds, unless the words are the same.
pub(super) fn relation_of(a: &Statement, b: &Statement) -> Option<(PairRelation, f32)> {
    let agree = a.agrees(b);
    if agree && a.has_same_words(b) {
        return Some((PairRelation::Repeats, 1.0));
    }
    let scores = PairJudge::shipped().judge(a.text(), b.text());
    if agree && scores.repeats >= REPEATS {
        return Some((PairRelation::Repeats, scores.repeats));
    }
    let contradicts = scores.contradicts >= CONTRADICTS;
    contradicts.then(|| (PairRelation::Contradicts(a.reason(b)), scores.contradicts))
}

/// Changes whenever the same two texts may get a different relation.
#[must_use]
pub fn judge_version() -> &'static str {
    PairJudge::shipped().version()
}
