//! What an expression may mean, in local clock time.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use crate::domain::{TimeAnchor, TimeGranularity};

use super::civil::{Unit, add, midnight};
use super::timex::Timex;

/// One meaning of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract::time) struct Reading {
    /// The value in the notation of TIMEX3. It is that of the words that name a date: "early May", "since May" and
    /// "until May" have the value of May, and only their bounds tell them apart.
    pub(in crate::extract::time) timex: Timex,
    /// The first moment meant.
    pub(in crate::extract::time) start: Option<NaiveDateTime>,
    /// The first moment no longer meant.
    pub(in crate::extract::time) end: Option<NaiveDateTime>,
    /// True for the last part of a longer time: "until the end of May" leaves nothing of May out.
    pub(in crate::extract::time) is_last_part: bool,
}

impl Reading {
    /// The time between two moments, where they are known.
    pub(in crate::extract::time) fn new(
        timex: impl Into<Timex>,
        start: Option<NaiveDateTime>,
        end: Option<NaiveDateTime>,
    ) -> Self {
        Self {
            timex: timex.into(),
            start,
            end,
            is_last_part: false,
        }
    }

    /// Where a time ends that lasts up to this one.
    fn limit(&self) -> Option<NaiveDateTime> {
        if self.is_last_part {
            self.end
        } else {
            self.start
        }
    }
}

/// All meanings of an expression, the most likely first.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract::time) struct Time {
    pub(in crate::extract::time) readings: Vec<Reading>,
    pub(in crate::extract::time) granularity: Option<TimeGranularity>,
    pub(in crate::extract::time) anchor: TimeAnchor,
}

impl Time {
    /// The unit that begins with `start`.
    pub(in crate::extract::time) fn of(
        unit: Unit,
        start: NaiveDate,
        anchor: TimeAnchor,
    ) -> Option<Self> {
        let end = if unit == Unit::Weekend {
            add(start, 2, Unit::Day)
        } else {
            add(start, 1, unit)
        };
        Some(Self {
            readings: vec![Reading::new(
                timex(unit, start),
                Some(midnight(start)),
                Some(midnight(end?)),
            )],
            granularity: Some(granularity(unit)),
            anchor,
        })
    }

    /// The days from `start` up to `end`.
    pub(in crate::extract::time) fn days(
        timex: impl Into<Timex>,
        start: NaiveDate,
        end: NaiveDate,
        granularity: TimeGranularity,
        anchor: TimeAnchor,
    ) -> Self {
        Self::between(timex, midnight(start), midnight(end), granularity, anchor)
    }

    /// The time from `start` up to `end`.
    pub(in crate::extract::time) fn between(
        timex: impl Into<Timex>,
        start: NaiveDateTime,
        end: NaiveDateTime,
        granularity: TimeGranularity,
        anchor: TimeAnchor,
    ) -> Self {
        Self {
            readings: vec![Reading::new(timex, Some(start), Some(end))],
            granularity: Some(granularity),
            anchor,
        }
    }

    /// A time that cannot be placed: a duration, a set, or one that needs the date of publication.
    pub(in crate::extract::time) fn unplaced(
        timex: impl Into<Timex>,
        granularity: Option<TimeGranularity>,
    ) -> Self {
        Self {
            readings: vec![Reading::new(timex, None, None)],
            granularity,
            anchor: TimeAnchor::Publish,
        }
    }

    /// This time with the readings of `other` after its own.
    pub(in crate::extract::time) fn or(mut self, other: Option<Self>) -> Self {
        for reading in other.into_iter().flat_map(|other| other.readings) {
            if !self.readings.contains(&reading) {
                self.readings.push(reading);
            }
        }
        self
    }

    /// This time with the value of another, which names it less closely.
    pub(in crate::extract::time) fn with_value_of(mut self, other: Option<Self>) -> Self {
        let value = other.and_then(|other| other.readings.into_iter().next());
        if let Some((best, value)) = self.readings.first_mut().zip(value) {
            best.timex = value.timex;
        }
        self
    }

    /// The most likely meaning.
    pub(in crate::extract::time) fn best(&self) -> Option<&Reading> {
        self.readings.first()
    }

    /// The first day most likely meant.
    pub(in crate::extract::time) fn first_day(&self) -> Option<NaiveDate> {
        self.best()?.start.map(|start| start.date())
    }

    /// True if at least one end is known.
    pub(in crate::extract::time) fn is_placed(&self) -> bool {
        self.best()
            .is_some_and(|best| best.start.is_some() || best.end.is_some())
    }

