//! Numbers of units counted from another time: "5 days ago", "two days later".

use chrono::NaiveDate;

use crate::domain::TimeAnchor;

use super::counts::Amount;
use crate::extract::time::calendar::civil::{Unit, add, add_clock, floor, weekday_of_week};
use crate::extract::time::calendar::names::weekday;
use crate::extract::time::calendar::value::{Time, granularity};
use crate::extract::time::reader::{Found, Named, Reader};

impl Reader<'_> {
    /// An amount counted from another time: "5 days ago", "two days after Christmas", "an hour later".
    pub(in crate::extract::time) fn offset(&self, at: usize) -> Found {
        let amount = self.amount(at)?;
        let next = amount.next;
        match self.text(next) {
            "ago" | "back" => Some((self.ago(at, amount)?, next + 1)),
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

    fn ago(&self, at: usize, amount: Amount) -> Option<Time> {
        let Some((count, today)) = amount.count.zip(self.today()) else {
            return Some(amount.unplaced());
        };
        let back = count.checked_neg()?;
        // "From a year ago" compares, "he left a year ago" does not.
        let compares = at > 0
            && (self.is(
                at - 1,
                &[
                    "from", "than", "million", "billion", "percent", "%", "cents", "share",
                ],
            ) || self.digits(at - 1).is_some());
        let named = self.named.filter(|named| named.in_sentence && compares);
        if let Some(time) = named.and_then(|named| same_part(named, back, amount.unit)) {
            return Some(time);
        }
        let unit = amount.unit;
        if unit.of_clock() {
            return self.moment_from_now(back, amount);
        }
        let time = whole_unit(today, back, unit, TimeAnchor::Publish)?;
        // A week ago is a day of the week that the value names.
        let value = Time::of(
            unit,
            add(floor(today, unit)?, back, unit)?,
            TimeAnchor::Publish,
        );
        Some(time.with_value_of(value.filter(|_| unit == Unit::Week)))
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
            match self.named {
                // Hours are too fine to count from a day.
                Some(_) if unit.of_clock() => None,
                Some(named) => same_part(named, count, unit)
                    .or_else(|| whole_unit(named.day, count, unit, TimeAnchor::Text)),
                // Without a day before, "later" counts from publication.
                None if unit.of_clock() => self.moment_from_now(count, amount),
                None => whole_unit(self.today()?, count, unit, TimeAnchor::Publish),
            }
        };
        placed().unwrap_or_else(|| amount.unplaced())
    }

    /// "two days after today", "three weeks from tomorrow".
    pub(super) fn counted_from_day(&self, amount: Amount, sign: i32) -> Found {
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
}

/// Years and months are counted whole: "two years ago" names a year, "two weeks ago" a day.
fn whole_unit(from: NaiveDate, count: i32, unit: Unit, anchor: TimeAnchor) -> Option<Time> {
    let whole = match unit {
        Unit::Month | Unit::Year => unit,
        Unit::Decade | Unit::Century => Unit::Year,
        _ => Unit::Day,
    };
    Time::of(whole, add(floor(from, whole)?, count, unit)?, anchor)
}

/// "Up from 3 percent in May a year earlier": a month or quarter so many years from one that was named is one as well.
fn same_part(named: Named, count: i32, unit: Unit) -> Option<Time> {
    let part = named.part_of_year().filter(|_| unit == Unit::Year)?;
    Time::of(part, add(named.day, count, unit)?, TimeAnchor::Text)
}
