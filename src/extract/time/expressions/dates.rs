//! Calendar days: "Friday, January 4, 2019", "4th of January", "10/31/1974", "2019-01-04".

use chrono::{Datelike, NaiveDate};

use crate::domain::{TimeAnchor, TimeGranularity};

use super::nearest::around;
use crate::extract::time::calendar::civil::{Unit, add, day};
use crate::extract::time::calendar::names::{month, unit, weekday};
use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

/// Marks between the parts of a date in digits.
const SEPARATORS: &[&str] = &["/", "-", "."];

impl Reader<'_> {
    /// A day of the calendar.
    pub(super) fn calendar_day(&self, at: usize) -> Found {
        self.digit_date(self.behind_weekday(self.skip(at, &["this"])).unwrap_or(at))
            .or_else(|| self.named_date(at))
            .or_else(|| self.weekday_and_number(at))
            .or_else(|| self.bare_ordinal(at))
    }

    /// A day of a month that may come with its year, and after its weekday.
    fn named_date(&self, at: usize) -> Found {
        let first = self.behind_weekday(self.skip(at, &["this"])).unwrap_or(at);
        let (month, date, next) = self.month_first(first).or_else(|| self.day_first(first))?;
        let (year, end) = self
            .year_behind(next)
            .or_else(|| {
                self.relative_year_of(next)
                    .filter(|_| self.text(next) == "of")
            })
            .map_or((None, next), |(year, end)| (Some(year), end));
        // Everybody knows the year of the attacks of September 11.
        let is_known = (month, date) == (9, 11)
            && self.is(
                end,
                &["attack", "attacks", "terror", "terrorist", "hijackings"],
            );
        let year = year.or_else(|| is_known.then_some(2001));
        Some((self.month_day_time(year, month, date, at, end)?, end))
    }

    /// The index after "Friday," in front of a date.
    pub(super) fn behind_weekday(&self, at: usize) -> Option<usize> {
        weekday(self.text(at))?;
        let mut next = at + 1;
        for mark in [&[".", ","][..], &[",", "-", "("], &["on"], &["the"]] {
            next = self.skip(next, mark);
        }
        Some(next)
    }

    pub(super) fn month_first(&self, at: usize) -> Option<(u32, u32, usize)> {
        let month = month(self.text(at))?;
        let next = self.skip(at + 1, &[".", "/", "-"]);
        let (date, next) = self.month_day(self.skip(next, &["the"]))?;
        let is_clock = self.is(next, &["am", "pm", "o'clock", "%", "percent", "thousand"])
            || self.text(next) == ":" && self.digits(next + 1).is_some();
        (!is_clock).then_some((month, date, next))
    }

    fn day_first(&self, at: usize) -> Option<(u32, u32, usize)> {
        if ["$", "£", "€"].contains(&self.before(at)) {
            return None;
        }
        let (date, next) = self.month_day(self.skip(at, &["the"]))?;
        let next = self.skip(next, &["day"]);
        let next = self.skip(next, &["of", "/", "-"]);
        let spelled = self.text(next);
        // "two may", "3 march" are words of other kinds in small letters without "of".
        let sure = self.capital(next)
            || self.text(next.wrapping_sub(1)) == "of"
            || !["may", "march", "mar"].contains(&spelled);
        Some((month(spelled).filter(|_| sure)?, date, next + 1))
    }

    /// "Monday 21", "Tuesday the eleventh".
    fn weekday_and_number(&self, at: usize) -> Found {
        let named = weekday(self.text(at))?;
        let (date, next) = match self.text(at + 1) {
            "the" => self.ordinal(at + 2)?,
            _ => (self.short(at + 1)?, at + 2),
        };
        if !(1..=31).contains(&date)
            || self.is(
                next,
                &[
                    ":", "am", "pm", "a", "p", "/", "h", "-", "–", "o'clock", "percent", "%",
                ],
            )
            || unit(self.text(next)).is_some()
            || unit(self.text(next + 1)).is_some() && self.text(next) != "of"
        {
            return None;
        }
        let today = self.today()?;
        let candidates = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6];
        let found = candidates.into_iter().find_map(|shift| {
            let moved = add(day(today.year(), today.month(), 1)?, shift, Unit::Month)?;
            day(moved.year(), moved.month(), date).filter(|found| found.weekday() == named)
        });
        Some((Time::of(Unit::Day, found?, TimeAnchor::Publish)?, next))
    }

    /// "on the 18th".
    fn bare_ordinal(&self, at: usize) -> Found {
        let cued =
            ["on", "by", "until", "since", "before", "after", "around"].contains(&self.before(at));
        if !cued || self.text(at) != "the" || self.digits(at + 1).is_none() {
            return None;
        }
        let (date, next) = self
            .ordinal(at + 1)
            .filter(|(date, _)| (1..=31).contains(date))?;
        // "on the 18th floor" names something else.
        if next < self.words.len()
            && !self.is(
                next,
                &[".", ",", "?", "!", ";", "and", "to", "-", "of", "this"],
            )
        {
            return None;
        }
        let Some(today) = self.today() else {
            return Some((
                Time::unplaced(format!("XXXX-XX-{date:02}"), Some(TimeGranularity::Day)),
                next,
            ));
        };
        let of_month = |shift| {
            let moved = add(day(today.year(), today.month(), 1)?, shift, Unit::Month)?;
            day(moved.year(), moved.month(), date)
        };
        let past = of_month(0)
            .filter(|day| *day <= today)
            .or_else(|| of_month(-1));
        let future = of_month(0)
            .filter(|day| *day > today)
            .or_else(|| of_month(1));
        Some((
            self.past_or_future(past, future, today, at, next, Unit::Day)?,
            next,
        ))
    }

    /// "2019-01-04", "1/4/2019", "4.1.2019", "1/4", "12-2015".
    fn digit_date(&self, at: usize) -> Found {
        if let Some(found) = self.one_piece_date(at) {
            return Some((Time::of(Unit::Day, found, TimeAnchor::Text)?, at + 1));
        }
        let first = self.digits(at)?;
        if self.glued(at) && !["(", "[", "\"", "“", "-", "–", ":"].contains(&self.before(at)) {
            return None;
        }
        let mark = self.text(at + 1);
        if !SEPARATORS.contains(&mark) || !self.glued(at + 1) || !self.glued(at + 2) {
            return None;
        }
        let second = self
            .digits(at + 2)
            .filter(|_| self.text(at + 2).len() <= 2)
            .or_else(|| month(self.text(at + 2)));
        let has_third = self.text(at + 3) == mark
            && self.glued(at + 3)
            && self.glued(at + 4)
            && self.digits(at + 4).is_some();
        if has_third {
            let found = Self::three_parts(
                first,
                second?,
                self.digits(at + 4)?,
                self.text(at).len(),
                self.text(at + 4).len(),
            )?;
            return Some((Time::of(Unit::Day, found, TimeAnchor::Text)?, at + 5));
        }
        self.two_parts(at, mark, first)
    }

    /// "23.04.2022", "20220423": dates that are one word.
    fn one_piece_date(&self, at: usize) -> Option<NaiveDate> {
        let text = self.text(at);
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let part = |from: usize, to: usize| text.get(from..to)?.parse().ok();
            let year = part(0, 4).filter(|year| (1900..2100).contains(year))?;
            return Self::three_parts(year, part(4, 6)?, part(6, 8)?, 4, 2);
        }
        let mut parts = text.split('.');
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && first.len() <= 2 && third.len() == 4;
        let year = third.parse().ok().filter(|_| whole)?;
        day(year, second.parse().ok()?, first.parse().ok()?)
            .or_else(|| day(year, first.parse().ok()?, second.parse().ok()?))
    }

    fn three_parts(
        first: u32,
        second: u32,
        third: u32,
        first_digits: usize,
        third_digits: usize,
    ) -> Option<NaiveDate> {
        let year = |year: u32| i32::try_from(year).ok();
        if first_digits == 4 {
            return day(year(first)?, second, third);
        }
        let written = match third_digits {
            4 => third,
            2 if third < 50 => 2000 + third,
            2 => 1900 + third,
            _ => return None,
        };
        day(year(written)?, first, second).or_else(|| day(year(written)?, second, first))
    }

    /// True at "7/8 of the voters", "2 1/2", "a 3/4 majority".
    fn is_fraction(&self, at: usize) -> bool {
        const WHOLES: &[&str] = &[
            "of", "cup", "cups", "mile", "miles", "inch", "inches", "majority", "teaspoon",
            "years", "hours", "months", "percent", "%", "size", "full", "share", "vote", "scale",
        ];
        let parts = self.digits(at).zip(self.digits(at + 2));
        let is_proper = parts.is_some_and(|(above, below)| above < below);
        let of_month = self.text(at + 3) == "of" && self.year(at + 4).is_some();
        let behind_number = at > 0 && self.digits(at - 1).is_some() && !self.glued(at);
        is_proper && !of_month && (behind_number || self.is(at + 3, WHOLES))
    }

    fn two_parts(&self, at: usize, mark: &str, first: u32) -> Found {
        let next = at + 3;
        // A third number makes it a telephone number or a score.
        let code = mark == "-" && self.glued(at) && self.before(at) == "-" || self.is_fraction(at);
        if code
            || self.glued(next)
                && SEPARATORS.contains(&self.text(next))
                && self.glued(next + 1)
                && self.digits(next + 1).is_some()
                && mark == "-"
        {
            return None;
        }
        // "The 2011-12 season" is no December.
        if self.is(
            next,
            &[
                "season",
                "seasons",
                "school",
                "academic",
                "fiscal",
                "financial",
            ],
        ) {
            return None;
        }
        if let Some((year, _)) = self.year(at).filter(|_| mark != ".") {
            let month = self
                .short(at + 2)
                .filter(|month| (1..=12).contains(month))?;
            return Some((
                Time::of(Unit::Month, day(year, month, 1)?, TimeAnchor::Text)?,
                next,
            ));
        }
        if let Some((year, _)) = self.year(at + 2) {
            let month =
                Some(first).filter(|month| (1..=12).contains(month) && self.text(at).len() <= 2)?;
            return Some((
                Time::of(Unit::Month, day(year, month, 1)?, TimeAnchor::Text)?,
                next,
            ));
        }
        let second = self
            .short(at + 2)
            .filter(|_| mark == "/" && self.text(at).len() <= 2)?;
        if (first, second) == (9, 11) {
            return Some((
                Time::of(Unit::Day, day(2001, 9, 11)?, TimeAnchor::Text)?,
                next,
            ));
        }
        if matches!(
            (first, second),
            (1, 2..=4) | (2, 3) | (3, 4) | (24, 7) | (50, 50)
        ) && !["on", "from", "to", "until", "by"].contains(&self.before(at))
        {
            return None;
        }
        let (month, date) = if first > 12 {
            (second, first)
        } else {
            (first, second)
        };
        day(2000, month, date)?;
        let (year, end) = match self.text(next) {
            "," => self
                .year(next + 1)
                .map_or((None, next), |(year, end)| (Some(year), end)),
            _ => (None, next),
        };
        Some((self.month_day_time(year, month, date, at, end)?, end))
    }

    /// The day of the month in the year named, or in the year the sentence makes likely.
    pub(super) fn month_day_time(
        &self,
        year: Option<i32>,
        month: u32,
        date: u32,
        at: usize,
        end: usize,
    ) -> Option<Time> {
        if let Some(year) = year {
            return Some(
                day(year, month, date)
                    .and_then(|day| Time::of(Unit::Day, day, TimeAnchor::Text))
                    .unwrap_or_else(|| {
                        Time::unplaced(
                            format!("{year}-{month:02}-{date:02}"),
                            Some(TimeGranularity::Day),
                        )
                    }),
            );
        }
        // A leap year, so that 29 February counts as a day.
        day(2000, month, date)?;
        let Some(today) = self.today() else {
            return Some(Time::unplaced(
                format!("XXXX-{month:02}-{date:02}"),
                Some(TimeGranularity::Day),
            ));
        };
        let (past, future) = around(today, |year| day(year, month, date));
        self.past_or_future(past, future, today, at, end, Unit::Day)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::time::testing::read;

    #[test]
    fn fractions_are_no_dates() {
        for (text, expected) in [
            (
                "7/8 of the voters and a 3/4 majority said so on 5/3.",
                "5/3=2016-05-03",
            ),
            (
                "The market fell on Monday, Oct. 26.",
                "Monday, Oct. 26=2015-10-26",
            ),
            (
                "Since the Sept. 11 attacks it is shut.",
                "Sept. 11=2001-09-11",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