    /// The time from this one on.
    pub(in crate::extract::time) fn since(self) -> Self {
        self.map(|reading| Reading {
            end: None,
            ..reading
        })
    }

    /// The time after this one.
    fn after(self) -> Self {
        self.map(|reading| Reading {
            start: reading.end,
            end: None,
            ..reading
        })
    }

    /// The time after this one; a clock's time is a moment, and the time after begins with it.
    pub(in crate::extract::time) fn behind(self) -> Self {
        match self.granularity {
            Some(TimeGranularity::Second | TimeGranularity::Minute | TimeGranularity::Hour) => {
                self.since()
            }
            _ => self.after(),
        }
    }

    /// The days this time lies on.
    pub(in crate::extract::time) fn whole_day(&self) -> Self {
        let days = self
            .readings
            .iter()
            .filter_map(|reading| Self::of(Unit::Day, reading.start?.date(), self.anchor));
        days.reduce(|time, other| time.or(Some(other)))
            .unwrap_or_else(|| self.clone())
    }

    /// The time up to the beginning of this one.
    pub(in crate::extract::time) fn before(self) -> Self {
        self.map(|reading| Reading {
            start: None,
            end: reading.limit(),
            ..reading
        })
    }

    /// The time from the beginning of this one up to that of `last`; every end gets the nearest beginning.
    pub(in crate::extract::time) fn up_to(&self, last: &Self) -> Option<Self> {
        let range = |end: &Reading| {
            let limit = end.limit()?;
            let begins = self
                .readings
                .iter()
                .filter(|begin| begin.start.is_some_and(|start| start < limit));
            let begin = begins.max_by_key(|begin| begin.start)?;
            let timex = Timex::range(&begin.timex, &end.timex);
            Some(Reading::new(timex, begin.start, Some(limit)))
        };
        let mut readings: Vec<Reading> = last.readings.iter().filter_map(range).collect();
        if let Some(whole) = last
            .best()
            .zip(readings.first())
            .and_then(|(end, best)| with_end(best, end))
        {
            readings.push(whole);
        }
        (!readings.is_empty()).then_some(Self {
            readings,
            granularity: last.granularity,
            anchor: last.anchor,
        })
    }

    fn map(self, change: impl Fn(Reading) -> Reading) -> Self {
        Self {
            readings: self
                .readings
                .into_iter()
                .map(|reading| {
                    if reading.start.is_some() {
                        change(reading)
                    } else {
                        reading
                    }
                })
                .collect(),
            ..self
        }
    }
}

/// The range that has the whole of its last day, month or year in it: writers mean either.
fn with_end(range: &Reading, end: &Reading) -> Option<Reading> {
    let is_day = |moment: &NaiveDateTime| moment.time() == NaiveTime::MIN;
    let until = end.end.filter(is_day).filter(|until| {
        range
            .end
            .is_some_and(|limit| limit < *until && is_day(&limit))
    })?;
    Some(Reading {
        end: Some(until),
        ..range.clone()
    })
}

/// The unit that begins with `start` in the notation of TIMEX3.
fn timex(unit: Unit, start: NaiveDate) -> String {
    let year = start.year();
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => {
            start.format("%Y-%m-%d").to_string()
        }
        Unit::Week | Unit::Fortnight => start.format("%G-W%V").to_string(),
        Unit::Weekend => start.format("%G-W%V-WE").to_string(),
        Unit::Month => start.format("%Y-%m").to_string(),
        Unit::Quarter => format!("{year}-Q{}", start.month0() / 3 + 1),
        Unit::Year => format!("{year}"),
        Unit::Decade => format!("{}", year / 10),
        Unit::Century => format!("{}", year / 100),
    }
}

/// How precise the unit is.
pub(in crate::extract::time) fn granularity(unit: Unit) -> TimeGranularity {
    match unit {
        Unit::Second => TimeGranularity::Second,
        Unit::Minute => TimeGranularity::Minute,
        Unit::Hour => TimeGranularity::Hour,
        Unit::Day => TimeGranularity::Day,
        Unit::Weekend | Unit::Week | Unit::Fortnight => TimeGranularity::Week,
        Unit::Month => TimeGranularity::Month,
        Unit::Quarter => TimeGranularity::Quarter,
        Unit::Year => TimeGranularity::Year,
        Unit::Decade => TimeGranularity::Decade,
        Unit::Century => TimeGranularity::Century,
    }
}
