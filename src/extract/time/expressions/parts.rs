//! Parts of a longer time: "early May", "the end of the year", "the first week of July".

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::domain::{TimeAnchor, TimeGranularity};

use crate::extract::time::calendar::civil::{Unit, add, floor, midnight};
use crate::extract::time::calendar::names::unit;
use crate::extract::time::calendar::timex::Timex;
use crate::extract::time::calendar::value::{Reading, Time};
use crate::extract::time::reader::{Found, Reader};

/// Which part of a longer time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Early,
    Middle,
    Late,
    Beginning,
    End,
}

impl Part {
    /// Where the part begins and ends in the time from `start` up to `end`.
    fn of(
        self,
        start: NaiveDate,
        end: NaiveDate,
        granularity: Option<TimeGranularity>,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let (unit, cuts) = match granularity? {
            TimeGranularity::Month => (Unit::Day, [15, 9, 20, 15]),
            TimeGranularity::Quarter | TimeGranularity::Season => (Unit::Month, [1, 1, 2, 2]),
            TimeGranularity::Year => (Unit::Month, [6, 4, 8, 6]),
            TimeGranularity::Week => (Unit::Day, [3, 2, 4, 3]),
            TimeGranularity::Decade => (Unit::Year, [4, 3, 7, 6]),
            TimeGranularity::Century => (Unit::Year, [33, 33, 67, 67]),
            _ => return None,
        };
        let cut = |number: usize| add(start, cuts[number], unit);
        let of_year = granularity == Some(TimeGranularity::Year);
        Some(match self {
            Self::Beginning if of_year => (start, add(start, 4, unit)?),
            Self::End if of_year => (add(start, 8, unit)?, end),
            Self::Early | Self::Beginning => (start, cut(0)?),
            Self::Middle => (cut(1)?, cut(2)?),
            Self::Late | Self::End => (cut(3)?, end),
        })
    }
}

