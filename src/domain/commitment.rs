use strum::{Display, EnumString};

/// How sure the one on record is of what is claimed (FactBank, Saurí and Pustejovsky 2009).
///
/// Least sure first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Certainty {
    /// Takes no position: FactBank's U.
    Uncommitted,
    /// Thinks it possible: FactBank's PS.
    Possible,
    /// Thinks it likely: FactBank's PR.
    Probable,
    /// Sure: FactBank's CT. Promises, plans and firm predictions too.
    Certain,
}

/// Whether the one on record holds what is claimed true or false (FactBank).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Polarity {
    /// Holds it true.
    Positive,
    /// Holds it false.
    Negative,
    /// Leaves it open.
    Unknown,
}

/// What the one on record is committed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment {
    /// How sure of it.
    pub certainty: Certainty,
    /// That it is so, or that it is not.
    pub polarity: Polarity,
}

impl Commitment {
    /// What a bare statement commits to.
    pub const STATED: Self = Self {
        certainty: Certainty::Certain,
        polarity: Polarity::Positive,
    };
    /// Takes no position.
    pub const NONE: Self = Self {
        certainty: Certainty::Uncommitted,
        polarity: Polarity::Unknown,
    };

    /// True if the polarity is unknown exactly where nothing is committed to.
    #[must_use]
    pub const fn is_consistent(self) -> bool {
        matches!(self.certainty, Certainty::Uncommitted)
            == matches!(self.polarity, Polarity::Unknown)
    }

    /// Both as one number: from 3, certainly so, over 0, open, to -3, certainly not so.
    #[must_use]
    pub const fn factuality(self) -> i32 {
        let sure = match self.certainty {
            Certainty::Certain => 3,
            Certainty::Probable => 2,
            Certainty::Possible => 1,
            Certainty::Uncommitted => 0,
        };
        match self.polarity {
            Polarity::Positive => sure,
            Polarity::Negative => -sure,
            Polarity::Unknown => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Certainty, Commitment, Polarity};

    #[test]
    fn factuality_is_certainty_with_the_sign_of_the_polarity() {
        let of = |certainty, polarity| {
            Commitment {
                certainty,
                polarity,
            }
            .factuality()
        };
        assert_eq!(of(Certainty::Certain, Polarity::Positive), 3);
        assert_eq!(of(Certainty::Probable, Polarity::Negative), -2);
        assert_eq!(of(Certainty::Possible, Polarity::Positive), 1);
        assert_eq!(Commitment::NONE.factuality(), 0);
    }
}
