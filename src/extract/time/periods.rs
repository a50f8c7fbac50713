//! Months, quarters, halves of years and seasons.

use chrono::Datelike;

use crate::domain::{TimeAnchor, TimeGranularity};

use super::civil::{Unit, add, day};
use super::dates::around;
use super::names::month;
use super::reader::{Found, Reader};
use super::value::Time;

/// A number, the place behind it, and the year it belongs to with the place behind that.
type Numbered = (u32, usize, Option<(i32, usize)>);

impl Reader<'_> {
    /// A period named by the calendar.
    pub(super) fn calendar_period(&self, at: usize) -> Found {
        self.named_month(at)
            .or_else(|| self.quarter(at))
            .or_else(|| self.half(at))
            .or_else(|| self.season(at))
            .or_else(|| self.decade(at))
            .or_else(|| self.century(at))
            .or_else(|| self.fiscal_year(at))
            .or_else(|| self.two_years(at))
            .or_else(|| self.bare_year(at))
    }

    fn named_month(&self, at: usize) -> Found {
        let named = month(self.text(at))?;
        let next = self.skip(at + 1, &["."]);
        if let Some((year, end)) = self.year_behind(next).or_else(|| self.year_behind(at + 1)) {
            return Some((
                Time::of(Unit::Month, day(year, named, 1)?, TimeAnchor::Text)?,
                end,
            ));
        }
        if !self.is_month(at) {
            return None;
        }
        let next = at + 1;
        let Some(today) = self.today() else {
            return Some((
                Time::unplaced(format!("XXXX-{named:02}"), Some(TimeGranularity::Month)),
                next,
            ));
        };
        let (past, future) = around(today, |year| day(year, named, 1));
        Some((
            self.past_or_future(past, future, today, at, next, Unit::Month)?,
            next,
        ))
    }

    /// "Q3", "2017 Q1", "the third quarter of 2015".
    fn quarter(&self, at: usize) -> Found {
        let (quarter, next, year) = self
            .letter_and_number(at, "q")
            .or_else(|| self.ordinal_of(at, &["quarter", "qtr"]))?;
        let quarter = Some(quarter).filter(|quarter| (1..=4).contains(quarter))?;
        let first_month = quarter * 3 - 2;
        if let Some(found) = self.part_of_fiscal(&format!("Q{quarter}"), first_month - 1, 3, next) {
            return Some(found);
        }
        if let Some((year, next)) = year.or_else(|| self.year_of(next)) {
            return Some((
                Time::of(Unit::Quarter, day(year, first_month, 1)?, TimeAnchor::Text)?,
                next,
            ));
        }
        if let Some((year, next)) = self.relative_year_of(next) {
            return Some((
                Time::of(
                    Unit::Quarter,
                    day(year, first_month, 1)?,
                    TimeAnchor::Publish,
                )?,
                next,
            ));
        }
        let Some(today) = self.today() else {
            return Some((
                Time::unplaced(format!("XXXX-Q{quarter}"), Some(TimeGranularity::Quarter)),
                next,
            ));
        };
        let (past, future) = around(today, |year| day(year, first_month, 1));
        Some((
            self.past_or_future(past, future, today, at, next, Unit::Quarter)?,
            next,
        ))
    }

    /// "H2 2019", "the first half of this year".
    fn half(&self, at: usize) -> Found {
        let (half, next, year) = self
            .letter_and_number(at, "h")
            .or_else(|| self.ordinal_of(at, &["half"]))?;
        let before = half.checked_mul(6)?.checked_sub(6)?;
        if let Some(found) = self.part_of_fiscal(&format!("H{half}"), before, 6, next) {
            return Some(found);
        }
        let (year, next, anchor) = match year.or_else(|| self.year_of(next)) {
            Some((year, next)) => (year, next, TimeAnchor::Text),
            None => self
                .relative_year_of(next)
                .map(|(year, next)| (year, next, TimeAnchor::Publish))?,
        };
        let start = day(year, half.checked_mul(6)?.checked_sub(5)?, 1)?;
        let end = add(start, 6, Unit::Month)?;
        Some((
            Time::days(
                format!("{year}-H{half}"),
                start,
                end,
                TimeGranularity::Season,
                anchor,
            ),
            next,
        ))
    }

    /// "Q3" and "2017 Q3", as the number, the place behind and the year in front.
    fn letter_and_number(&self, at: usize, letter: &str) -> Option<Numbered> {
        let year = self.year(at);
        let letter_at = year.map_or(at, |(_, next)| next);
        let number = self
            .short(letter_at + 1)
            .filter(|_| self.text(letter_at) == letter && self.glued(letter_at + 1))?;
        // "H1N1" is no half of a year.
        let is_year = self.capital(letter_at) || year.is_some() || letter == "q";
        let next = letter_at + 2;
        (is_year && !self.glued_word(next)).then_some((
            number,
            next,
            year.map(|(year, _)| (year, next)),
        ))
    }

    fn glued_word(&self, at: usize) -> bool {
        self.glued(at) && self.text(at).chars().all(char::is_alphanumeric)
    }

    fn ordinal_of(&self, at: usize, nouns: &[&str]) -> Option<Numbered> {
        let (number, next) = self.ordinal(self.skip(at, &["the"]))?;
        let next = self.skip(next, &["-"]);
        self.is(next, nouns).then_some((number, next + 1, None))
    }

    /// "of 2015", "2015", "of year 2015".
    fn year_of(&self, at: usize) -> Option<(i32, usize)> {
        let next = self.skip(at, &["of", "in", ","]);
        self.year(self.skip(next, &["year"]))
    }

    /// "of this year", "of the year".
    fn relative_year_of(&self, at: usize) -> Option<(i32, usize)> {
        let next = self.skip(at, &["of"]);
        let today = self.today()?;
        if self.text(next) == "the" && self.text(next + 1) == "year" {
            return Some((today.year(), next + 2));
        }
        let (pick, next) = self.pick(next)?;
        (self.text(next) == "year").then_some((today.year() + pick.shift(), next + 1))
    }

    /// "summer 2015", "last summer", "in the spring".
    fn season(&self, at: usize) -> Found {
        let picked = self.pick(at);
        let season_at = picked.map_or_else(|| self.skip(at, &["the"]), |(_, next)| next);
        let (code, first_month) = match self.text(season_at) {
            "spring" => ("SP", 3),
            "summer" => ("SU", 6),
            "fall" | "autumn" => ("FA", 9),
            "winter" => ("WI", 12),
            _ => return None,
        };
        let next = season_at + 1;
        let in_year = |year: i32, anchor| {
            let start = day(year, first_month, 1)?;
            Some(Time::days(
                format!("{year}-{code}"),
                start,
                add(start, 3, Unit::Month)?,
                TimeGranularity::Season,
                anchor,
            ))
        };
        if let Some((year, end)) = self.year_of(next) {
            return Some((in_year(year, TimeAnchor::Text)?, end));
        }
        let Some(((pick, _), today)) = picked.zip(self.today()) else {
            return self.is_season(at, season_at).then(|| {
                (
                    Time::unplaced(format!("XXXX-{code}"), Some(TimeGranularity::Season)),
                    next,
                )
            });
        };
        let begun = day(today.year(), first_month, 1)? <= today;
        let over = day(today.year(), first_month, 1)
            .and_then(|start| add(start, 3, Unit::Month))?
            <= today;
        let year = today.year()
            + match pick.shift() {
                -1 => -i32::from(!over),
                0 => 0,
                _ => i32::from(begun),
            };
        Some((in_year(year, TimeAnchor::Publish)?, next))
    }

    /// True if a bare season stands where a time does.
    fn is_season(&self, at: usize, season_at: usize) -> bool {
        const CUES: &[&str] = &[
            "in", "during", "over", "since", "until", "by", "early", "late", "mid", "of", "for",
            "all", "through", "every",
        ];
        // "The fall of the king" is no season.
        let of_other = self.text(season_at + 1) == "of";
        let alone = at == season_at && ["summer", "winter"].contains(&self.text(at));
        !of_other && (alone || CUES.contains(&self.before(at)))
    }
}
