//! The parts of the archive that a search scans, newest first, until it has found enough.
//!
//! A word that occurs in one claim in a hundred occurs in fifty thousand of five million. Only the newest of them are
//! wanted. The full-text index does not know the order of claims, but it does know their months. So a few months are
//! scanned, then as many more as the matches so far suggest.

use chrono::{DateTime, NaiveDate, Utc};

/// A part with fewer matches than this does not predict the number in others.
const FEW: usize = 4;
/// Maximum number of months in one part, except for the last.
const MOST_MONTHS: usize = 100;

/// Some months, or everything older.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The months, counted from the year 0; `None` means every month.
    pub months: Option<Vec<i32>>,
    /// Only what is older.
    pub before: Option<DateTime<Utc>>,
    /// How many months have been scanned, including this part.
    searched: usize,
}

impl Part {
    /// The first part: the months of the newest claims.
    pub(super) fn first(months: Vec<i32>) -> Self {
        Self {
            searched: months.len(),
            months: Some(months),
            before: None,
        }
    }

    /// The part after this one, given that `found` matches are in the parts so far and `wanted` would be enough;
    /// `None` if nothing is left, or only claims older than `oldest`.
    pub(super) fn next(
        &self,
        found: usize,
        wanted: usize,
        oldest: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        let last = self.months.as_ref()?.iter().min()?;
        let before = beginning(*last);
        if before.is_none() || oldest.is_some_and(|oldest| before <= Some(oldest)) {
            return None;
        }
        let needed = (self.searched * wanted.saturating_sub(found) * 5 / 4) / found.max(1);
        let months = (found >= FEW && needed < MOST_MONTHS).then(|| {
            let count = i32::try_from(needed + 1).unwrap_or(i32::MAX);
            (1..=count).map(|back| last - back).collect::<Vec<_>>()
        });
        Some(Self {
            searched: self.searched + months.as_ref().map_or(0, Vec::len),
            months,
            before,
        })
    }
}

/// The beginning of a month; `None` if it is outside the calendar's range.
fn beginning(month: i32) -> Option<DateTime<Utc>> {
    let of_year = u32::try_from(month.rem_euclid(12)).ok()?;
    let day = NaiveDate::from_ymd_opt(month.div_euclid(12), of_year + 1, 1)?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::{Part, beginning};

    const JANUARY: i32 = 2026 * 12;

    #[test]
    fn as_many_months_follow_as_are_expected_to_do() {
        let first = Part::first(vec![JANUARY, JANUARY - 1]);
        for (found, wanted, expected) in [
            (100, 100, Some(1)),
            (100, 200, Some(3)),
            (10, 300, Some(73)),
            (10, 2_000, None),
            (3, 10, None),
            (0, 10, None),
        ] {
            let next = first.next(found, wanted, None).expect("more");
            assert_eq!(next.before, beginning(JANUARY - 1), "{found} of {wanted}");
            assert_eq!(
                next.months.as_ref().map(Vec::len),
                expected,
                "{found} of {wanted}"
            );
            if let Some(months) = next.months {
                assert_eq!(months[0], JANUARY - 2, "{found} of {wanted}");
            }
        }
    }

    #[test]
    fn parts_follow_each_other_without_gap_to_the_end() {
        let first = Part::first(vec![JANUARY]);
        let second = first.next(50, 100, None).expect("more");
        assert_eq!(second.months, Some(vec![JANUARY - 1, JANUARY - 2]));
        let third = second.next(50, 100, None).expect("more");
        assert_eq!(third.before, beginning(JANUARY - 2));
        assert_eq!(third.months.as_ref().map(Vec::len), Some(4));
        let rest = third.next(0, 100, None).expect("more");
        assert_eq!(
            (rest.months.as_ref(), rest.before),
            (None, beginning(JANUARY - 6))
        );
        assert_eq!(rest.next(0, 100, None), None);
    }

    #[test]
    fn nothing_is_looked_for_behind_the_oldest() {
        let first = Part::first(vec![JANUARY]);
        assert_eq!(first.next(1, 100, beginning(JANUARY)), None);
        assert!(first.next(1, 100, beginning(JANUARY - 1)).is_some());
        assert_eq!(Part::first(Vec::new()).next(0, 100, None), None);
    }
}
