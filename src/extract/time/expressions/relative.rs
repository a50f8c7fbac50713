//! Times relative to publication: "yesterday", "last Monday", "this week", "next summer".

use chrono::{Datelike, Weekday};

use crate::domain::{TimeAnchor, TimeGranularity};

use crate::extract::time::calendar::civil::{
    Unit, add, day, floor, weekday_from, weekday_of_week, weekday_until,
};
use crate::extract::time::calendar::names::{month, unit, weekday};
use crate::extract::time::calendar::value::{Time, granularity};
use crate::extract::time::direction::Tense;
use crate::extract::time::reader::{Found, Reader};

/// Which of several a word picks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    Last,
    /// The most recent one: "this past Monday".
    Recent,
    This,
    /// The first to come: "the upcoming Monday".
    Upcoming,
    Next,
}

impl Pick {
    /// How many units on it lies.
    pub(super) fn shift(self) -> i32 {
        match self {
            Self::Last | Self::Recent => -1,
            Self::This => 0,
            Self::Upcoming | Self::Next => 1,
        }
    }
}

impl Reader<'_> {
    /// "last", "the next", "this past".
    pub(super) fn pick(&self, at: usize) -> Option<(Pick, usize)> {
        let at = self.skip(at, &["the"]);
        let pick = match (self.text(at), self.text(at + 1)) {
            ("this", "past" | "last") => return Some((Pick::Recent, at + 2)),
            ("this", "coming" | "upcoming") => return Some((Pick::Upcoming, at + 2)),
            ("last" | "previous" | "prior", _) => Pick::Last,
            ("past", _) => Pick::Recent,
            ("this" | "current" | "same", _) => Pick::This,
            ("upcoming", _) => Pick::Upcoming,
            ("next" | "following" | "coming", _) => Pick::Next,
            _ => return None,
        };
        Some((pick, at + 1))
    }

    /// A day named by where it lies from today, or by its weekday.
    pub(super) fn relative_day(&self, at: usize) -> Found {
        self.deictic(at)
            .or_else(|| self.counted_from_named(at))
            .or_else(|| self.picked_weekday(at))
            .or_else(|| self.weekday_in_week(at))
            .or_else(|| self.bare_weekday(at))
    }

    fn deictic(&self, at: usize) -> Found {
        let (shift, next) = match self.text(at) {
            "today" if self.before(at) != "usa" => (0, at + 1),
            "tomorrow" | "tmrw" | "tmr" => (1, at + 1),
            "yesterday" => (-1, at + 1),
            "current" if self.text(at + 1) == "date" => (0, at + 2),
            "the" | "day" | "week" | "month" | "year" => {
                let start = self.skip(at, &["the"]);
                if self.text(start + 1) == "after" && self.text(start + 2) == "next" {
                    return self.after_next(start);
                }
                let shift = match (self.text(start), self.text(start + 1), self.text(start + 2)) {
                    ("day", "before", "yesterday") => -2,
                    ("day", "after", "tomorrow") => 2,
                    _ => return None,
                };
                (shift, start + 3)
            }
            _ => return None,
        };
        Some((self.shifted_day(shift), next))
    }

    /// "the week after next".
    fn after_next(&self, at: usize) -> Found {
        let unit = unit(self.text(at))?;
        let start = add(floor(self.today()?, unit)?, 2, unit)?;
        Some((Time::of(unit, start, TimeAnchor::Publish)?, at + 3))
    }

    fn shifted_day(&self, shift: i32) -> Time {
        self.today()
            .and_then(|today| {
                Time::of(
                    Unit::Day,
                    add(today, shift, Unit::Day)?,
                    TimeAnchor::Publish,
                )
            })
            .unwrap_or_else(|| Time::unplaced("", Some(TimeGranularity::Day)))
    }

    fn picked_weekday(&self, at: usize) -> Found {
        let (pick, next) = self.pick(at)?;
        let named = weekday(self.text(next))?;
        let end = next + 1;
        let Some(today) = self.today() else {
            return Some((unplaced_weekday(named), end));
        };
        let recent =
            add(today, -1, Unit::Day).and_then(|yesterday| weekday_until(yesterday, named));
        let upcoming = add(today, 1, Unit::Day).and_then(|tomorrow| weekday_from(tomorrow, named));
        let of_week = |shift| weekday_of_week(add(today, shift, Unit::Week)?, named);
        let (first, second) = match pick {
            Pick::Last => (of_week(-1), recent),
            Pick::Recent => (recent, None),
            Pick::This => (of_week(0), None),
            Pick::Upcoming => (upcoming, None),
            Pick::Next => (of_week(1), upcoming),
        };
        let time = Time::of(Unit::Day, first?, TimeAnchor::Publish)?;
        Some((
            time.or(second.and_then(|second| Time::of(Unit::Day, second, TimeAnchor::Publish))),
            end,
        ))
    }

    /// "next week Monday", "Tuesday of last week", "Monday next week".
    fn weekday_in_week(&self, at: usize) -> Found {
        let today = self.today()?;
        if let Some(named) = weekday(self.text(at)) {
            let (pick, next) = self.pick(self.skip(at + 1, &["of"]))?;
            let of_week = weekday_of_week(add(today, pick.shift(), Unit::Week)?, named)?;
            return (self.text(next) == "week")
                .then_some((Time::of(Unit::Day, of_week, TimeAnchor::Publish)?, next + 1));
        }
        let (pick, next) = self
            .pick(at)
            .filter(|(_, next)| self.text(*next) == "week")?;
        let next = self.skip(next + 1, &["on", "-", ","]);
        let of_week = weekday_of_week(
            add(today, pick.shift(), Unit::Week)?,
            weekday(self.text(next))?,
        )?;
        Some((Time::of(Unit::Day, of_week, TimeAnchor::Publish)?, next + 1))
    }

    fn bare_weekday(&self, at: usize) -> Found {
        let named = weekday(self.text(at))?;
        let word = self.text(at);
        let is_cut = word.len() < 6;
        if is_cut
            && (!self.capital(at)
                || ["sat", "sun", "wed"].contains(&word) && !self.is_cut_weekday(at))
        {
            return None;
        }
        let next = at + 1;
        // "On a Monday" is any.
        let is_any = self.is(at.wrapping_sub(1), &["a", "any"]) && !self.is(next, &["in", "of"]);
        let Some(today) = self.today().filter(|_| !is_any) else {
            return Some((unplaced_weekday(named), next));
        };
        let is_future = self.tense(at, next) == Tense::Future;
        // Today counts to the side that the tense tells.
        let (until, from) = if is_future {
            (add(today, -1, Unit::Day), Some(today))
        } else {
            (Some(today), add(today, 1, Unit::Day))
        };
        let past = until.and_then(|until| weekday_until(until, named));
        let future = from.and_then(|from| weekday_from(from, named));
        let past = past.and_then(|past| Time::of(Unit::Day, past, TimeAnchor::Publish));
        let future = future.and_then(|future| Time::of(Unit::Day, future, TimeAnchor::Publish));
        let time = if is_future {
            future?.or(past)
        } else {
            past?.or(future)
        };
        Some((time, next))
    }

    /// True if "Sat", "Sun" or "Wed" stands where a weekday does.
    fn is_cut_weekday(&self, at: usize) -> bool {
        [
            "on", "by", "until", "since", "from", "this", "next", "last", "or", "to",
        ]
        .contains(&self.before(at))
    }

    /// "this week", "last month", "the coming year", "last August".
    pub(super) fn picked_period(&self, at: usize) -> Found {
        let (pick, next) = self.pick(at)?;
        if let Some(named) = month(self.text(next)).filter(|_| self.is_month(next)) {
            return self.picked_month(pick, named, next + 1);
        }
        let next = self.skip(next, &["calendar"]);
        let working = self.is(next, &["working", "business"]);
        let next = next + usize::from(working);
        let word = self.text(next);
        if word == "workweek" || working && word == "week" {
            return self.working_week(pick, next + 1);
        }
        let unit = unit(word)
            .filter(|unit| !unit.of_clock() && !word.ends_with('s') && word != "night")?;
        let is_day = unit == Unit::Day && pick != Pick::Next && pick != Pick::Last;
        // "The last day I took off" names its time itself.
        if is_day || self.is(next + 1, &["i", "he", "she", "we", "they"]) && self.text(at) == "the"
        {
            return None;
        }
        let Some(today) = self.today() else {
            return Some((
                Time::unplaced(unplaced_unit(unit), Some(granularity(unit))),
                next + 1,
            ));
        };
        if unit == Unit::Weekend && pick == Pick::This {
            return self.running_weekend(at, next + 1);
        }
        // On Sunday the week to come is "this week" too.
        let is_eve = pick == Pick::This
            && unit == Unit::Week
            && today.weekday() == Weekday::Sun
            && self.tense(at, next + 1) == Tense::Future;
        let start = add(floor(today, unit)?, pick.shift() + i32::from(is_eve), unit)?;
        let time = Time::of(unit, start, TimeAnchor::Publish)?;
        let length = Time::unplaced(unit.duration("1"), None);
        let is_length =
            self.is_length(pick, at) && matches!(unit, Unit::Week | Unit::Month | Unit::Year);
        Some((
            time.with_value_of(Some(length).filter(|_| is_length)),
            next + 1,
        ))
    }

    /// True at "the past year" and "over the next month": so long before or after publication.
    fn is_length(&self, pick: Pick, at: usize) -> bool {
        const CUES: &[&str] = &["over", "in", "for", "during", "within"];
        let cued = CUES.contains(&self.before(at));
        self.text(at) == "the" && (self.text(at + 1) == "past" || pick == Pick::Next && cued)
    }

    /// "This weekend", "the weekend". What happened on it by a paper of Wednesday happened on the last one.
    fn running_weekend(&self, at: usize, next: usize) -> Found {
        let (unit, today) = (Unit::Weekend, self.today()?);
        let start = floor(today, unit)?;
        let time = Time::of(unit, start, TimeAnchor::Publish)?;
        let is_over = start > today && self.tense(at, next) == Tense::Past;
        if is_over {
            let last = Time::of(unit, add(start, -1, unit)?, TimeAnchor::Publish)?;
            return Some((last.or(Some(time)), next));
        }
        Some((time, next))
    }

    fn picked_month(&self, pick: Pick, named: u32, next: usize) -> Found {
        let Some(today) = self.today() else {
            return Some((
                Time::unplaced(format!("XXXX-{named:02}"), Some(TimeGranularity::Month)),
                next,
            ));
        };
        let year = match pick {
            Pick::This => today.year(),
            Pick::Last | Pick::Recent => today.year() - i32::from(named >= today.month()),
            Pick::Next | Pick::Upcoming => today.year() + i32::from(named <= today.month()),
        };
        Some((
            Time::of(Unit::Month, day(year, named, 1)?, TimeAnchor::Publish)?,
            next,
        ))
    }

    fn working_week(&self, pick: Pick, next: usize) -> Found {
        let monday = add(floor(self.today()?, Unit::Week)?, pick.shift(), Unit::Week)?;
        let end = add(monday, 5, Unit::Day)?;
        let timex = monday.format("%G-W%V").to_string();
        Some((
            Time::days(
                timex,
                monday,
                end,
                TimeGranularity::Week,
                TimeAnchor::Publish,
            ),
            next,
        ))
    }

    /// "of the year", "for the week": the one of publication.
    pub(super) fn running_period(&self, at: usize) -> Found {
        const CUES: &[&str] = &["of", "for", "during", "in", "by", "throughout"];
        if self.text(at) != "the"
            || !CUES.contains(&self.before(at))
            || self.is(at + 2, &["of", "'s", "before", "after", "that", "when"])
            // "Interview of the Month" is a name.
            || self.capital(at + 1)
        {
            return None;
        }
        let unit = match self.text(at + 1) {
            // "Back in the day" is long ago.
            "day" if self.before(at) != "in" => Unit::Day,
            "week" => Unit::Week,
            "weekend" => return self.running_weekend(at, at + 2),
            "month" => Unit::Month,
            "year" => Unit::Year,
            _ => return None,
        };
        Some((
            Time::of(unit, floor(self.today()?, unit)?, TimeAnchor::Publish)?,
            at + 2,
        ))
    }
}

fn unplaced_weekday(named: Weekday) -> Time {
    Time::unplaced(
        format!("XXXX-WXX-{}", named.number_from_monday()),
        Some(TimeGranularity::Day),
    )
}

fn unplaced_unit(unit: Unit) -> String {
    match unit {
        Unit::Week => "XXXX-WXX".into(),
        Unit::Month => "XXXX-XX".into(),
        Unit::Year => "XXXX".into(),
        _ => String::new(),
    }
}
