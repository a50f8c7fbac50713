//! Times counted from the one that the text named last: "the next day", "that year", "the quarter".

use crate::domain::{TimeAnchor, TimeGranularity};

use super::counts::Amount;
use crate::extract::time::calendar::civil::{Unit, add, floor};
use crate::extract::time::calendar::names::unit;
use crate::extract::time::calendar::value::{Time, granularity};
use crate::extract::time::reader::{Found, Named, Reader};

impl Reader<'_> {
    /// "the next day", "the following year", "the day before", "that month": from the time the text named last.
    pub(super) fn counted_from_named(&self, at: usize) -> Found {
        if let Some(found) = self.beside_day(at) {
            return Some(found);
        }
        let (unit_at, shift, next) = self.step_from_named(at)?;
        // "The year before he left" names its time itself.
        let is_led = self.is(next - 1, &["before", "after"]);
        if is_led && self.is(next, &["next", "the", "he", "she", "it", "they", "that"]) {
            return None;
        }
        let unit = unit(self.text(unit_at)).unwrap_or(Unit::Day);
        let (from, anchor) = match self.named {
            Some(named) if !named.is_within(unit) => {
                return Some((Time::unplaced("", Some(granularity(unit))), next));
            }
            Some(named) => (named.day, TimeAnchor::Text),
            None if shift == 0 => return None,
            None => (self.today()?, TimeAnchor::Publish),
        };
        let time = Time::of(unit, add(floor(from, unit)?, shift, unit)?, anchor)?;
        Some((time, next))
    }

    /// "the day after Christmas".
    fn beside_day(&self, at: usize) -> Found {
        let sign = match (self.text(at), self.text(at + 1), self.text(at + 2)) {
            ("the", "day", "before") => -1,
            ("the", "day", "after") => 1,
            _ => return None,
        };
        let one = Amount {
            count: Some(1),
            and_half: false,
            unit: Unit::Day,
            next: at + 2,
        };
        self.counted_from_day(one, sign)
    }

    /// The index of the unit, how many of it on, and the index after it.
    fn step_from_named(&self, at: usize) -> Option<(usize, i32, usize)> {
        match (self.text(at), self.text(at + 1), self.text(at + 2)) {
            ("the", "next", "year" | "month")
                if ["over", "in", "for", "during", "within"].contains(&self.before(at)) =>
            {
                None
            }
            ("the", "next" | "following", "day" | "morning" | "year" | "month")
            | ("the", "following", "week") => Some((at + 2, 1, at + 3)),
            ("the", "previous", "day" | "year" | "month") => Some((at + 2, -1, at + 3)),
            ("the" | "that", "same", "day" | "week" | "month" | "year") => {
                Some((at + 2, 0, at + 3))
            }
            ("that", "day" | "week" | "month" | "year", behind) if behind != "after" => {
                Some((at + 1, 0, at + 2))
            }
            ("the", "day" | "year" | "week", "before") => Some((at + 1, -1, at + 3)),
            ("the", "day" | "year" | "week", "after") => Some((at + 1, 1, at + 3)),
            _ => None,
        }
    }

    /// "the quarter", "the year-earlier quarter", "the latest quarter": the one named last, else the last one that is over.
    pub(super) fn mentioned_quarter(&self, at: usize) -> Found {
        if !self.is(at, &["the", "that"]) {
            return None;
        }
        let (years, noun_at) = self.year_before(at + 1);
        let is_period = years < 0 && self.is(noun_at, &["period", "month"]);
        if self.text(noun_at) != "quarter" && !is_period
            || self.is(noun_at + 1, &["of", "-", "century"])
        {
            return None;
        }
        let of_text = self
            .named
            .and_then(|named| Some((named.part_of_year()?, named.day)))
            .filter(|(part, _)| is_period || *part == Unit::Quarter);
        let (part, day, anchor) = match of_text {
            Some((part, day)) => (part, day, TimeAnchor::Text),
            None if is_period => (Unit::Year, self.today()?, TimeAnchor::Publish),
            None => {
                let running = floor(self.today()?, Unit::Quarter)?;
                (
                    Unit::Quarter,
                    add(running, -1, Unit::Quarter)?,
                    TimeAnchor::Publish,
                )
            }
        };
        let start = add(floor(day, part)?, years, Unit::Year)?;
        Some((Time::of(part, start, anchor)?, noun_at + 1))
    }

    /// Minus one, and the index after, at "year-earlier" and "year-ago"; the index after "latest" and "current".
    fn year_before(&self, at: usize) -> (i32, usize) {
        let mark = self.skip(at + 1, &["-"]);
        if self.text(at) == "year" && self.is(mark, &["ago", "earlier"]) {
            return (-1, mark + 1);
        }
        if self.is(at, &["year-earlier", "year-ago"]) {
            return (-1, at + 1);
        }
        (0, self.skip(at, &["latest", "most-recent"]))
    }
}

impl Named {
    /// The same time for the next sentence.
    pub(in crate::extract::time) fn of_sentence_before(self) -> Self {
        Self {
            in_sentence: false,
            ..self
        }
    }

    /// The unit of the calendar named, where it is one longer than a week and shorter than a year.
    pub(super) fn part_of_year(self) -> Option<Unit> {
        match self.granularity {
            TimeGranularity::Month => Some(Unit::Month),
            TimeGranularity::Quarter => Some(Unit::Quarter),
            _ => None,
        }
    }

    /// True if the time is no longer than `unit`, so that one of it can be counted on.
    fn is_within(self, unit: Unit) -> bool {
        let length = |granularity| match granularity {
            TimeGranularity::Week => 1,
            TimeGranularity::Month => 2,
            TimeGranularity::Quarter | TimeGranularity::Season => 3,
            TimeGranularity::Year => 4,
            TimeGranularity::Decade => 5,
            TimeGranularity::Century => 6,
            _ => 0,
        };
        length(self.granularity) <= length(granularity(unit))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::time::testing::read;

    #[test]
    fn what_was_named_before_is_counted_from() {
        for (text, expected) in [
            (
                "Profit was $3 million in the third quarter, up from $2 million a year earlier.",
                "the third quarter=2015-Q3 | a year earlier=2014-Q3",
            ),
            (
                "Sales rose in March from a year ago.",
                "March=2016-03 | a year ago=2015-03",
            ),
            (
                "The bridge fell in 1998. That year he left, and the following year it was rebuilt.",
                "1998=1998 | That year=1998 | the following year=1999",
            ),
            (
                "Profit fell in the quarter. In the year-earlier quarter it rose.",
                "the quarter=2016-Q1 | the year-earlier quarter=2015-Q1",
            ),
            (
                "He left the day after Christmas.",
                "the day after Christmas=2015-12-26",
            ),
            (
                "It opened in 2009 and closed in October of that year.",
                "2009=2009 | October of that year=2009-10",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
