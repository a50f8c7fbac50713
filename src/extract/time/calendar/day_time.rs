//! Times of no particular day, and the moments they are on a day.

use chrono::{NaiveTime, TimeDelta, Timelike};

use crate::domain::TimeGranularity;

use super::timex::Timex;
use super::value::{Reading, Time};

/// A time of any day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::extract::time) struct DayTime {
    pub(in crate::extract::time) start: NaiveTime,
    /// How long it lasts.
    seconds: u32,
    /// True if it may as well be twelve hours later.
    pub(in crate::extract::time) either_half: bool,
    granularity: TimeGranularity,
    /// After the "T" in the notation of TIMEX3.
    timex: String,
}

impl DayTime {
    /// By the clock.
    pub(in crate::extract::time) fn new(
        hour: u32,
        minute: u32,
        second: u32,
        granularity: TimeGranularity,
    ) -> Option<Self> {
        let start = NaiveTime::from_hms_opt(hour, minute, second)?;
        let (seconds, format) = match granularity {
            TimeGranularity::Second => (1, "%H:%M:%S"),
            TimeGranularity::Minute => (60, "%H:%M"),
            _ => (3600, "%H:%M"),
        };
        Some(Self {
            start,
            seconds,
            either_half: false,
            granularity,
            timex: start.format(format).to_string(),
        })
    }

    /// A part of the day from one full hour up to another.
    pub(in crate::extract::time) fn part(code: &str, from: u32, to: u32) -> Option<Self> {
        Some(Self {
            start: NaiveTime::from_hms_opt(from, 0, 0)?,
            seconds: (to - from) * 3600,
            either_half: false,
            granularity: TimeGranularity::DayPart,
            timex: code.into(),
        })
    }

    /// True for "morning" and the like.
    pub(in crate::extract::time) fn is_part(&self) -> bool {
        self.granularity == TimeGranularity::DayPart
    }

    /// This time in the half of the day that `part` lies in: 7 is 19:00 "last night".
    pub(in crate::extract::time) fn in_half_of(self, part: &Time) -> Self {
        let is_late = part
            .best()
            .and_then(|best| best.start)
            .is_some_and(|start| start.hour() >= 12);
        if self.either_half && is_late {
            self.later_half()
        } else {
            self
        }
    }

    /// Twelve hours later.
    pub(in crate::extract::time) fn later_half(&self) -> Self {
        let start = self.start.overflowing_add_signed(TimeDelta::hours(12)).0;
        Self {
            start,
            either_half: false,
            timex: start.format("%H:%M").to_string(),
            ..self.clone()
        }
    }

    /// The time from this one to `last`, which lies on the next day if it would come first.
    pub(in crate::extract::time) fn to(&self, last: &Self) -> Option<Self> {
        let day = TimeDelta::days(1);
        let length = last.start - self.start;
        let length = if length > TimeDelta::zero() {
            length
        } else {
            length + day
        };
        Some(Self {
            start: self.start,
            seconds: u32::try_from(length.num_seconds()).ok()?,
            either_half: self.either_half && last.either_half,
            granularity: last.granularity,
            timex: format!("{}/T{}", self.timex, last.timex),
        })
    }

    /// This time on every day that `day` may mean.
    pub(in crate::extract::time) fn on(&self, day: &Time) -> Time {
        let mut readings: Vec<Reading> = day
            .readings
            .iter()
            .map(|reading| self.on_reading(reading))
            .collect();
        if self.either_half {
            let later = self.later_half();
            readings.extend(day.readings.iter().map(|reading| later.on_reading(reading)));
        }
        Time {
            readings,
            granularity: Some(self.granularity),
            anchor: day.anchor,
        }
    }

    fn on_reading(&self, day: &Reading) -> Reading {
        let start = day.start.map(|start| start.date().and_time(self.start));
        let length = TimeDelta::seconds(i64::from(self.seconds));
        let end = start.and_then(|start| start.checked_add_signed(length));
        Reading::new(Timex::at(&day.timex, &self.timex), start, end)
    }
}
