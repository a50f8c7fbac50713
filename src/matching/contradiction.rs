//! Finding the difference between two statements that cannot both be true: a negation, an antonym, a number, a date,
//! a name, or who does what to whom (de Marneffe, Rafferty and Manning 2008).

use std::collections::HashSet;
use std::sync::OnceLock;

use strum::{Display, EnumString};

use super::cues::{Cue, cue};
use super::dated_text::DatedText;
use super::measures::set;
use super::quantities::{Quantity, quantities};
use super::words::{Word, WordKind, words};
use crate::domain::TimeExpression;
use crate::extract::{TimeView, times};
use crate::text::Layout;

/// Why two statements contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ContradictionReason {
    /// One negates what the other says.
    OppositePolarity,
    /// One is for what the other is against, or says that there is more of something where the other says less.
    Antonym,
    /// They give different numbers for the same thing.
    OtherNumber,
    /// They give different times for the same thing.
    OtherDate,
    /// They have different names in the same place.
    OtherName,
    /// The same words, with the roles exchanged.
    Roles,
    /// No single difference: the texts contradict each other as a whole.
    Whole,
}

/// A short text, analysed for comparison with others.
#[derive(Debug, Clone)]
pub struct Statement {
    text: DatedText,
    words: Vec<Word>,
    /// Found when first asked for: of many candidates, only their words are compared.
    details: OnceLock<Details>,
}

/// What a statement says besides its words.
#[derive(Debug, Clone)]
struct Details {
    quantities: Vec<Quantity>,
    times: Vec<TimeExpression>,
    /// Whether it has an odd number of negations.
    negated: bool,
    /// Whether it has an odd number of opposing words.
    against: bool,
}

impl Details {
    fn of(text: &DatedText, words: &[Word]) -> Self {
        let layout = Layout::new(&text.text, None);
        let times = times(&layout, text.published, TimeView::Expressions);
        let spans: Vec<_> = times
            .iter()
            .map(|time| time.span.start..time.span.end)
            .collect();
        let is_odd = |kind| words.iter().filter(|word| cue(word) == Some(kind)).count() % 2 == 1;
        Self {
            quantities: quantities(&layout, &spans),
            times,
            negated: is_odd(Cue::Not),
            against: is_odd(Cue::Less),
        }
    }
}

impl Statement {
    /// Analyses a statement.
    #[must_use]
    pub fn new(text: &DatedText) -> Self {
        Self {
            words: words(&text.text),
            text: text.clone(),
            details: OnceLock::new(),
        }
    }

    fn details(&self) -> &Details {
        self.details
            .get_or_init(|| Details::of(&self.text, &self.words))
    }

    /// The text as it was given.
    pub(super) fn text(&self) -> &str {
        &self.text.text
    }

    /// Its words.
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// Returns false if the two give different numbers for the same thing, or different times.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let (own, other) = (self.details(), other.details());
        !has_other_number(&own.quantities, &other.quantities)
            && !has_other_date(&own.times, &other.times)
    }

    /// Returns whether both have the same words in the same order, ignoring case and accents.
    pub(super) fn has_same_words(&self, other: &Self) -> bool {
        let plain = |own: &'_ Self| -> Vec<String> {
            own.words.iter().map(|word| word.plain.clone()).collect()
        };
        plain(self) == plain(other)
    }

    /// The difference from a statement that it contradicts.
    pub(super) fn reason(&self, other: &Self) -> ContradictionReason {
        let (own, others) = (self.details(), other.details());
        if has_other_number(&own.quantities, &others.quantities) {
            ContradictionReason::OtherNumber
        } else if has_other_date(&own.times, &others.times) {
            ContradictionReason::OtherDate
        } else if own.negated != others.negated {
            ContradictionReason::OppositePolarity
        } else if own.against != others.against {
            ContradictionReason::Antonym
        } else if self.stems() == other.stems() {
            ContradictionReason::Roles
        } else if self.differs_by(other, WordKind::Name) {
            ContradictionReason::OtherName
        } else if self.differs_by(other, WordKind::Plain) {
            ContradictionReason::Antonym
        } else {
            ContradictionReason::Whole
        }
    }

    /// The stems of all content words.
    fn stems(&self) -> HashSet<&str> {
        set(
            &self.words,
            &[WordKind::Name, WordKind::Number, WordKind::Plain],
        )
    }

    /// Returns whether each has exactly one content word that the other lacks, both of this kind.
    fn differs_by(&self, other: &Self, kind: WordKind) -> bool {
        let lacks = |one: &'_ Self, other: &'_ Self| -> Vec<bool> {
            let known = other.stems();
            let own = one.words.iter().filter(|word| word.kind != WordKind::Stop);
            let own = own.filter(|word| !known.contains(word.stem.as_str()));
            own.map(|word| word.kind == kind).collect()
        };
        lacks(self, other) == [true] && lacks(other, self) == [true]
    }
}

