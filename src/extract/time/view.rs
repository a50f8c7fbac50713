//! The times of a text as a reader of its words wants them, or as a calendar does.

use std::ops::Range;

use crate::domain::TimeGranularity;

use super::calendar::value::Time;
use super::expressions::ranges::Named;
use super::reader::Reader;

/// How the times of a text are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeView {
    /// Every expression once, as long as its words are: dates, times of day, ranges, lengths of time, what recurs.
    #[default]
    Expressions,
    /// The dates alone, as TIMEX3's type DATE has them and a calendar or a timeline needs them: a range as the two dates
    /// it lies between, a time open on one side as the date that bounds it, a time on a named day as that day. Lengths of
    /// time, what recurs, times of no named day, the present and what cannot be placed are left out.
    Dates,
}

impl Reader<'_> {
    /// The times of the expression that begins at `at`, and the index after it.
    pub(super) fn in_view(&self, view: TimeView, at: usize) -> Option<(Vec<Named>, usize)> {
        match view {
            TimeView::Expressions => {
                let (time, next) = self.expression(at)?;
                Some((vec![(time, at..next)], next))
            }
            TimeView::Dates => {
                let (named, next) = self.bounds(at)?;
                Some((
                    named.into_iter().filter_map(|one| self.date(one)).collect(),
                    next,
                ))
            }
        }
    }

    /// The dates between which an expression lies, or the expression itself.
    fn bounds(&self, at: usize) -> Option<(Vec<Named>, usize)> {
        if let Some(pair) = self.pair(at) {
            return Some((pair.ends.into(), pair.next));
        }
        if let Some(open) = self.open_side(at) {
            return Some((vec![(open.time, open.words)], open.next));
        }
        let (time, next) = self.expression(at)?;
        Some((vec![(time, at..next)], next))
    }

    /// The date named; a time of day gives its day if the words name that.
    fn date(&self, (time, words): Named) -> Option<(Time, Range<usize>)> {
        let of_clock = matches!(
            time.granularity?,
            TimeGranularity::Second
                | TimeGranularity::Minute
                | TimeGranularity::Hour
                | TimeGranularity::DayPart
        );
        let is_date = time.is_placed() && !time.best()?.timex.is_length();
        let dayless = || {
            let today = self.clock_today(words.start);
            today.is_some_and(|(_, next)| next == words.end)
        };
        if !is_date || of_clock && dayless() {
            return None;
        }
        Some((if of_clock { time.whole_day() } else { time }, words))
    }
}

#[cfg(test)]
mod tests {
    use super::TimeView;
    use crate::extract::time::testing::{published_on, shown};

    /// The dates of a text of Wednesday, 8 May 2024.
    fn dates(text: &str) -> Vec<String> {
        let found = published_on((2024, 5, 8), text, TimeView::Dates);
        shown(text, &found, ": ")
    }

    #[test]
    fn dates_are_those_a_calendar_has() {
        for (text, expected) in [
            (
                "He ruled from 1990 to 1994.",
                &["1990: 1990", "1994: 1994"][..],
            ),
            (
                "It ran May 3-5 and from 3 to 5 June 2016.",
                &[
                    "May 3: 2024-05-03",
                    "5: 2024-05-05",
                    "3: 2016-06-03",
                    "5 June 2016: 2016-06-05",
                ],
            ),
            (
                "The show ran from Nov 18 to Jan 9, 2015.",
                &["Nov 18: 2014-11-18", "Jan 9, 2015: 2015-01-09"],
            ),
            ("Sales are flat since 1958.", &["1958: 1958"]),
            ("It snowed on Monday night.", &["Monday night: 2024-05-06"]),
            (
                "It takes three days every week. Right now it is open from 6 am to 8 pm.",
                &[],
            ),
        ] {
            assert_eq!(dates(text), expected, "{text:?}");
        }
    }
}
