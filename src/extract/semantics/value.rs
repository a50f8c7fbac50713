//! One reading of an event, and how readings combine when one stands inside another.

use crate::domain::{Certainty, Commitment, Polarity};

/// How certain an event is, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value {
    pub certainty: Certainty,
    pub negative: bool,
    /// The word of the clause that makes it other than a bare statement.
    pub cause: Option<usize>,
}

impl Value {
    /// What a bare statement has.
    pub const STATED: Self = Self::new(Certainty::Certain, false);
    /// What a bare denial has.
    pub const DENIED: Self = Self::new(Certainty::Certain, true);
    /// What is neither stated nor denied.
    pub const OPEN: Self = Self::new(Certainty::Uncommitted, false);

    pub const fn new(certainty: Certainty, negative: bool) -> Self {
        Self {
            certainty,
            negative,
            cause: None,
        }
    }

    /// The same on account of the word at `at`, unless it is a bare statement or has a word already.
    #[must_use]
    pub fn by(self, at: usize) -> Self {
        let cause = self.cause.or(Some(at)).filter(|_| !self.is_stated());
        Self { cause, ..self }
    }

    /// True for a bare statement.
    #[must_use]
    pub const fn is_stated(self) -> bool {
        matches!(self.certainty, Certainty::Certain) && !self.negative
    }

    /// The value that a code of FactBank stands for: "PR-".
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let certainty = match code.get(..2)? {
            "CT" => Certainty::Certain,
            "PR" => Certainty::Probable,
            "PS" => Certainty::Possible,
            "Uu" => Certainty::Uncommitted,
            _ => return None,
        };
        Some(Self::new(certainty, code.ends_with('-')))
    }

    /// This value as it stands inside `outer`: no more certain than either, and two negations cancel out.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        let decides = if outer.certainty < self.certainty || self.is_stated() {
            outer
        } else {
            self
        };
        Self {
            certainty: self.certainty.min(outer.certainty),
            negative: self.negative != outer.negative,
            cause: decides.cause,
        }
    }

    /// As it is told to the outside.
    #[must_use]
    pub const fn commitment(self) -> Commitment {
        let polarity = match (self.certainty, self.negative) {
            (Certainty::Uncommitted, _) => Polarity::Unknown,
            (_, true) => Polarity::Negative,
            (_, false) => Polarity::Positive,
        };
        Commitment {
            certainty: self.certainty,
            polarity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Certainty, Value};

    #[test]
    fn values_combine_to_the_less_certain() {
        let possible = Value::new(Certainty::Possible, false);
        let denied = Value::new(Certainty::Certain, true);
        let both = denied.within(possible);
        assert_eq!(both, Value::new(Certainty::Possible, true));
        assert!(!denied.within(denied).negative);
    }

    #[test]
    fn the_word_that_makes_it_less_certain_is_the_cause() {
        let possible = Value::new(Certainty::Possible, false).by(1);
        let denied = Value::DENIED.by(2);
        assert_eq!(denied.within(possible).cause, Some(1));
        assert_eq!(possible.within(denied).cause, Some(1));
        assert_eq!(denied.within(Value::STATED).cause, Some(2));
        assert_eq!(Value::STATED.within(denied).cause, Some(2));
        assert_eq!(Value::STATED.by(3).cause, None);
    }

    #[test]
    fn codes_are_those_of_factbank() {
        assert_eq!(
            Value::parse("PR-"),
            Some(Value::new(Certainty::Probable, true))
        );
        assert_eq!(Value::parse("Uu"), Some(Value::OPEN));
        for broken in ["", "C", "é", "XX+"] {
            assert_eq!(Value::parse(broken), None);
        }
    }
}
