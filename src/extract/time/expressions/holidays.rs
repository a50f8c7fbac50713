//! Holidays: "Christmas", "last Thanksgiving", "Easter 2018".

use chrono::{Datelike, NaiveDate, Weekday};

use crate::domain::{TimeAnchor, TimeGranularity};

use super::nearest::around;
use super::relative::Pick;
use crate::extract::time::calendar::civil::{Unit, add, day, easter, weekday_from, weekday_until};
use crate::extract::time::calendar::names::weekday;
use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

/// When a holiday is kept.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// On a day of a month.
    Fixed(u32, u32),
    /// On the first weekday on or after a day of a month.
    From(u32, u32, Weekday),
    /// On the last weekday up to a day of a month.
    Until(u32, u32, Weekday),
    /// Days after Easter Sunday.
    Easter(i32),
}

impl Rule {
    fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Fixed(month, date) => day(year, month, date),
            Self::From(month, date, weekday) => weekday_from(day(year, month, date)?, weekday),
            Self::Until(month, date, weekday) => weekday_until(day(year, month, date)?, weekday),
            Self::Easter(days) => add(easter(year)?, days, Unit::Day),
        }
    }
}

/// Names in lower case, the longer before those they begin with.
const HOLIDAYS: &[(&str, Rule)] = &[
    ("christmas eve", Rule::Fixed(12, 24)),
    ("christmas day", Rule::Fixed(12, 25)),
    ("christmas", Rule::Fixed(12, 25)),
    ("xmas", Rule::Fixed(12, 25)),
    ("boxing day", Rule::Fixed(12, 26)),
    ("new year 's eve", Rule::Fixed(12, 31)),
    ("new years eve", Rule::Fixed(12, 31)),
    ("new year 's day", Rule::Fixed(1, 1)),
    ("new years day", Rule::Fixed(1, 1)),
    ("new year 's", Rule::Fixed(1, 1)),
    ("new years", Rule::Fixed(1, 1)),
    ("epiphany", Rule::Fixed(1, 6)),
    ("martin luther king jr day", Rule::From(1, 15, Weekday::Mon)),
    ("martin luther king day", Rule::From(1, 15, Weekday::Mon)),
    ("mlk day", Rule::From(1, 15, Weekday::Mon)),
    ("groundhog day", Rule::Fixed(2, 2)),
    ("valentine 's day", Rule::Fixed(2, 14)),
    ("valentines day", Rule::Fixed(2, 14)),
    ("presidents ' day", Rule::From(2, 15, Weekday::Mon)),
    ("presidents day", Rule::From(2, 15, Weekday::Mon)),
    ("st patrick 's day", Rule::Fixed(3, 17)),
    ("saint patrick 's day", Rule::Fixed(3, 17)),
    ("april fools", Rule::Fixed(4, 1)),
    ("earth day", Rule::Fixed(4, 22)),
    ("palm sunday", Rule::Easter(-7)),
    ("maundy thursday", Rule::Easter(-3)),
    ("good friday", Rule::Easter(-2)),
    ("easter sunday", Rule::Easter(0)),
    ("easter monday", Rule::Easter(1)),
    ("easter", Rule::Easter(0)),
    ("ash wednesday", Rule::Easter(-46)),
    ("whit monday", Rule::Easter(50)),
    ("pentecost", Rule::Easter(49)),
    ("international workers ' day", Rule::Fixed(5, 1)),
    ("may day", Rule::Fixed(5, 1)),
    ("cinco de mayo", Rule::Fixed(5, 5)),
    ("mother 's day", Rule::From(5, 8, Weekday::Sun)),
    ("memorial day", Rule::Until(5, 31, Weekday::Mon)),
    ("juneteenth", Rule::Fixed(6, 19)),
    ("father 's day", Rule::From(6, 15, Weekday::Sun)),
    ("canada day", Rule::Fixed(7, 1)),
    ("independence day", Rule::Fixed(7, 4)),
    ("fourth of july", Rule::Fixed(7, 4)),
    ("bastille day", Rule::Fixed(7, 14)),
    ("labor day", Rule::From(9, 1, Weekday::Mon)),
    ("labour day", Rule::From(9, 1, Weekday::Mon)),
    ("columbus day", Rule::From(10, 8, Weekday::Mon)),
    ("halloween", Rule::Fixed(10, 31)),
    ("election day", Rule::From(11, 2, Weekday::Tue)),
    ("veterans ' day", Rule::Fixed(11, 11)),
    ("veterans day", Rule::Fixed(11, 11)),
    ("remembrance day", Rule::Fixed(11, 11)),
    ("armistice day", Rule::Fixed(11, 11)),
    ("thanksgiving day", Rule::From(11, 22, Weekday::Thu)),
    ("thanksgiving", Rule::From(11, 22, Weekday::Thu)),
    ("black friday", Rule::From(11, 23, Weekday::Fri)),
    ("cyber monday", Rule::From(11, 26, Weekday::Mon)),
];

