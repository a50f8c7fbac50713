//! Times of the day: "3 pm", "14:05", "noon", "in the morning", "tonight".

use crate::domain::{TimeAnchor, TimeGranularity};

use crate::extract::time::calendar::civil::{Unit, add};
use crate::extract::time::calendar::day_time::DayTime;
use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

impl Reader<'_> {
    /// A time of the day by the clock or by its part.
    pub(in crate::extract::time) fn day_time(&self, at: usize) -> Option<(DayTime, usize)> {
        self.clock_range(at)
            .or_else(|| self.clock(at))
            .or_else(|| self.day_part(at))
    }

    /// "from 9 to 10:30", "3-5 pm": the half of the day holds for both.
    fn clock_range(&self, at: usize) -> Option<(DayTime, usize)> {
        let first_at = self.skip(at, &["from", "between"]);
        let (first, next) = self.clock(first_at).or_else(|| self.bare_hour(first_at))?;
        let joined = self.is(next, &["to", "-", "–", "—", "until", "till", "through"])
            || self.text(next) == "and" && self.text(at) == "between";
        let (last, end) = self.clock(next + 1).filter(|_| joined)?;
        let same_half =
            first.either_half && !last.either_half && first.later_half().start < last.start;
        let first = if same_half { first.later_half() } else { first };
        Some((first.to(&last)?, end))
    }

    /// "10-4", "from 3 to 8": bare hours, which only a day beside them makes a time.
    pub(super) fn hour_range(&self, at: usize) -> Option<(DayTime, usize)> {
        let lead = self.is(at, &["from", "between", "at"]);
        let (first, next) = self
            .clock(at + usize::from(lead))
            .or_else(|| self.bare_hour(at + usize::from(lead)))?;
        let joined = self.is(next, &["-", "–", "to", "until"])
            || self.text(at) == "between" && self.text(next) == "and";
        let (last, end) = self
            .clock(next + 1)
            .or_else(|| self.bare_hour(next + 1))
            .filter(|_| joined)?;
        // "20-17 on Sunday" is a score.
        let told = lead || self.clock(at).is_some() || self.clock(next + 1).is_some();
        let clean = told && !self.is(end, &["-", "/", "%", "percent"]);
        let last = if last.either_half && last.start <= first.start {
            last.later_half()
        } else {
            last
        };
        let same_half = first.either_half
            && !last.either_half
            && first.later_half().start < last.start
            && first.start < last.start;
        let first = if same_half { first.later_half() } else { first };
        Some((first.to(&last).filter(|_| clean)?, end))
    }

    /// An hour without a mark of its own, as in "3 to 5 pm" or "Monday at 5".
    pub(super) fn bare_hour(&self, at: usize) -> Option<(DayTime, usize)> {
        let hour = self.short(at).filter(|hour| (1..=24).contains(hour))?;
        let mut time = DayTime::new(hour % 24, 0, 0, TimeGranularity::Hour)?;
        time.either_half = hour <= 12;
        Some((time, at + 1))
    }

    /// "3 pm", "14:05", "noon", "5 o'clock".
    pub(in crate::extract::time) fn clock(&self, at: usize) -> Option<(DayTime, usize)> {
        let at = self.skip(at, &["at", "around", "about", "@"]);
        match self.text(at) {
            "noon" | "midday" => {
                return Some((DayTime::new(12, 0, 0, TimeGranularity::Hour)?, at + 1));
            }
            "midnight" => return Some((DayTime::new(0, 0, 0, TimeGranularity::Hour)?, at + 1)),
            "12" if self.is(at + 1, &["noon", "midnight"]) => return self.clock(at + 1),
            _ => {}
        }
        if self.glued(at) && [".", "$", "£", "€", "/", ":"].contains(&self.before(at)) {
            return None;
        }
        let (hour, minute, second, next) = self.clock_digits(at)?;
        let granularity = match (minute, second) {
            (_, Some(_)) => TimeGranularity::Second,
            (Some(_), None) => TimeGranularity::Minute,
            _ => TimeGranularity::Hour,
        };
        let (half, next) = self.day_half(next);
        let behind = self.skip(next, &["o'clock", "oclock"]);
        let told = half.is_some() || minute.is_some() || behind > next;
        let hour = match half {
            Some(later) if (1..=12).contains(&hour) => hour % 12 + u32::from(later) * 12,
            Some(_) => return None,
            None => hour,
        };
        let mut time = DayTime::new(hour, minute.unwrap_or(0), second.unwrap_or(0), granularity)?;
        time.either_half = half.is_none()
            && (1..=12).contains(&hour)
            && self.text(at).len() < 3
            && !self.text(at).starts_with('0');
        let (time, end) = self.in_part(time, behind);
        (told || end > behind).then_some((time, end))
    }

    fn clock_digits(&self, at: usize) -> Option<(u32, Option<u32>, Option<u32>, usize)> {
        if let Some((hour, minute)) = self.text(at).split_once('.') {
            let is_time = minute.len() == 2
                && !self.is(at + 1, &["%", "percent", "million", "billion"])
                && (self.before(at) == "at" || self.day_half(at + 1).0.is_some());
            return is_time.then_some((
                hour.parse().ok()?,
                Some(minute.parse().ok()?),
                None,
                at + 1,
            ));
        }
        let hour = self.short(at).or_else(|| {
            self.number(at)
                .map(|(hour, _)| hour)
                .filter(|hour| *hour <= 12)
        })?;
        let part = |mark: usize| {
            let joined = self.text(mark) == ":" && self.glued(mark) && self.glued(mark + 1);
            self.short(mark + 1)
                .filter(|_| joined && self.text(mark + 1).len() == 2)
        };
        let spelled = self.number(at + 1).filter(|(minute, _)| {
            (10..60).contains(minute) && self.before(at) == "at" && self.digits(at).is_none()
        });
        if let Some((minute, next)) = spelled {
            return Some((hour, Some(minute), None, next));
        }
        let Some(minute) = part(at + 1) else {
            return Some((hour, None, None, at + 1));
        };
        match part(at + 3) {
            Some(second) => Some((hour, Some(minute), Some(second), at + 5)),
            None => Some((hour, Some(minute), None, at + 3)),
        }
    }

    /// "am", "p.m.", "a" glued to the number: true for the later half of the day.
    fn day_half(&self, at: usize) -> (Option<bool>, usize) {
        let at = if self.text(at) == "." && self.glued(at) && self.glued(at + 1) {
            at + 1
        } else {
            at
        };
        let stop = |next: usize| {
            if self.text(next) == "."
                && self.glued(next)
                && self.glued(next - 1)
                && next + 1 < self.words.len()
            {
                next + 1
            } else {
                next
            }
        };
        match self.text(at) {
            "am" => (Some(false), stop(at + 1)),
            "pm" => (Some(true), stop(at + 1)),
            "a" if self.glued(at) => (Some(false), at + 1),
            "p" if self.glued(at) => (Some(true), at + 1),
            _ => (None, at),
        }
    }

    /// "3:20 in the afternoon".
    fn in_part(&self, mut time: DayTime, at: usize) -> (DayTime, usize) {
        let part_at = match (self.text(at), self.text(at + 1)) {
            ("in", "the") => at + 2,
            ("at", "night") => at + 1,
            _ => return (time, at),
        };
        match self.text(part_at) {
            "morning" => {
                time.either_half = false;
                (time, part_at + 1)
            }
            "afternoon" | "evening" | "night" if time.either_half => {
                (time.later_half(), part_at + 1)
            }
            _ => (time, at),
        }
    }

    /// "in the morning", "late afternoon", "night".
    pub(super) fn day_part(&self, at: usize) -> Option<(DayTime, usize)> {
        let next = self.skip(at, &["in", "at", "on"]);
        let next = self.skip(next, &["the"]);
        let cut = self.text(next);
        let next = self.skip(next, &["early", "late", "mid", "later"]);
        let next = self.skip(next, &["-"]);
        let (code, from, to) = match self.text(next) {
            "morning" | "am" => ("MO", 8, 12),
            "lunchtime" => ("MI", 11, 13),
            "afternoon" | "pm" => ("AF", 12, 16),
            "evening" => ("EV", 16, 20),
            "night" => ("NI", 20, 24),
            _ => return None,
        };
        let (from, to) = match cut {
            "early" => (from, from + (to - from) / 2),
            "late" | "later" => (from + (to - from) / 2, to),
            _ => (from, to),
        };
        Some((DayTime::part(code, from, to)?, next + 1))
    }

    /// "tonight", "this morning", "last night".
    pub(super) fn named_part(&self, at: usize) -> Found {
        if self.text(at) == "tonight" {
            return Some((self.part_of(0, &DayTime::part("NI", 20, 24)?), at + 1));
        }
        if self.text(at) == "overnight" {
            return Some((self.part_of(-1, &DayTime::part("NI", 20, 24)?), at + 1));
        }
        let shift = match (self.text(at), self.text(at + 1)) {
            ("this", _) => 0,
            ("last", "night" | "evening") => -1,
            _ => return None,
        };
        let (part, next) = self
            .day_part(at + 1)
            .filter(|_| !self.is(at + 1, &["in", "at", "on", "am", "pm"]))?;
        Some((self.part_of(shift, &part), next))
    }

    fn part_of(&self, shift: i32, part: &DayTime) -> Time {
        let day = self.today().and_then(|today| {
            Time::of(
                Unit::Day,
                add(today, shift, Unit::Day)?,
                TimeAnchor::Publish,
            )
        });
        part.on(&day.unwrap_or_else(|| Time::unplaced("XXXX-XX-XX", None)))
    }

    /// A time of the day of publication.
    pub(in crate::extract::time) fn clock_today(&self, at: usize) -> Found {
        let (time, next) = self
            .clock_range(at)
            .or_else(|| self.clock(at))
            .or_else(|| self.lone_part(at))?;
        Some((self.part_of(0, &time), next))
    }

    /// "in the morning"; a bare "night" is mostly no time.
    fn lone_part(&self, at: usize) -> Option<(DayTime, usize)> {
        let cued = self.is(at, &["in", "early", "late"]) && !self.is(at + 1, &["am", "pm"]);
        self.day_part(at).filter(|_| cued)
    }
}
