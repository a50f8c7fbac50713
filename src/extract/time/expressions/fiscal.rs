//! Fiscal and school years: each body begins its own where it likes, so few have a place.

use chrono::{Datelike, NaiveDate};

use crate::domain::{TimeAnchor, TimeGranularity};

use crate::extract::time::calendar::civil::{Unit, add, day};
use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

/// How many words away from a fiscal year its government may be named.
const BODY_REACH: usize = 8;

/// Other countries with a federal government, whose fiscal year begins in another month.
const ELSEWHERE: &[&str] = &[
    "canada",
    "canadian",
    "australia",
    "australian",
    "germany",
    "german",
    "india",
    "indian",
    "mexico",
    "mexican",
];

/// A year that is not one of the calendar.
#[derive(Debug, Clone, Copy)]
struct OwnYear {
    /// True for a year of school, false for one of accounts.
    is_school: bool,
    /// The year of the calendar it ends in, or the only one named.
    last: i32,
    /// True for "2016-17", which says where it begins.
    is_double: bool,
    /// The index after it.
    next: usize,
}

impl Reader<'_> {
    /// "fiscal 2016", "the 2016-17 school year", "FY16", "last fiscal year".
    pub(super) fn fiscal_year(&self, at: usize) -> Found {
        if let Some(year) = self.own_year(at) {
            let time = self.placed(at, year).unwrap_or_else(|| {
                Time::unplaced(year.last.to_string(), Some(TimeGranularity::Year))
            });
            return Some((time, year.next));
        }
        let (pick, next) = self
            .pick(at)
            .map_or((None, at), |(pick, next)| (Some(pick), next));
        self.is_school(next)?;
        let of_today = pick
            .zip(self.today())
            .map(|(pick, today)| (today.year() + pick.shift()).to_string());
        let timex = of_today.unwrap_or_else(|| "XXXX".into());
        (self.text(next + 1) == "year")
            .then(|| (Time::unplaced(timex, Some(TimeGranularity::Year)), next + 2))
    }

    /// "of fiscal 2016" after the part of it that is `months` long and follows `before` months of the year.
    pub(super) fn part_of_fiscal(&self, code: &str, before: u32, months: u32, at: usize) -> Found {
        let year_at = self.skip(at, &["of", "in", ","]);
        let year = self.own_year(self.skip(year_at, &["the"]))?;
        let timex = format!("{}-{code}", year.last);
        let granularity = if months == 3 {
            TimeGranularity::Quarter
        } else {
            TimeGranularity::Season
        };
        let part = |begin: NaiveDate| {
            let begin = add(begin, i32::try_from(before).ok()?, Unit::Month)?;
            let end = add(begin, i32::try_from(months).ok()?, Unit::Month)?;
            Some(Time::days(
                timex.clone(),
                begin,
                end,
                granularity,
                TimeAnchor::Text,
            ))
        };
        let federal = || part(day(year.last - 1, 10, 1)?);
        let calendar = || part(day(year.last, 1, 1)?);
        let time = if !year.is_school && self.is_federal(at, year.next) {
            federal().map(|time| time.or(calendar()))
        } else {
            None
        };
        Some((
            time.unwrap_or_else(|| Time::unplaced(timex.clone(), Some(granularity))),
            year.next,
        ))
    }

    /// The years whose bounds are known: that of the government of the United States begins in October (31 U.S.C. 1102);
    /// one of school lasts from September to June, or in the books of most states from July on. Other readings follow.
    fn placed(&self, at: usize, year: OwnYear) -> Option<Time> {
        let lasting = |begin: NaiveDate, months: i32| {
            let timex = year.last.to_string();
            let end = add(begin, months, Unit::Month)?;
            Some(Time::days(
                timex,
                begin,
                end,
                TimeGranularity::Year,
                TimeAnchor::Text,
            ))
        };
        if year.is_school && year.is_double {
            let of_books = lasting(day(year.last - 1, 7, 1)?, 12);
            return Some(lasting(day(year.last - 1, 9, 1)?, 10)?.or(of_books));
        }
        if year.is_school || !self.is_federal(at, year.next) {
            return None;
        }
        let of_calendar = Time::of(Unit::Year, day(year.last, 1, 1)?, TimeAnchor::Text);
        Some(lasting(day(year.last - 1, 10, 1)?, 12)?.or(of_calendar))
    }

    /// A year with its number: "2016", "fiscal year 2016", "the 2016 fiscal year".
    fn own_year(&self, at: usize) -> Option<OwnYear> {
        if self.text(at) == "fy" {
            let year = i32::try_from(self.digits(at + 1)?).ok()?;
            let last = if year < 100 { 2000 + year } else { year };
            return Some(OwnYear {
                is_school: false,
                last,
                is_double: false,
                next: at + 2,
            });
        }
        let start = self.skip(at, &["federal"]);
        if let Some((last, is_double, next)) = self.one_or_two_years(start) {
            let is_school = self
                .is_school(next)
                .filter(|_| self.text(next + 1) == "year")?;
            return Some(OwnYear {
                is_school,
                last,
                is_double,
                next: next + 2,
            });
        }
        let is_school = self.is_school(start)?;
        let (last, is_double, next) = self.one_or_two_years(self.skip(start + 1, &["year"]))?;
        Some(OwnYear {
            is_school,
            last,
            is_double,
            next,
        })
    }

    /// Whether the year that the word at `at` names is one of school; `None` for other words.
    fn is_school(&self, at: usize) -> Option<bool> {
        match self.text(at) {
            "school" | "academic" => Some(true),
            "fiscal" | "financial" => Some(false),
            _ => None,
        }
    }

    /// "2016", "2016-17", "2016-2017": the last year, whether there are two, and the index after it.
    fn one_or_two_years(&self, at: usize) -> Option<(i32, bool, usize)> {
        let (first, dash) = self.year(at)?;
        let joined = self.is(dash, &["-", "–", "/"]) && self.glued(dash) && self.glued(dash + 1);
        let second = self
            .digits(dash + 1)
            .and_then(|number| i32::try_from(number).ok());
        let follows = second.is_some_and(|second| {
            second == first + 1 || second == (first + 1) % 100 && self.text(dash + 1).len() == 2
        });
        if joined && follows {
            Some((first + 1, true, dash + 2))
        } else {
            Some((first, false, dash))
        }
    }

    /// True if the words near by speak of the government of the United States.
    fn is_federal(&self, at: usize, next: usize) -> bool {
        let mut near = at.saturating_sub(BODY_REACH)..next + BODY_REACH;
        let says = |place: usize| {
            let of_states = self.text(place) == "us" && self.capital(place)
                || self.text(place) == "united" && self.text(place + 1) == "states";
            self.text(place) == "federal"
                || of_states && self.is(place + 1, &["government", "states"])
        };
        near.clone().any(says) && !near.any(|place| self.is(place, ELSEWHERE))
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use crate::extract::time::{TimeView, times};
    use crate::text::Layout;

    /// Value and bounds of the first time of a text that is published on no day.
    fn read(text: &str) -> (String, Option<String>, Option<String>) {
        let publish: Option<chrono::DateTime<Tz>> = None;
        let found = times(&Layout::new(text, None), publish, TimeView::Expressions)
            .remove(0)
            .reading;
        let day = |moment: chrono::DateTime<chrono::Utc>| moment.date_naive().to_string();
        (found.timex, found.start.map(day), found.end.map(day))
    }

    #[test]
    fn years_have_bounds_where_their_body_is_known() {
        for (text, timex, bounds) in [
            (
                "The federal deficit rose in fiscal 2017.",
                "2017",
                Some(("2016-10-01", "2017-10-01")),
            ),
            (
                "The U.S. government closed fiscal year 2016.",
                "2016",
                Some(("2015-10-01", "2016-10-01")),
            ),
            ("The firm lost money in fiscal 2017.", "2017", None),
            (
                "Canada's federal budget for fiscal 2017 is late.",
                "2017",
                None,
            ),
            (
                "It opened for the 2016-17 school year.",
                "2017",
                Some(("2016-09-01", "2017-07-01")),
            ),
            (
                "Sales rose in the third quarter of fiscal 2016.",
                "2016-Q3",
                None,
            ),
            (
                "Federal revenue fell in the third quarter of fiscal 2016.",
                "2016-Q3",
                Some(("2016-04-01", "2016-07-01")),
            ),
            ("Sales fell in the 2016-17 fiscal year.", "2017", None),
        ] {
            let (start, end) = bounds.unzip();
            let expected = (
                timex.to_owned(),
                start.map(str::to_owned),
                end.map(str::to_owned),
            );
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