/// The first words of all names.
pub(in crate::extract::time) fn first_words() -> impl Iterator<Item = &'static str> {
    HOLIDAYS
        .iter()
        .filter_map(|(name, _)| name.split(' ').next())
}

impl Reader<'_> {
    /// A holiday, of the year named or the one that fits.
    pub(super) fn holiday(&self, at: usize) -> Found {
        // "Johnnie Christmas" is a person.
        let behind_name = at > 1 && self.capital(at) && self.capital(at - 1) && !self.glued(at);
        if behind_name
            && weekday(self.before(at)).is_none()
            && !self.is(at - 1, &["on", "this", "last", "next", "the", "i"])
        {
            return None;
        }
        if let Some(found) = self.holiday_weekend(at) {
            return Some(found);
        }
        self.plain_holiday(at)
    }

    /// "Labor Day weekend", "the weekend of Halloween": the days from the holiday to Monday, or from Saturday to it.
    fn holiday_weekend(&self, at: usize) -> Found {
        let start = self.skip(at, &["the"]);
        let led = self.text(start) == "weekend" && self.text(start + 1) == "of";
        let name_at = if led { start + 2 } else { at };
        let (_, behind_name) =
            self.holiday_rule(self.pick(name_at).map_or(name_at, |(_, next)| next))?;
        let year = self
            .year(behind_name + 1)
            .filter(|_| self.text(behind_name) == "weekend");
        let (day, behind) = match year {
            Some((year, end)) => (
                Time::of(
                    Unit::Day,
                    self.holiday_rule(name_at)?.0.in_year(year)?,
                    TimeAnchor::Text,
                )?,
                end,
            ),
            None => self.plain_holiday(name_at)?,
        };
        let end = if led || year.is_some() {
            behind
        } else {
            behind + 1
        };
        if !led && year.is_none() && self.text(behind) != "weekend" {
            return None;
        }
        let weekend = |holiday: NaiveDate| {
            let saturday = weekday_until(add(holiday, 3, Unit::Day)?, Weekday::Sat)?;
            let monday = add(saturday, 2, Unit::Day)?.max(add(holiday, 1, Unit::Day)?);
            let timex = saturday.format("%G-W%V-WE").to_string();
            Some(Time::days(
                timex,
                saturday.min(holiday),
                monday,
                TimeGranularity::Week,
                day.anchor,
            ))
        };
        let mut weekends = day
            .readings
            .iter()
            .filter_map(|reading| weekend(reading.start?.date()));
        let first = weekends.next()?;
        Some((
            weekends.fold(first, |time, other| time.or(Some(other))),
            end,
        ))
    }

    fn plain_holiday(&self, at: usize) -> Found {
        let picked = self.pick(at);
        let name_at = picked.map_or(at, |(_, next)| next);
        let (rule, next) = self.holiday_rule(name_at)?;
        let behind = self.skip(next, &[",", "of", "in"]);
        if let Some((year, end)) = self.year(behind) {
            return Some((
                Time::of(Unit::Day, rule.in_year(year)?, TimeAnchor::Text)?,
                end,
            ));
        }
        let Some(today) = self.today() else {
            return Some((Time::unplaced("", Some(TimeGranularity::Day)), next));
        };
        if let Some((pick, end)) = self
            .pick(behind)
            .filter(|(_, end)| self.text(*end) == "year")
        {
            let found = rule.in_year(today.year() + pick.shift())?;
            return Some((Time::of(Unit::Day, found, TimeAnchor::Publish)?, end + 1));
        }
        let (past, future) = around(today, |year| rule.in_year(year));
        let time = match picked.map(|(pick, _)| pick) {
            None => self.past_or_future(past, future, today, at, next, Unit::Day)?,
            Some(Pick::This) => {
                Time::of(Unit::Day, rule.in_year(today.year())?, TimeAnchor::Publish)?
            }
            Some(pick) if pick.shift() < 0 => Time::of(Unit::Day, past?, TimeAnchor::Publish)?,
            Some(_) => Time::of(Unit::Day, future?, TimeAnchor::Publish)?,
        };
        Some((time, next))
    }

    fn holiday_rule(&self, at: usize) -> Option<(Rule, usize)> {
        HOLIDAYS.iter().find_map(|(name, rule)| {
            let mut next = at;
            for part in name.split(' ') {
                if self.text(next) != part {
                    return None;
                }
                next += 1;
            }
            Some((*rule, next))
        })
    }
}
