//! The times of a text as a reader of its words wants them, or as a calendar does.

use std::ops::Range;

use crate::domain::TimeGranularity;

use super::ranges::Named;
use super::reader::Reader;
use super::value::Time;

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
    /// The times of the expression that begins at `at`, and the place behind it.
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
        // Lengths of time and the present have a "P" in front.
        let is_date = time.is_placed() && !time.best()?.timex.starts_with('P');
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
