//! Years, decades and centuries.

use crate::domain::{TimeAnchor, TimeGranularity};

use crate::extract::time::calendar::civil::{Unit, day};
use crate::extract::time::calendar::names::decade;
use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

/// Words in front of a bare year that show it is one.
const YEAR_CUES: &[&str] = &[
    "in", "since", "of", "by", "until", "till", "from", "during", "year", "before", "after",
    "late", "early", "mid", "through", "between", "to", "around", "circa", "c", "for",
];

/// What a number of four digits counts when one of these follows.
const COUNTED: &[&str] = &[
    "people",
    "year",
    "dollars",
    "percent",
    "miles",
    "feet",
    "meters",
    "metres",
    "km",
    "kilometers",
    "kilometres",
    "square",
    "men",
    "women",
    "workers",
    "employees",
    "troops",
    "students",
    "votes",
    "points",
    "tons",
    "tonnes",
    "acres",
    "hours",
    "days",
    "years",
    "members",
    "m",
    "kg",
    "words",
    "pages",
    "deaths",
    "cases",
    "jobs",
    "homes",
];
/// A number in front of one of these, or of a name and one of these, is an address.
const STREETS: &[&str] = &[
    "street",
    "avenue",
    "road",
    "boulevard",
    "drive",
    "st",
    "ave",
    "lane",
];

impl Reader<'_> {
    /// "the 1990s", "the '90s", "the nineties".
    pub(in crate::extract::time) fn decade(&self, at: usize) -> Found {
        let at = self.skip(at, &["the"]);
        let start_of = |year: u32| day(i32::try_from(year).ok()?, 1, 1);
        if let Some(years) = decade(self.text(at)) {
            // Her forties are an age.
            let sure = ["the", "late", "early", "mid", "-"].contains(&self.before(at));
            return Some((
                Time::of(
                    Unit::Decade,
                    start_of(1900 + years).filter(|_| sure)?,
                    TimeAnchor::Text,
                )?,
                at + 1,
            ));
        }
        let number_at = self.skip(at, &["'", "’", "‘"]);
        let number = self.digits(number_at).filter(|number| number % 10 == 0)?;
        let apart = self.text(number_at + 1) == "'" && self.text(number_at + 2) == "s";
        let marked = self.is(number_at + 1, &["s", "'s"])
            && (self.glued(number_at + 1) || self.text(number_at + 1) == "s")
            || apart && self.glued(number_at + 1) && self.glued(number_at + 2);
        let year = match self.text(number_at).len() {
            4 if number >= 1000 => number,
            2 if number_at > at
                || ["the", "late", "early", "mid", "-"].contains(&self.before(at)) =>
            {
                1900 + number
            }
            2 if self.text(number_at + 1) == "s" && !self.glued(number_at + 1) => 1900 + number,
            _ => return None,
        };
        let unit = if year % 100 == 0 && year < 2000 {
            Unit::Century
        } else {
            Unit::Decade
        };
        Some((
            Time::of(unit, start_of(year).filter(|_| marked)?, TimeAnchor::Text)?,
            number_at + 2 + usize::from(apart),
        ))
    }

    /// "the 18th century".
    pub(in crate::extract::time) fn century(&self, at: usize) -> Found {
        let (number, next) = self.ordinal(self.skip(at, &["the"]))?;
        let next = self.skip(next, &["-"]);
        let start = day(
            i32::try_from(number.checked_sub(1)?.checked_mul(100)?).ok()?,
            1,
            1,
        )?;
        (self.text(next) == "century")
            .then_some((Time::of(Unit::Century, start, TimeAnchor::Text)?, next + 1))
    }

    /// "2012-13": both years whole.
    pub(super) fn two_years(&self, at: usize) -> Found {
        let (year, dash) = self.year(at)?;
        let joined = self.is(dash, &["-", "–"]) && self.glued(dash) && self.glued(dash + 1);
        let cut = self.short(dash + 1).filter(|_| joined && !self.glued(at))?;
        let last = year / 100 * 100 + i32::try_from(cut).ok()?;
        let is_code = self.glued(dash + 2) && self.is(dash + 2, &["-", "–", "/"]);
        if last <= year || is_code || self.text(dash + 1).len() < 2 {
            return None;
        }
        let (start, end) = (day(year, 1, 1)?, day(last + 1, 1, 1)?);
        let timex = format!("{year}/{last}");
        let time = Time::days(timex, start, end, TimeGranularity::Year, TimeAnchor::Text);
        Some((time, dash + 2))
    }

    /// "2016", "the year 2016".
    pub(super) fn bare_year(&self, at: usize) -> Found {
        let number_at = if self.is(self.skip(at, &["the"]), &["year", "cy"]) {
            self.skip(at, &["the"]) + 1
        } else {
            at
        };
        let (year, next) = self.year(number_at)?;
        let named = number_at > at;
        let cued = named || YEAR_CUES.contains(&self.before(at));
        let modern = (1900..=2099).contains(&year);
        let joined = self.glued(at)
            && !["(", "[", "-", "–", "—", "/", "'", "‘", "“", "\"", "~"].contains(&self.before(at));
        let address = self.is(next, STREETS) || self.is(next + 1, STREETS);
        let counted = address || self.is(next, COUNTED) || self.is(next, &["%", ":", "°"]);
        let of_number = self.glued(next)
            && self.glued(next + 1)
            && self.is(next, &["-", "/", "."])
            && self.digits(next + 1).is_some()
            && self.year(next + 1).is_none();
        let money = ["$", "£", "€", "no", "number", "#", "+"].contains(&self.before(at));
        let crowd = !modern && self.text(next).len() > 3 && self.text(next).ends_with(['s', 'n']);
        if crowd || !(cued || modern) || joined || counted || of_number || money {
            return None;
        }
        Some((
            Time::of(Unit::Year, day(year, 1, 1)?, TimeAnchor::Text)?,
            next,
        ))
    }
}
