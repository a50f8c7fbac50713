//! Values in the notation of TIMEX3 (ISO 24617-1).

use std::fmt::{self, Display};

/// A value: a day "2024-05-06", a week "2024-W19", a length "P3D", what recurs "XXXX-WXX-1". Empty where it cannot be
/// told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::extract) struct Timex(String);

impl Timex {
    /// The time from the beginning of one value to the end of another.
    pub(in crate::extract::time) fn range(first: &Self, last: &Self) -> Self {
        Self(format!("{first}/{last}"))
    }

    /// A time of a day.
    pub(in crate::extract::time) fn at(day: &Self, time: &str) -> Self {
        Self(format!("{day}T{time}"))
    }

    /// True for a length of time, and for what is past or present at large: "P3D", "PAST_REF".
    pub(in crate::extract) fn is_length(&self) -> bool {
        self.0.starts_with('P')
    }

    /// True where nothing tells which year is meant, or which of all days: "XXXX-05-06", "XXXX-WXX-1".
    pub(in crate::extract) fn is_of_no_year(&self) -> bool {
        self.0.is_empty() || self.0.starts_with("XXXX")
    }
}

impl Display for Timex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Timex {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Timex {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<Timex> for String {
    fn from(value: Timex) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::Timex;

    #[test]
    fn values_tell_lengths_and_what_has_no_year() {
        for (value, is_length, is_of_no_year) in [
            ("2024-05-06", false, false),
            ("P3D", true, false),
            ("PAST_REF", true, false),
            ("FUTURE_REF", false, false),
            ("XXXX-WXX-1", false, true),
            ("", false, true),
        ] {
            let timex = Timex::from(value);
            let found = (timex.is_length(), timex.is_of_no_year());
            assert_eq!(found, (is_length, is_of_no_year), "{value}");
        }
    }

    #[test]
    fn values_are_put_together() {
        let day = Timex::from("2024-05-06");
        assert_eq!(Timex::at(&day, "15:00"), "2024-05-06T15:00".into());
        let next = Timex::from("2024-05-07");
        assert_eq!(Timex::range(&day, &next), "2024-05-06/2024-05-07".into());
    }
}