/// Returns whether the same thing is counted once in both, with different numbers.
fn has_other_number(a: &[Quantity], b: &[Quantity]) -> bool {
    a.iter().any(|one| {
        let same: Vec<_> = b.iter().filter(|other| other.unit == one.unit).collect();
        let units = a.iter().filter(|other| other.unit == one.unit).count();
        // With several numbers of one unit, there is no telling which correspond.
        units == 1 && same.len() == 1 && one.differs(same[0])
    })
}

/// Returns whether each names exactly one time and the two do not overlap.
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
    use super::{ContradictionReason, Statement};
    use crate::matching::DatedText;

    fn read(a: &str, b: &str) -> [Statement; 2] {
        [a, b].map(|text| Statement::new(&DatedText::undated(text)))
    }

    #[test]
    fn contradictions_have_their_reason() {
        use ContradictionReason::{
            Antonym, OppositePolarity, OtherDate, OtherName, OtherNumber, Roles, Whole,
        };
        for (a, b, expect) in [
            (
                "The new quay is safe for ferries.",
                "The new quay is not safe for ferries.",
                OppositePolarity,
            ),
            (
                "We will keep the night ferry.",
                "We will abolish the night ferry.",
                Antonym,
            ),
            (
                "Unemployment rose in May.",
                "Unemployment fell in May.",
                Antonym,
            ),
            (
                "The ferry carries 400 cars.",
                "The ferry carries 250 cars.",
                OtherNumber,
            ),
            (
                "The bridge opened on 3 May 2019.",
                "The bridge opened on 8 June 2019.",
                OtherDate,
            ),
            (
                "Builders took bribes from the mayor.",
                "The mayor took bribes from builders.",
                Roles,
            ),
            (
                "The prize went to Ida Brandt.",
                "The prize went to Ida Dolan.",
                OtherName,
            ),
            (
                "The old quay is in ruins.",
                "Ships moor at a pier in the best of states.",
                Whole,
            ),
        ] {
            let [a, b] = read(a, b);
            assert_eq!(a.reason(&b), expect, "{a:?} {b:?}");
            assert_eq!(b.reason(&a), expect, "{a:?} {b:?}");
        }
    }

    #[test]
    fn other_numbers_and_dates_do_not_agree() {
        for (a, b, expect) in [
            ("It carries 400 cars.", "It carries 250 cars.", false),
            ("It carries 400 cars.", "It carries about 410 cars.", true),
            ("It opened on 3 May 2019.", "It opened in May 2019.", true),
            (
                "It opened on 3 May 2019.",
                "It opened on 8 June 2019.",
                false,
            ),
            ("", "", true),
        ] {
            let [a, b] = read(a, b);
            assert_eq!(a.agrees(&b), expect, "{a:?} {b:?}");
        }
        let [a, b] = read("That José left", "that Jose left.");
        assert!(a.has_same_words(&b));
    }
}
