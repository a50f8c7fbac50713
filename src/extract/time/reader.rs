//! Reads the words of one sentence; every look ahead or back is bounded.

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::TimeGranularity;

use super::calendar::names::{month, ordinal, small, tens};
use super::calendar::value::Time;
use super::words::Word;

/// What was read, and the word after it.
pub(super) type Found = Option<(Time, usize)>;

/// The time a text named last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    /// Its first day.
    pub(super) day: NaiveDate,
    pub(super) granularity: TimeGranularity,
    /// True if the sentence that is read names it.
    pub(super) in_sentence: bool,
}

/// The words of a sentence, and what they are relative to.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) words: &'a [Word],
    /// Local time of publication.
    pub(super) now: Option<NaiveDateTime>,
    /// The time the text named last.
    pub(super) named: Option<Named>,
}

impl Reader<'_> {
    /// The word at `at`; empty after the last.
    pub(super) fn text(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.text)
    }

    /// The word in front of `at`; empty before the first.
    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.text(before))
    }

    /// True if the word at `at` is one of `list`.
    pub(super) fn is(&self, at: usize, list: &[&str]) -> bool {
        list.contains(&self.text(at))
    }

    /// The index after `at` if the word there is one of `list`, else `at`.
    pub(super) fn skip(&self, at: usize, list: &[&str]) -> usize {
        at + usize::from(self.is(at, list))
    }

    /// True if the word at `at` follows the one before without white space.
    pub(super) fn glued(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.glued)
    }

    /// True if the word at `at` begins with a capital letter.
    pub(super) fn capital(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.capital)
    }

    /// The value of the digits at `at`.
    pub(super) fn digits(&self, at: usize) -> Option<u32> {
        self.words.get(at)?.number
    }

    /// The value of at most two digits at `at`.
    pub(super) fn short(&self, at: usize) -> Option<u32> {
        self.digits(at).filter(|_| self.text(at).len() <= 2)
    }

    /// The day of publication.
    pub(super) fn today(&self) -> Option<NaiveDate> {
        self.now.map(|now| now.date())
    }

    /// A number in digits or words: "3", "twenty-four".
    pub(super) fn number(&self, at: usize) -> Option<(u32, usize)> {
        if let Some(number) = self.digits(at) {
            return Some((number, at + 1));
        }
        if let Some(number) = small(self.text(at)) {
            let is_hundred = self.text(at + 1) == "hundred" && (1..10).contains(&number);
            return Some(if is_hundred {
                (number * 100, at + 2)
            } else {
                (number, at + 1)
            });
        }
        let tens = tens(self.text(at))?;
        let next = self.skip(at + 1, &["-"]);
        match small(self.text(next)).filter(|ones| (1..10).contains(ones)) {
            Some(ones) => Some((tens + ones, next + 1)),
            None => Some((tens, at + 1)),
        }
    }

    /// A day of the month: "3", "3rd", "third", "twenty-third".
    pub(super) fn month_day(&self, at: usize) -> Option<(u32, usize)> {
        self.ordinal(at)
            .or_else(|| Some((self.short(at)?, at + 1)))
            .or_else(|| self.number(at).filter(|_| self.digits(at).is_none()))
            .filter(|(day, _)| (1..=31).contains(day))
    }

    /// An ordinal: "3rd", "third", "twenty-third".
    pub(super) fn ordinal(&self, at: usize) -> Option<(u32, usize)> {
        if let Some(number) = self.short(at) {
            let marked = self.glued(at + 1) && self.is(at + 1, &["st", "nd", "rd", "th"]);
            return marked.then_some((number, at + 2));
        }
        if let Some(number) = ordinal(self.text(at)) {
            return Some((number, at + 1));
        }
        let tens = tens(self.text(at))?;
        let next = self.skip(at + 1, &["-"]);
        let ones = ordinal(self.text(next)).filter(|ones| *ones < 10)?;
        Some((tens + ones, next + 1))
    }

    /// A year of four digits.
    pub(super) fn year(&self, at: usize) -> Option<(i32, usize)> {
        let year = self
            .digits(at)
            .filter(|year| (1000..=2999).contains(year))?;
        Some((i32::try_from(year).ok()?, at + 1))
    }

    /// The year after a day or month: "2016", ", 2016", "of 2016".
    pub(super) fn year_behind(&self, at: usize) -> Option<(i32, usize)> {
        let sep = self.skip(at, &[",", "-", "/", "of", "in"]);
        let sep = self.skip(sep, &["the"]);
        self.year(self.skip(sep, &["year"]))
            .or_else(|| self.spoken_year(at))
            .or_else(|| self.cut_year(at))
    }

    /// "of 87".
    fn cut_year(&self, at: usize) -> Option<(i32, usize)> {
        let year = self
            .short(at + 1)
            .filter(|year| self.text(at) == "of" && *year > 31)?;
        Some((1900 + i32::try_from(year).ok()?, at + 2))
    }

    /// "two thousand and fifteen", "nineteen eighty-six".
    fn spoken_year(&self, at: usize) -> Option<(i32, usize)> {
        if self.is(at, &["nineteen", "eighteen"]) {
            let century = if self.text(at) == "nineteen" {
                1900
            } else {
                1800
            };
            let (rest, next) = self
                .number(at + 1)
                .filter(|(rest, _)| (10..100).contains(rest))?;
            return Some((century + i32::try_from(rest).ok()?, next));
        }
        if self.text(at) != "two" || self.text(at + 1) != "thousand" {
            return None;
        }
        match self
            .number(self.skip(at + 2, &["and"]))
            .filter(|(rest, _)| *rest < 100)
        {
            Some((rest, next)) => Some((2000 + i32::try_from(rest).ok()?, next)),
            None => Some((2000, at + 2)),
        }
    }

    /// True if the word at `at` is a month's name that can be nothing else here.
    pub(super) fn is_month(&self, at: usize) -> bool {
        const CUES: &[&str] = &[
            "in", "since", "until", "till", "by", "last", "next", "this", "of", "from", "between",
            "after", "before", "during", "late", "early", "mid", "to", "through", "and", "-", "–",
        ];
        match self.text(at) {
            "may" | "march" => {
                CUES.contains(&self.before(at)) && (self.capital(at) || self.before(at) == "in")
            }
            "mar" => false,
            word if word.len() < 5 && word != "june" && word != "july" => {
                month(word).is_some() && (self.capital(at) || CUES.contains(&self.before(at)))
            }
            word => month(word).is_some(),
        }
    }
}
