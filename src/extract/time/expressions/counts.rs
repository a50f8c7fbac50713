//! Numbers of units: "three days", "in two weeks", "the past five years".

use crate::domain::TimeAnchor;

use super::relative::Pick;
use crate::extract::time::calendar::civil::{Unit, add, add_clock, floor, midnight};
use crate::extract::time::calendar::names::unit;
use crate::extract::time::calendar::value::{Time, granularity};
use crate::extract::time::direction::Tense;
use crate::extract::time::reader::{Found, Reader};

/// A number of units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    /// `None` for "a few".
    pub(in crate::extract::time) count: Option<i32>,
    /// True if half a unit is added.
    pub(super) and_half: bool,
    pub(in crate::extract::time) unit: Unit,
    /// The index after it.
    pub(in crate::extract::time) next: usize,
}

impl Amount {
    /// The length in the notation of TIMEX3.
    pub(in crate::extract::time) fn timex(self) -> String {
        match self.count {
            Some(count) if self.and_half => self.unit.duration(&format!("{count}.5")),
            Some(count) => self.unit.duration(&count.to_string()),
            None => self.unit.duration("X"),
        }
    }

    /// The length without a position in the calendar.
    pub(in crate::extract::time) fn unplaced(self) -> Time {
        Time::unplaced(self.timex(), Some(granularity(self.unit)))
    }
}

