//! Numbers of units counted from another time, and sets: "5 days ago", "two days later", "every Monday".

use chrono::NaiveDate;

use crate::domain::{TimeAnchor, TimeGranularity};

use super::civil::{Unit, add, add_clock, floor, weekday_of_week};
use super::counts::Amount;
use super::names::{unit, weekday};
use super::reader::{Found, Reader};
use super::value::{Time, granularity};

impl Reader<'_> {
    /// An amount counted from another time: "5 days ago", "two days after Christmas", "an hour later".
    pub(super) fn offset(&self, at: usize) -> Found {
        let amount = self.amount(at)?;
        let next = amount.next;
        match self.text(next) {
            "ago" | "back" => Some((self.ago(amount)?, next + 1)),
            "hence" => Some((self.on_from_now(amount)?, next + 1)),
            "from" if self.text(next + 1) == "now" => Some((self.on_from_now(amount)?, next + 2)),
            "later" if self.text(next + 1) == "this" => None,
            "later" | "afterwards" | "afterward" => {
                Some((self.counted_from_text(amount, 1), next + 1))
            }
            "earlier" | "beforehand" => Some((self.counted_from_text(amount, -1), next + 1)),
            "from" | "after" | "since" => self.counted_from_day(amount, 1),
            "before" => self.counted_from_day(amount, -1),
            _ => None,
        }
    }

    /// "3 days starting next Monday", "for 3 days from today".
    pub(super) fn spanned(&self, at: usize) -> Found {
        let amount = self.amount(self.skip(at, &["for"]))?;
        let cue = self.skip(amount.next, &[","]);
        let cued = self.is(cue, &["starting", "beginning"])
            || self.text(at) == "for" && self.text(cue) == "from";
        let (from, end) = self
            .point(self.skip(cue + 1, &["on", "from"]))
            .filter(|_| cued)?;
        let start = from.best()?.start?;
        let until = match amount.unit {
            unit if unit.of_clock() => add_clock(start, amount.count?, unit)?,
            unit => add(start.date(), amount.count?, unit)?.and_time(start.time()),
        };
        Some((
            Time::between(
                amount.timex(),
                start,
                until,
                granularity(amount.unit),
                from.anchor,
            ),
            end,
        ))
    }

    /// "Monday two weeks from now".
    pub(super) fn weekday_of_offset(&self, at: usize) -> Found {
        let named = weekday(self.text(at))?;
        let (time, next) = self.offset(self.skip(at + 1, &[","]))?;
        let day = weekday_of_week(time.first_day()?, named)?;
        Some((Time::of(Unit::Day, day, time.anchor)?, next))
    }

    fn ago(&self, amount: Amount) -> Option<Time> {
        let Some((count, today)) = amount.count.zip(self.today()) else {
            return Some(amount.unplaced());
        };
        match amount.unit {
            unit if unit.of_clock() => self.moment_from_now(count.checked_neg()?, amount),
            // "Two years ago" names a year, "two weeks ago" a day.
            unit @ (Unit::Month | Unit::Year) => Time::of(
                unit,
                add(floor(today, unit)?, count.checked_neg()?, unit)?,
                TimeAnchor::Publish,
            ),
            Unit::Decade | Unit::Century => {
                let year = floor(today, Unit::Year)?;
                Time::of(
                    Unit::Year,
                    add(year, count.checked_neg()?, amount.unit)?,
                    TimeAnchor::Publish,
                )
            }
            unit => Time::of(
                Unit::Day,
                add(today, count.checked_neg()?, unit)?,
                TimeAnchor::Publish,
            ),
        }
    }

    fn on_from_now(&self, amount: Amount) -> Option<Time> {
        match amount.count.filter(|_| self.now.is_some()) {
            Some(count) => self.moment_from_now(count, amount),
            None => Some(amount.unplaced()),
        }
    }

    fn counted_from_text(&self, amount: Amount, sign: i32) -> Time {
        let placed = || {
            let count = amount.count?.checked_mul(sign)?;
            let unit = amount.unit;
            let Some(from) = self.named.filter(|_| !unit.of_clock()) else {
                // Hours are too fine to count from a day; without a day before, "later" counts from publication.
                return if self.named.is_none() {
                    self.moment_from_now(count, amount)
                } else {
                    None
                };
            };
            match unit {
                Unit::Month | Unit::Year => Time::of(
                    unit,
                    add(floor(from, unit)?, count, unit)?,
                    TimeAnchor::Text,
                ),
                _ => Time::of(Unit::Day, add(from, count, unit)?, TimeAnchor::Text),
            }
        };
        placed().unwrap_or_else(|| amount.unplaced())
    }

    /// "two days after today", "three weeks from tomorrow".
    fn counted_from_day(&self, amount: Amount, sign: i32) -> Found {
        let (from, next) = self
            .relative_day(amount.next + 1)
            .or_else(|| self.calendar_day(amount.next + 1))
            .or_else(|| self.holiday(amount.next + 1))
            .or_else(|| self.calendar_period(amount.next + 1))?;
        let shifted = |from: NaiveDate| add(from, amount.count?.checked_mul(sign)?, amount.unit);
        let mut readings = from.readings.iter().filter_map(|reading| {
            Time::of(Unit::Day, shifted(reading.start?.date())?, from.anchor)
        });
        let Some(first) = readings.next() else {
            return Some((amount.unplaced(), amount.next));
        };
        Some((
            readings.fold(first, |time, other| time.or(Some(other))),
            next,
        ))
    }

    /// "every Monday", "daily", "each year".
    pub(super) fn set(&self, at: usize) -> Found {
        let unit_of = |word: &str| match word {
            "daily" | "everyday" => Some("P1D"),
            "weekly" => Some("P1W"),
            "monthly" => Some("P1M"),
            "quarterly" => Some("P1Q"),
            "yearly" | "annually" => Some("P1Y"),
            _ => None,
        };
        if let Some(timex) = unit_of(self.text(at)).filter(|_| at == 0 || !self.capital(at)) {
            return Some((Time::unplaced(timex.into(), None), at + 1));
        }
        if !self.is(at, &["every", "each"]) {
            return None;
        }
        let next = self.skip(at + 1, &["other", "single"]);
        if let Some(named) = weekday(self.text(next)) {
            let timex = format!("XXXX-WXX-{}", named.number_from_monday());
            return Some((Time::unplaced(timex, Some(TimeGranularity::Day)), next + 1));
        }
        if let Some(amount) = self.amount(next) {
            return Some((amount.unplaced(), amount.next));
        }
        if self.is(next, &["morning", "afternoon", "evening", "night"]) {
            return Some((
                Time::unplaced("P1D".into(), Some(TimeGranularity::DayPart)),
                next + 1,
            ));
        }
        let unit = unit(self.text(next)).filter(|unit| *unit != Unit::Second)?;
        let count = if self.text(at + 1) == "other" {
            "2"
        } else {
            "1"
        };
        Some((
            Time::unplaced(unit.duration(count), Some(granularity(unit))),
            next + 1,
        ))
    }
}
