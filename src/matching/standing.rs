//! How one claim stands to another: the [judge](PairJudge) reads both, and rules tell why they contradict.
//!
//! What rules see for certain goes before the judge: another number of the same thing, or another day, is no repetition.

use super::contradiction::{ContradictionReason, Statement};
use super::said::Said;
use crate::extract::model::PairJudge;

/// From this probability on two claims say the same, and from this one on they contradict each other. Chosen by the pairs
/// held out of training: see the model card.
const REPEATS: f32 = 0.6;
const CONTRADICTS: f32 = 0.5;

/// How a candidate stands to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Says the same.
    Repeats,
    /// Says what cannot be true as well.
    Contradicts(ContradictionReason),
}

/// How `b` stands to `a`, and how likely; `None` where it says something else.
#[must_use]
pub fn standing(a: &Said, b: &Said) -> Option<(Standing, f32)> {
    standing_of(&Statement::new(a), &Statement::new(b))
}

/// The same of texts that were read. Takes milliseconds, but for the same words.
pub(super) fn standing_of(a: &Statement, b: &Statement) -> Option<(Standing, f32)> {
    let agree = a.agrees(b);
    if agree && a.has_same_words(b) {
        return Some((Standing::Repeats, 1.0));
    }
    let scores = PairJudge::shipped().judge(a.text(), b.text());
    if agree && scores.repeats >= REPEATS {
        return Some((Standing::Repeats, scores.repeats));
    }
    let contradicts = scores.contradicts >= CONTRADICTS;
    contradicts.then(|| (Standing::Contradicts(a.reason(b)), scores.contradicts))
}

/// Changes whenever the same two texts may stand to each other in another way.
#[must_use]
pub fn judge_version() -> &'static str {
    PairJudge::shipped().version()
}