impl Reader<'_> {
    /// A part of a period.
    pub(super) fn period_part(&self, at: usize) -> Found {
        self.cut_period(at)
            .or_else(|| self.numbered_unit(at))
            .or_else(|| self.abbreviated_end(at))
            .or_else(|| self.week_of(at))
    }

    fn cut_period(&self, at: usize) -> Found {
        let start = self.skip(at, &["the"]);
        let (part, next) = match self.text(start) {
            "early" => (Part::Early, start + 1),
            "earlier" | "later" if !self.is_cut_relative(start + 1) => return None,
            "earlier" => (Part::Early, self.skip(start + 1, &["in"])),
            "later" => (Part::Late, self.skip(start + 1, &["in"])),
            "mid" => (Part::Middle, self.skip(start + 1, &["-", "–"])),
            "late" => (Part::Late, start + 1),
            "middle" if self.text(start + 1) == "of" => (Part::Middle, start + 2),
            "beginning" | "start" if self.text(start + 1) == "of" => (Part::Beginning, start + 2),
            "end" => (Part::End, self.skip(start + 1, &["of"])),
            "year" if self.text(start + 1) == "end" => return self.abbreviated_end(start),
            _ => return None,
        };
        let next = self.skip(next, &["in"]);
        let (whole, end) = self.whole_period(next)?;
        let mut readings = Vec::new();
        for reading in &whole.readings {
            readings.push(cut(reading, part, whole.granularity)?);
        }
        if let Some(today) = self.today().map(midnight) {
            for reading in &mut readings {
                match self.text(start) {
                    "later" => {
                        reading.start = reading
                            .start
                            .max(Some(today).filter(|_| reading.end > Some(today)));
                    }
                    "earlier" if reading.start < Some(today) => {
                        reading.end = reading.end.min(Some(today));
                    }
                    _ => {}
                }
            }
        }
        Some((Time { readings, ..whole }, end))
    }

    /// "this year", "in the week": what "earlier" and "later" may be followed by.
    fn is_cut_relative(&self, at: usize) -> bool {
        let next = self.skip(at, &["in"]);
        self.is(next, &["this", "the", "last", "next", "previous"])
    }

    fn whole_period(&self, at: usize) -> Found {
        let the = self.skip(at, &["the"]);
        let running = || {
            let unit = unit(self.text(the)).filter(|unit| {
                matches!(
                    unit,
                    Unit::Week | Unit::Month | Unit::Quarter | Unit::Year | Unit::Decade
                )
            })?;
            let found = Time::of(unit, floor(self.today()?, unit)?, TimeAnchor::Publish)?;
            Some((found, the + 1))
        };
        self.picked_period(at)
            .or_else(|| self.calendar_period(the))
            .or_else(running)
    }

    /// "the first week of July", "the last four months of 2021", "the third month of next year".
    fn numbered_unit(&self, at: usize) -> Found {
        let start = self.skip(at, &["the"]);
        let (place, next) = match self.text(start) {
            "last" => (None, start + 1),
            _ => self
                .ordinal(start)
                .map(|(number, next)| (Some(number), next))?,
        };
        let (count, next) = self.number(next).unwrap_or((1, next));
        let unit = unit(self.text(next))
            .filter(|unit| matches!(unit, Unit::Day | Unit::Week | Unit::Month | Unit::Weekend))?;
        if !self.is(next + 1, &["of", "in"]) {
            return None;
        }
        let (whole, end) = self.whole_period(next + 2)?;
        let count = i32::try_from(count).ok()?;
        let numbered = |reading: &Reading| {
            let (first, last) = (reading.start?.date(), reading.end?.date());
            let from = match place {
                Some(number) => add(
                    first_unit(first, unit)?,
                    i32::try_from(number).ok()?.checked_sub(1)?,
                    unit,
                )?,
                None => add(first_unit(last, unit)?, count.checked_neg()?, unit)?,
            };
            Time::of(unit, from, whole.anchor).map(|mut time| {
                let last = add(from, count.saturating_sub(1), unit);
                let last = last.and_then(|last| Time::of(unit, last, whole.anchor));
                let last = last.and_then(|last| last.readings.into_iter().next());
                if let Some((best, last)) =
                    time.readings.first_mut().zip(last).filter(|_| count > 1)
                {
                    best.timex = Timex::range(&best.timex, &last.timex);
                    best.end = last.end;
                }
                time
            })
        };
        let mut times = whole.readings.iter().filter_map(numbered);
        let first = times.next()?;
        Some((times.fold(first, |time, other| time.or(Some(other))), end))
    }

    /// "end of today", "end of the day", "EOD": the last second.
    pub(super) fn day_end(&self, at: usize) -> Found {
        let start = self.skip(at, &["the"]);
        let today = || Time::of(Unit::Day, self.today()?, TimeAnchor::Publish);
        let (day, end) = match (self.text(start), self.text(start + 1)) {
            ("eod", _) => (today()?, start + 1),
            ("end", "of") => {
                let of = self.skip(start + 2, &["the"]);
                let led = at - usize::from(self.before(at) == "the");
                let idiom = self.before(led) == "at" && self.text(of) == "day";
                match self.text(of) {
                    "day" if !idiom && self.is(of + 1, &["", ".", ",", "since", "today"]) => {
                        (today()?, of + 1)
                    }
                    _ => self.relative_day(of)?,
                }
            }
            _ => return None,
        };
        let last_second = |reading: &Reading| {
            let end = reading.end?;
            let start = end.checked_sub_signed(TimeDelta::seconds(1))?;
            let timex = Timex::at(&reading.timex, "24:00");
            Some(Reading::new(timex, Some(start), Some(end)))
        };
        let readings = day
            .readings
            .iter()
            .map(last_second)
            .collect::<Option<Vec<_>>>()?;
        Some((
            Time {
                readings,
                granularity: Some(TimeGranularity::Second),
                anchor: day.anchor,
            },
            end,
        ))
    }

    /// "EOY", "year-end".
    fn abbreviated_end(&self, at: usize) -> Found {
        let (unit, next) = match (self.text(at), self.text(at + 1), self.text(at + 2)) {
            ("eoy", _, _) => (Unit::Year, at + 1),
            ("eom", _, _) => (Unit::Month, at + 1),
            ("year", "end", _) => (Unit::Year, at + 2),
            ("year", "-", "end") => (Unit::Year, at + 3),
            _ => return None,
        };
        let whole = Time::of(unit, floor(self.today()?, unit)?, TimeAnchor::Publish)?;
        let best = cut(whole.best()?, Part::End, whole.granularity)?;
        Some((
            Time {
                readings: vec![best],
                ..whole
            },
            next,
        ))
    }

    /// "the week of April 10th".
    fn week_of(&self, at: usize) -> Found {
        let start = self.skip(at, &["the"]);
        if self.text(start) != "week" || self.text(start + 1) != "of" {
            return None;
        }
        let (day, end) = self.calendar_day(start + 2)?;
        let week = |reading: &Reading| {
            Time::of(
                Unit::Week,
                floor(reading.start?.date(), Unit::Week)?,
                day.anchor,
            )
        };
        let mut weeks = day.readings.iter().filter_map(week);
        let first = weeks.next()?;
        Some((weeks.fold(first, |time, other| time.or(Some(other))), end))
    }
}

fn cut(whole: &Reading, part: Part, granularity: Option<TimeGranularity>) -> Option<Reading> {
    let Some((start, end)) = whole.start.zip(whole.end) else {
        return Some(whole.clone());
    };
    let (from, until) = part.of(start.date(), end.date(), granularity)?;
    Some(Reading {
        start: Some(midnight(from)),
        end: Some(midnight(until)),
        is_last_part: matches!(part, Part::Late | Part::End),
        ..whole.clone()
    })
}

/// The first unit of a period; a week belongs to the period that holds its Thursday (ISO 8601).
fn first_unit(start: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Week => {
            let monday = floor(start, Unit::Week)?;
            if start.weekday().num_days_from_monday() <= 3 {
                Some(monday)
            } else {
                add(monday, 1, Unit::Week)
            }
        }
        Unit::Weekend => floor(start, Unit::Weekend),
        _ => Some(start),
    }
}