impl Reader<'_> {
    /// A number of units counted from publication or from a time in the text.
    pub(super) fn counted_time(&self, at: usize) -> Found {
        self.counted_pick(at)
            .or_else(|| self.in_amount(at))
            .or_else(|| self.offset(at))
    }

    /// A number of units that is not counted from anything.
    pub(in crate::extract::time) fn duration(&self, at: usize) -> Found {
        let amount = self.amount(at)?;
        let is_idiom = self.is(at, &["a", "an"])
            && (amount.unit == Unit::Quarter || self.is(amount.next - 1, &["night", "min", "sec"]))
            || self.text(amount.next) == "-" && self.is(at, &["a", "an", "quarter"]);
        (!is_idiom && !self.is_age(amount.next)).then(|| (amount.unplaced(), amount.next))
    }

    /// "half an hour" in minutes, "half a year" in months.
    fn half_unit(&self, at: usize) -> Option<Amount> {
        let (count, unit) = match unit(self.text(at))? {
            Unit::Minute => (30, Unit::Second),
            Unit::Hour => (30, Unit::Minute),
            Unit::Day => (12, Unit::Hour),
            Unit::Year => (6, Unit::Month),
            Unit::Decade => (5, Unit::Year),
            Unit::Century => (50, Unit::Year),
            _ => return None,
        };
        Some(Amount {
            count: Some(count),
            and_half: false,
            unit,
            next: at + 1,
        })
    }

    /// True after the years of "14-year-old".
    fn is_age(&self, at: usize) -> bool {
        self.is(at, &["old", "olds"]) || self.text(at) == "-" && self.is(at + 1, &["old", "olds"])
    }

    /// "three days", "a couple of weeks".
    pub(super) fn amount(&self, at: usize) -> Option<Amount> {
        let (count, next) = match self.text(at) {
            "a" | "an" | "the" => match self.text(at + 1) {
                "few" | "number" => (None, self.skip(at + 2, &["of"])),
                "half" if self.is(at + 1, &["an", "a"]) => return self.half_unit(at + 2),
                "couple" => (Some(2), self.skip(at + 2, &["of"])),
                "dozen" => (Some(12), at + 2),
                "hundred" => (Some(100), at + 2),
                _ if self.text(at) == "the" => return None,
                _ => (Some(1), at + 1),
            },
            "couple" => (Some(2), self.skip(at + 1, &["of"])),
            "few" | "several" | "many" | "some" => (None, at + 1),
            // "1/2 year".
            _ if self.glued(at) && self.before(at) == "/" => return None,
            _ => {
                let (count, next) = self.number(at)?;
                (Some(i32::try_from(count).ok()?), next)
            }
        };
        let half_before = self.half_behind(next);
        let next = half_before.unwrap_or(next);
        let next = self.skip(next, &["-", "more", "full", "consecutive", "straight"]);
        let word = self.text(next);
        let unit = unit(word)?;
        // "21 sat", "the 2 min"; a second is mostly an ordinal.
        let is_ordinal = word == "second" && self.digits(at).is_none();
        let half_after = self.half_behind(next + 1);
        (!is_ordinal).then_some(Amount {
            count,
            and_half: half_before.or(half_after).is_some(),
            unit,
            next: half_after.unwrap_or(next + 1),
        })
    }

    /// The index after "and a half" or "1/2".
    fn half_behind(&self, at: usize) -> Option<usize> {
        match (self.text(at), self.text(at + 1), self.text(at + 2)) {
            ("and", "a", "half") | ("1", "/", "2") => Some(at + 3),
            ("½", _, _) => Some(at + 1),
            _ => None,
        }
    }

    /// "the last 3 months", "the next ten days".
    fn counted_pick(&self, at: usize) -> Found {
        let (pick, amount) = self.picked_amount(at)?;
        let next = self.skip(at, &["the"]) + 1;
        if pick == Pick::This || self.is(next, &["a", "an", "the"]) {
            return None;
        }
        let time = match (self.now, amount.count) {
            (Some(_), Some(count)) => self.picked_span(pick, count, amount)?,
            _ => amount.unplaced(),
        };
        Some((time, amount.next))
    }

    /// "last 3 months", "the 3 past months".
    fn picked_amount(&self, at: usize) -> Option<(Pick, Amount)> {
        if let Some((pick, next)) = self.pick(at) {
            return Some((pick, self.amount(next)?));
        }
        let (count, next) = self.number(self.skip(at, &["the"]))?;
        let (pick, next) = self.pick(next)?;
        let unit =
            unit(self.text(next)).filter(|_| count == 1 || self.text(next).ends_with('s'))?;
        Some((
            pick,
            Amount {
                count: i32::try_from(count).ok(),
                and_half: false,
                unit,
                next: next + 1,
            },
        ))
    }

    fn picked_span(&self, pick: Pick, count: i32, amount: Amount) -> Option<Time> {
        let (unit, timex) = (amount.unit, amount.timex());
        if unit.of_clock() {
            let now = self.now?;
            let other = add_clock(now, count.checked_mul(pick.shift())?, unit)?;
            return Some(Time::between(
                timex,
                now.min(other),
                now.max(other),
                granularity(unit),
                TimeAnchor::Publish,
            ));
        }
        // Quarters, decades and weekends are counted whole, the other units to the day.
        let whole = matches!(
            unit,
            Unit::Quarter | Unit::Decade | Unit::Century | Unit::Weekend
        );
        let today = if whole {
            floor(self.today()?, unit)?
        } else {
            self.today()?
        };
        let (start, end) = if pick.shift() < 0 {
            (add(today, count.checked_neg()?, unit)?, today)
        } else {
            let first = add(today, 1, if whole { unit } else { Unit::Day })?;
            (first, add(first, count, unit)?)
        };
        Some(Time::days(
            timex,
            start,
            end,
            granularity(unit),
            TimeAnchor::Publish,
        ))
    }

    /// "in 3 days", "within 24 hours".
    fn in_amount(&self, at: usize) -> Found {
        let cue = self.text(at);
        if cue != "in" && cue != "within" {
            return None;
        }
        let first = self.skip(at + 1, &["about", "just", "less"]);
        let amount = self.amount(self.skip(first, &["than"]))?;
        if self.is(
            amount.next,
            &[
                "of", "ago", "later", "earlier", "since", "from", "before", "after",
            ],
        ) && cue == "in"
        {
            return None;
        }
        let count = amount
            .count
            .filter(|_| self.tense(at, amount.next) != Tense::Past);
        let Some((count, now)) = count.zip(self.now) else {
            return Some((amount.unplaced(), amount.next));
        };
        if cue == "within" {
            let end = if amount.unit.of_clock() {
                add_clock(now, count, amount.unit)?
            } else {
                midnight(add(now.date(), count, amount.unit)?)
            };
            return Some((
                Time::between(
                    amount.timex(),
                    now,
                    end,
                    granularity(amount.unit),
                    TimeAnchor::Publish,
                ),
                amount.next,
            ));
        }
        let time = self.moment_from_now(count, amount)?;
        Some((time.with_value_of(Some(amount.unplaced())), amount.next))
    }

    /// The day, or by the clock the moment, so far from publication.
    pub(super) fn moment_from_now(&self, count: i32, amount: Amount) -> Option<Time> {
        if !amount.unit.of_clock() {
            return Time::of(
                Unit::Day,
                add(self.today()?, count, amount.unit)?,
                TimeAnchor::Publish,
            );
        }
        let moment = add_clock(self.now?, count, amount.unit)?;
        let timex = moment.format("%Y-%m-%dT%H:%M").to_string();
        let end = add_clock(moment, 1, amount.unit)?;
        Some(Time::between(
            timex,
            moment,
            end,
            granularity(amount.unit),
            TimeAnchor::Publish,
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::time::testing::read;

    #[test]
    fn numbers_of_units_are_lengths() {
        for (text, expected) in [
            (
                "It took one hundred days, two and a half years and 1 1/2 hours.",
                "one hundred days=P100D | two and a half years=P2.5Y | 1 1/2 hours=PT1.5H",
            ),
            (
                "Over the past five years and the past year rents rose.",
                "the past five years=P5Y | the past year=P1Y",
            ),
            ("A quarter-century of war.", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
