//! Whether two statements about one thing cannot both be meant.
//!
//! Meant to be precise: it speaks up only where the two are about the same thing, and one says the opposite, an antonym,
//! another number or another date (de Marneffe, Rafferty and Manning 2008). What only follows from knowing the world is
//! not found.

use std::collections::HashSet;

use chrono::DateTime;
use chrono_tz::Tz;
use strum::{Display, EnumString};

use super::cues::{Cue, cue};
use super::embedding::{Embedding, cosine};
use super::measures::{dice, set};
use super::quantities::{Quantity, quantities};
use super::words::{Word, WordKind, words};
use crate::domain::TimeExpression;
use crate::extract::{TimeView, times};
use crate::text::Layout;

/// The least cosine of two texts that take sides on one subject.
const SAME_SUBJECT: f32 = 0.5;
/// The least cosine of two texts that say the same but for a number or a date.
const SAME_STATEMENT: f32 = 0.7;
/// The least share of words that those have in common.
const SAME_WORDS: f32 = 0.5;

/// Why two statements contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ContradictionReason {
    /// One negates what the other says.
    OppositePolarity,
    /// One is for what the other is against, or says that there is more of what the other says there is less of.
    Antonym,
    /// They count the same thing differently.
    OtherNumber,
    /// They put the same thing at another time.
    OtherDate,
}

/// That two statements contradict each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contradiction {
    /// Why.
    pub reason: ContradictionReason,
    /// 0.5..=1: higher the nearer the two are to each other otherwise. No probability.
    pub confidence: f32,
}

/// A short text, read so that it can be compared with others.
#[derive(Debug, Clone)]
pub struct Statement {
    embedding: Embedding,
    words: Vec<Word>,
    quantities: Vec<Quantity>,
    times: Vec<TimeExpression>,
    /// An odd number of negations.
    negated: bool,
    /// An odd number of words against something.
    against: bool,
}

impl Statement {
    /// Reads a text; `embedding` is its vector, `published` when it was published in its local time, from which "on
    /// Monday" counts.
    #[must_use]
    pub fn new(text: &str, embedding: Embedding, published: Option<DateTime<Tz>>) -> Self {
        let layout = Layout::new(text, None);
        let times = times(&layout, published, TimeView::Expressions);
        let spans: Vec<_> = times
            .iter()
            .map(|time| time.span.start..time.span.end)
            .collect();
        let words = words(text);
        let is_odd = |kind| words.iter().filter(|word| cue(word) == Some(kind)).count() % 2 == 1;
        Self {
            embedding,
            quantities: quantities(&layout, &spans),
            times,
            negated: is_odd(Cue::Not),
            against: is_odd(Cue::Less),
            words,
        }
    }

    /// The stems of what it is about: words that say something and turn nothing.
    fn subject(&self) -> HashSet<&str> {
        let own = self.words.iter().filter(|word| cue(word).is_none());
        let telling = own.filter(|word| matches!(word.kind, WordKind::Name | WordKind::Plain));
        telling.map(|word| word.stem.as_str()).collect()
    }
}

/// Whether two statements contradict each other, as far as their words tell. The order of the two does not matter.
#[must_use]
pub fn contradicts(a: &Statement, b: &Statement) -> Option<Contradiction> {
    let near = cosine(&a.embedding, &b.embedding);
    let reason = opposite(a, b, near).or_else(|| otherwise(a, b, near))?;
    let confidence = near.clamp(0.5, 1.0);
    Some(Contradiction { reason, confidence })
}

/// Opposite sides on one subject: one of the two is turned round once more than the other.
fn opposite(a: &Statement, b: &Statement, near: f32) -> Option<ContradictionReason> {
    let turned = |statement: &Statement| statement.negated != statement.against;
    if near < SAME_SUBJECT || turned(a) == turned(b) || a.subject().is_disjoint(&b.subject()) {
        return None;
    }
    Some(if a.against == b.against {
        ContradictionReason::OppositePolarity
    } else {
        ContradictionReason::Antonym
    })
}

