//! Whole expressions: a time, a range of times.

use std::ops::Range;

use chrono::Datelike;

use crate::domain::{TimeAnchor, TimeGranularity};

use super::nearest::around;
use crate::extract::time::calendar::civil::{Unit, add, day, weekday_from};
use crate::extract::time::calendar::day_time::DayTime;
use crate::extract::time::calendar::names::{month, weekday};
use crate::extract::time::calendar::timex::Timex;
use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

/// Between the two ends of a range.
const TO: &[&str] = &["to", "-", "–", "—", "~", "through", "until", "till"];

/// A time and the words that name it.
pub(in crate::extract::time) type Named = (Time, Range<usize>);

/// A range.
#[derive(Debug)]
pub(in crate::extract::time) struct Pair {
    whole: Time,
    /// The times it lies between.
    pub(in crate::extract::time) ends: [Named; 2],
    /// The index after it.
    pub(in crate::extract::time) next: usize,
}

impl Reader<'_> {
    /// The expression that begins at `at`, and the index after it.
    pub(in crate::extract::time) fn expression(&self, at: usize) -> Found {
        self.range(at)
            .or_else(|| self.open(at))
            .or_else(|| {
                self.set(at)
                    .map(|(time, next)| (time, self.clock(next).map_or(next, |(_, end)| end)))
            })
            .or_else(|| self.spanned(at))
            .or_else(|| self.point(at))
            .or_else(|| self.duration(at))
            .or_else(|| self.bare_units(at))
    }

    /// A time that is not a range.
    pub(super) fn point(&self, at: usize) -> Found {
        self.vague(at)
            .or_else(|| self.weekday_of_offset(at))
            .or_else(|| self.named_part(at))
            .map(|(time, next)| self.with_clock(time, next))
            .or_else(|| {
                self.day(at)
                    .map(|(day, next)| self.with_day_time(day, next))
            })
            .or_else(|| self.day_time_first(at))
            .or_else(|| self.day_end(at))
            .or_else(|| self.period_part(at))
            .or_else(|| self.counted_time(at))
            .or_else(|| self.part_of_picked_year(at))
            .or_else(|| self.picked_period(at))
            .or_else(|| self.calendar_period(at))
            .or_else(|| self.mentioned_quarter(at))
            .or_else(|| self.running_period(at))
            .or_else(|| self.clock_today(at))
    }

    fn day(&self, at: usize) -> Found {
        self.calendar_day(at)
            .or_else(|| self.holiday(at))
            .or_else(|| self.relative_day(at))
    }

    /// "Monday at 5", "Tuesday night", "May 3, 8:30 p.m.".
    fn with_day_time(&self, day: Time, next: usize) -> (Time, usize) {
        if day.granularity != Some(TimeGranularity::Day) {
            return (day, next);
        }
        let behind = self.skip(next, &[",", "-", "@", "for"]);
        let hour = || {
            self.bare_hour(behind + 1).filter(|(_, end)| {
                self.text(behind) == "at" && !self.is(*end, &["%", "percent", "-", "years"])
            })
        };
        let behind_part = |(part, end): (DayTime, usize)| match self.clock(self.skip(end, &[","])) {
            Some((time, end)) => Some((time.in_half_of(&part.on(&day)), end)),
            None => Some((part, end)),
        };
        let found = self
            .hour_range(behind)
            .or_else(|| self.day_time(behind).and_then(behind_part))
            .or_else(hour);
        match found {
            Some((time, end)) => (time.on(&day), end),
            None => self.open_day_time(&day, behind).unwrap_or((day, next)),
        }
    }

    /// "after 2:00" or "before 5 pm" after a day.
    fn open_day_time(&self, day: &Time, at: usize) -> Found {
        let open = self.is(at, &["after", "from", "since", "before", "until", "by"]);
        let than = self.text(at) == "later" && self.text(at + 1) == "than";
        let (time, next) = self
            .clock(at + 1 + usize::from(than))
            .filter(|_| open || than)?;
        let time = time.on(day);
        let closed = self.is(at, &["before", "until", "by"]);
        Some((if closed { time.before() } else { time.since() }, next))
    }

    /// "tonight at 8".
    fn with_clock(&self, part: Time, next: usize) -> (Time, usize) {
        let day = part
            .first_day()
            .and_then(|day| Time::of(Unit::Day, day, part.anchor));
        let behind = self.skip(next, &[","]);
        let hour = || {
            self.bare_hour(behind + 1)
                .filter(|_| self.is(behind, &["at", "around"]))
        };
        let found = self
            .hour_range(behind)
            .or_else(|| self.clock(behind))
            .or_else(hour);
        match found.zip(day) {
            Some(((time, end), day)) => (time.in_half_of(&part).on(&day), end),
            None => (part, next),
        }
    }

    /// "8:30 p.m. on Monday", "the morning of May 3".
    fn day_time_first(&self, at: usize) -> Found {
        let (time, next) = self
            .hour_range(at)
            .or_else(|| self.day_time(self.skip(at, &["the"])))?;
        if time.is_part() && !self.is(next, &["of", "on"]) {
            return None;
        }
        let mut day_at = self.skip(next, &[","]);
        for link in [
            &["et", "est", "gmt", "pst", "edt", "local"][..],
            &["time"],
            &["on", "of"],
        ] {
            day_at = self.skip(day_at, link);
        }
        if let Some((part, end)) = self.named_part(day_at) {
            return Some((time.in_half_of(&part).on(&part.whole_day()), end));
        }
        let (day, end) = self.day(day_at)?;
        // "8:30 p.m. on Saturday night" says the part of the day twice.
        let end = self.skip(end, &["morning", "afternoon", "evening", "night"]);
        (day.granularity == Some(TimeGranularity::Day)).then(|| (time.on(&day), end))
    }

    fn range(&self, at: usize) -> Found {
        let pair = self.pair(at).map(|pair| (pair.whole, pair.next));
        let of_day = || {
            let lead = self.is(at, &["from", "between"]);
            lead.then(|| self.day_time_first(at)).flatten()
        };
        self.year_to(at).or(pair).or_else(of_day)
    }

    /// A range, with its two ends.
    pub(in crate::extract::time) fn pair(&self, at: usize) -> Option<Pair> {
        let lead = self.is(at, &["from", "between"]);
        if self.dated_weekday(at) {
            return None;
        }
        let first = at + usize::from(lead);
        let days = self.days_of_month(first, self.text(at) == "between");
        if days.is_some() || lead && self.day_time_first(at).is_some() {
            return days;
        }
        self.points(first, lead, self.text(at) == "between")
    }

    /// True at "Friday-Jun-15", which is one day.
    fn dated_weekday(&self, at: usize) -> bool {
        let start = self.skip(at, &["this"]);
        self.behind_weekday(start)
            .is_some_and(|next| self.month_first(next).is_some())
            && self.text(start + 1) == "-"
    }

    fn is_to(&self, at: usize, between: bool) -> bool {
        self.is(at, TO) || between && self.text(at) == "and"
    }

    /// "the year to April": the twelve months that end with it.
    fn year_to(&self, at: usize) -> Found {
        let is_year = self.text(at) == "the" && self.text(at + 1) == "year";
        let month_at = at + 3;
        let (last, next) = self.calendar_period(month_at).filter(|(time, _)| {
            is_year && self.is(at + 2, TO) && time.granularity == Some(TimeGranularity::Month)
        })?;
        let end = last.best()?.end?.date();
        let begin = Time::of(
            Unit::Month,
            add(last.first_day()?, -1, Unit::Year)?,
            last.anchor,
        )?;
        let timex = Timex::range(&begin.best()?.timex, &last.best()?.timex);
        let start = add(end, -1, Unit::Year)?;
        let time = Time::days(timex, start, end, TimeGranularity::Month, last.anchor);
        Some((time, next))
    }

    /// "May 3-5", "3 to 5 May 2016".
    fn days_of_month(&self, at: usize, between: bool) -> Option<Pair> {
        if let Some(named) = month(self.text(at)) {
            let (first, to) = self.month_day(self.skip(at + 1, &["the"]))?;
            let last_at = self.skip(to + 1, &["the"]);
            let (last, next) = self
                .month_day(last_at)
                .filter(|(last, _)| self.is_to(to, between) && *last > first)?;
            return self.same_month(named, [(first, at..to), (last, last_at..next)]);
        }
        let (first, to) = self.month_day(self.skip(at, &["the"]))?;
        let last_at = self.skip(to + 1, &["the"]);
        let (last, behind) = self
            .month_day(last_at)
            .filter(|(last, _)| self.is_to(to, between) && *last > first)?;
        let month_at = self.skip(behind, &["of"]);
        let named = month(self.text(month_at))?;
        self.same_month(named, [(first, at..to), (last, last_at..month_at + 1)])
    }

    fn same_month(&self, month: u32, days: [(u32, Range<usize>); 2]) -> Option<Pair> {
        let [(first, first_words), (last, last_words)] = days;
        let (at, next) = (first_words.start, last_words.end);
        let (year, end) = self
            .year_behind(next)
            .map_or((None, next), |(year, end)| (Some(year), end));
        let first = self.month_day_time(year, month, first, at, end)?;
        let last = self.month_day_time(year, month, last, at, end)?;
        Some(Pair {
            whole: first.up_to(&last)?,
            next: end,
            ends: [(first, first_words), (last, last_words.start..end)],
        })
    }

    /// Two times with a word between that joins them.
    fn points(&self, at: usize, lead: bool, between: bool) -> Option<Pair> {
        let (first, next) = self.range_end(at)?;
        if !self.is_to(next, between) {
            return None;
        }
        let last_at = self.skip(next + 1, &["the"]);
        let (last, end) = self
            .range_end(next + 1)
            .or_else(|| self.range_end(last_at))?;
        let alike = lead
            || self.text(next) != "until"
                && first.granularity.is_some()
                && last.granularity.is_some();
        let first = nearest_before(first, &last);
        let to_weekday = || {
            let named = weekday(self.text(last_at))?;
            let day = weekday_from(first.first_day()?, named)?;
            let last = Time::of(Unit::Day, day, first.anchor)?;
            Some((first.up_to(&last)?, last))
        };
        let joined = match first.up_to(&last) {
            Some(whole) => Some((whole, last)),
            None => to_weekday(),
        };
        let (whole, last) = joined.filter(|_| alike)?;
        Some(Pair {
            whole,
            next: end,
            ends: [(first, at..next), (last, last_at..end)],
        })
    }

    fn range_end(&self, at: usize) -> Found {
        self.period_part(at)
            .or_else(|| self.point(at))
            .or_else(|| self.cut_month(at))
            .or_else(|| {
                (self.text(at) == "date")
                    .then_some(())
                    .and_then(|()| Time::of(Unit::Day, self.today()?, TimeAnchor::Publish))
                    .map(|today| (today, at + 1))
            })
    }

    /// A month next to the mark of a range: "Jan-Feb 2017", "May to March".
    fn cut_month(&self, at: usize) -> Found {
        let named = month(self.text(at)).filter(|_| self.capital(at))?;
        let today = self.today()?;
        let (past, future) = around(today, |year| day(year, named, 1));
        Some((
            self.past_or_future(past, future, today, at, at + 1, Unit::Month)?,
            at + 1,
        ))
    }
}

/// `first` in the year that lets it come shortly before `last`: "Nov 18 to Dec 19, 2015".
fn nearest_before(first: Time, last: &Time) -> Time {
    let (Some(begin), Some(end)) = (first.first_day(), last.first_day()) else {
        return first;
    };
    if first.readings.len() < 2
        || first.anchor == TimeAnchor::Text
        || last.anchor != TimeAnchor::Text
        || begin.year() == end.year() && begin < end
    {
        return first;
    }
    let moved = |year: i32| begin.with_year(year).filter(|begin| *begin < end);
    let unit = match first.granularity {
        Some(TimeGranularity::Day) => Unit::Day,
        Some(TimeGranularity::Month) => Unit::Month,
        _ => return first,
    };
    moved(end.year())
        .or_else(|| moved(end.year() - 1))
        .and_then(|begin| Time::of(unit, begin, TimeAnchor::Text))
        .unwrap_or(first)
}
