//! Months, quarters, halves of years and seasons.

use chrono::Datelike;

use crate::domain::{TimeAnchor, TimeGranularity};

use super::nearest::around;
use crate::extract::time::calendar::civil::{Unit, add, day};
use crate::extract::time::calendar::names::month;
use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

/// How many words away from a half of a year its business may be named.
const BUSINESS_REACH: usize = 12;

/// A number, the index after it, and the year it belongs to with the index after that.
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
        // "Nov. of last year".
        if let Some((year, end)) = self.relative_year_of(next) {
            let time = Time::of(Unit::Month, day(year, named, 1)?, TimeAnchor::Publish)?;
            return Some((time, end));
        }
        if !self.is_month(at) {
            return None;
        }
        let next = at + 1;
        // "That November" is of the year named before.
        if let Some(before) = self.named.filter(|_| self.before(at) == "that") {
            let start = day(before.day.year(), named, 1)?;
            return Some((Time::of(Unit::Month, start, TimeAnchor::Text)?, next));
        }
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
        let year = year.or_else(|| self.possessive_year(at).map(|year| (year, next)));
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
        let named = year.or_else(|| self.year_of(next));
        let (year, next, anchor) = if let Some((year, next)) = named {
            (year, next, TimeAnchor::Text)
        } else {
            // Games have halves too.
            let running = || Some((self.today()?.year(), next));
            let year = self.relative_year_of(next).or_else(running);
            let (year, end) = year.filter(|(_, end)| *end > next || self.is_of_business(at))?;
            (year, end, TimeAnchor::Publish)
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

    /// True if the words near by speak of money earned.
    fn is_of_business(&self, at: usize) -> bool {
        const WORDS: &[&str] = &[
            "profit", "profits", "earnings", "revenue", "sales", "income", "loss", "growth",
            "earned", "results", "exports", "economy", "shares", "orders",
        ];
        (at.saturating_sub(BUSINESS_REACH)..at + BUSINESS_REACH).any(|near| self.is(near, WORDS))
    }

    /// "Q3" and "2017 Q3", as the number, the index after and the year in front.
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

    /// "last year's third quarter".
    pub(super) fn part_of_picked_year(&self, at: usize) -> Found {
        self.possessive_year(at)?;
        self.quarter(at)
    }

    /// The year of "last year's third quarter".
    fn possessive_year(&self, at: usize) -> Option<i32> {
        let (pick, unit_at) = self.pick(at)?;
        let is_year = self.text(unit_at) == "year" && self.text(unit_at + 1) == "'s";
        Some(self.today().filter(|_| is_year)?.year() + pick.shift())
    }

    fn glued_word(&self, at: usize) -> bool {
        self.glued(at) && self.text(at).chars().all(char::is_alphanumeric)
    }

    fn ordinal_of(&self, at: usize, nouns: &[&str]) -> Option<Numbered> {
        let start = match self.possessive_year(at).and(self.pick(at)) {
            Some((_, unit_at)) => unit_at + 2,
            None => self.skip(at, &["the"]),
        };
        let (number, next) = self.ordinal(start)?;
        let next = self.skip(next, &["-"]);
        self.is(next, nouns).then_some((number, next + 1, None))
    }

    /// "of 2015", "2015", "of year 2015".
    fn year_of(&self, at: usize) -> Option<(i32, usize)> {
        let next = self.skip(at, &["of", "in", ","]);
        self.year(self.skip(next, &["year"]))
    }

    /// "of this year", "of the year".
    pub(super) fn relative_year_of(&self, at: usize) -> Option<(i32, usize)> {
        let next = self.skip(at, &["of"]);
        let today = self.today()?;
        if self.text(next) == "that" && self.text(next + 1) == "year" {
            return Some((self.named?.day.year(), next + 2));
        }
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
            return self.bare_season(at, season_at, code, first_month);
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

    /// "in the summer", "summer": of the year that the tense asks for.
    fn bare_season(&self, at: usize, season_at: usize, code: &str, first_month: u32) -> Found {
        if !self.is_season(at, season_at) {
            return None;
        }
        let next = season_at + 1;
        let season = Some(TimeGranularity::Season);
        let Some(today) = self.today() else {
            return Some((Time::unplaced(format!("XXXX-{code}"), season), next));
        };
        let (past, future) = around(today, |year| day(year, first_month, 1));
        let mut time = self.past_or_future(past, future, today, at, next, Unit::Quarter)?;
        for reading in &mut time.readings {
            reading.timex = format!("{}-{code}", reading.start?.year()).into();
        }
        time.granularity = season;
        Some((time, next))
    }

    /// True if a bare season stands where a time does.
    fn is_season(&self, at: usize, season_at: usize) -> bool {
        const CUES: &[&str] = &[
            "in", "during", "over", "since", "until", "by", "early", "late", "mid", "of", "for",
            "all", "through", "every",
        ];
        // "The fall of the king" is no season.
        let of_other = self.text(season_at + 1) == "of";
        // "Winter wheat" and "the 2012 Summer Games" name something else, as does what begins with "the summer".
        let next = self.text(season_at + 1);
        let alone = at == season_at
            && ["summer", "winter"].contains(&self.text(at))
            && self.before(at) != "the"
            && self.year(at.wrapping_sub(1)).is_none()
            && (next.len() < 4 || ["when", "with", "will", "then"].contains(&next));
        !of_other && (alone || CUES.contains(&self.before(at)))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::time::testing::read;

    #[test]
    fn parts_of_a_year_are_those_the_words_ask_for() {
        for (text, expected) in [
            (
                "Sales fell in the first half. Last year's third quarter was weak.",
                "the first half=2016-H1 | Last year's third quarter=2015-Q3",
            ),
            ("They led at the end of the first half.", ""),
            (
                "The summer was wet. He swam in the summer.",
                "the summer=2015-SU",
            ),
            ("The 2012 Summer Games began.", "2012=2012"),
            ("He left in Nov. of last year.", "Nov. of last year=2015-11"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