/// The same statement with another number or date.
fn otherwise(a: &Statement, b: &Statement, near: f32) -> Option<ContradictionReason> {
    let turned = |statement: &Statement| statement.negated != statement.against;
    let plain = |statement| set(statement, &[WordKind::Name, WordKind::Plain]);
    let shared = dice(&plain(&a.words), &plain(&b.words)).unwrap_or(0.0);
    if near < SAME_STATEMENT || shared < SAME_WORDS || turned(a) != turned(b) {
        return None;
    }
    if has_other_number(&a.quantities, &b.quantities) {
        return Some(ContradictionReason::OtherNumber);
    }
    has_other_date(&a.times, &b.times).then_some(ContradictionReason::OtherDate)
}

/// True if something is counted in both, and all numbers of it differ.
fn has_other_number(a: &[Quantity], b: &[Quantity]) -> bool {
    a.iter().any(|one| {
        let same: Vec<_> = b.iter().filter(|other| other.unit == one.unit).collect();
        let units = a.iter().filter(|other| other.unit == one.unit).count();
        // Of several numbers of one unit nobody knows which belong together.
        units == 1 && same.len() == 1 && one.differs(same[0])
    })
}

/// True if each names one time, and the two have no moment in common.
fn has_other_date(a: &[TimeExpression], b: &[TimeExpression]) -> bool {
    let ([a], [b]) = (a, b) else {
        return false;
    };
    let ends = |time: &TimeExpression| Some((time.reading.start?, time.reading.end?));
    let (Some(a), Some(b)) = (ends(a), ends(b)) else {
        return false;
    };
    a.1 <= b.0 || b.1 <= a.0
}

#[cfg(test)]
mod tests {
    use super::{ContradictionReason, Statement, contradicts};
    use crate::matching::embed;

    fn reason(a: &str, b: &str) -> Option<ContradictionReason> {
        let [a, b] = [a, b].map(|text| Statement::new(text, embed(&[text])[0], None));
        let found = contradicts(&a, &b);
        assert_eq!(found, contradicts(&b, &a));
        assert!(found.is_none_or(|found| (0.5..=1.0).contains(&found.confidence)));
        found.map(|found| found.reason)
    }

    #[test]
    fn contradictions_are_found_with_their_reason() {
        use ContradictionReason::{Antonym, OppositePolarity, OtherDate, OtherNumber};
        for (a, b, expect) in [
            (
                "The new quay is safe for ferries.",
                "The new quay is not safe for ferries.",
                Some(OppositePolarity),
            ),
            (
                "We will keep the night ferry.",
                "We will abolish the night ferry.",
                Some(Antonym),
            ),
            (
                "The council supports the new bridge.",
                "The council opposes the new bridge.",
                Some(Antonym),
            ),
            (
                "The ferry carries 400 cars.",
                "The ferry carries 250 cars.",
                Some(OtherNumber),
            ),
            (
                "The bridge opened on 3 May 2019.",
                "The bridge opened on 8 June 2019.",
                Some(OtherDate),
            ),
        ] {
            assert_eq!(reason(a, b), expect, "{a} {b}");
        }
    }

    #[test]
    fn what_can_both_be_meant_is_none() {
        for (a, b) in [
            (
                "The new quay is safe for ferries.",
                "Ferries can use the new quay safely.",
            ),
            (
                "We will not abolish the night ferry.",
                "We will keep the night ferry.",
            ),
            (
                "The ferry carries 400 cars.",
                "The ferry carries about 410 cars.",
            ),
            (
                "The bridge opened on 3 May 2019.",
                "The bridge opened in May 2019.",
            ),
            (
                "The night ferry will stay.",
                "The school on the hill must not be closed.",
            ),
            ("", ""),
        ] {
            assert_eq!(reason(a, b), None, "{a} {b}");
        }
    }
}
