//! Which day or month a name without a year means: the last one or the next.

use chrono::{Datelike, NaiveDate};

use crate::domain::TimeAnchor;

use crate::extract::time::calendar::civil::{Unit, floor};
use crate::extract::time::calendar::value::Time;
use crate::extract::time::direction::Tense;
use crate::extract::time::reader::Reader;

/// A day so many days away is meant whatever the tense seems to be: who means the one a year from it says so.
const NEAR_DAYS: i64 = 21;

impl Reader<'_> {
    /// Chooses between the last and the next time by the tense of the sentence, else takes the nearer.
    pub(super) fn past_or_future(
        &self,
        past: Option<NaiveDate>,
        future: Option<NaiveDate>,
        today: NaiveDate,
        at: usize,
        end: usize,
        unit: Unit,
    ) -> Option<Time> {
        let distance = |day: NaiveDate| (today - day).num_days().abs();
        let nearer_past = match past.zip(future) {
            Some((past, future)) => distance(past) <= distance(future),
            None => past.is_some(),
        };
        let is_near = |day: NaiveDate| match unit {
            Unit::Day => distance(day) <= NEAR_DAYS,
            // "In July" at the end of June.
            Unit::Month => day > today && distance(day) <= NEAR_DAYS,
            _ => false,
        };
        // The month of publication is meant whatever the tense.
        let is_running = past.is_some_and(|past| floor(today, unit) == Some(past));
        // "Their February reports" are those of the nearest one.
        let is_attribute = unit == Unit::Month && self.is_attribute(at, end);
        let past_first = match self.tense(at, end) {
            _ if is_running => true,
            _ if is_attribute => nearer_past,
            _ if past.into_iter().chain(future).any(is_near) => nearer_past,
            Tense::Past => true,
            Tense::Future => false,
            Tense::Unknown => nearer_past,
        };
        let time = |day: Option<NaiveDate>| Time::of(unit, day?, TimeAnchor::Publish);
        let (first, other) = if past_first {
            (time(past), time(future))
        } else {
            (time(future), time(past))
        };
        match first {
            Some(first) => Some(first.or(other)),
            None => other,
        }
    }

    /// True for a time that stands between an article and its noun: "their February reports".
    fn is_attribute(&self, at: usize, end: usize) -> bool {
        const ARTICLES: &[&str] = &["a", "an", "the", "its", "his", "her", "their", "our", "'s"];
        let is_noun = self.text(end).len() > 3 && !self.capital(end);
        ARTICLES.contains(&self.before(at)) && is_noun
    }
}

/// The last day up to `today` and the first one after that `in_year` gives; it may give none for eight years, as for 29
/// February.
pub(in crate::extract::time) fn around(
    today: NaiveDate,
    in_year: impl Fn(i32) -> Option<NaiveDate>,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let year = today.year();
    let past = (0..=8).find_map(|back| in_year(year - back).filter(|day| *day <= today));
    let future = (0..=8).find_map(|on| in_year(year + on).filter(|day| *day > today));
    (past, future)
}
