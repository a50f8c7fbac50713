//! What recurs: "every Monday", "daily", "weekends".

use crate::domain::TimeGranularity;

use crate::extract::time::calendar::civil::Unit;
use crate::extract::time::calendar::names::{unit, weekday};
use crate::extract::time::calendar::value::{Time, granularity};
use crate::extract::time::reader::{Found, Reader};

impl Reader<'_> {
    /// "every Monday", "daily", "each year".
    pub(in crate::extract::time) fn set(&self, at: usize) -> Found {
        let unit_of = |word: &str| match word {
            "daily" | "everyday" => Some("P1D"),
            "weekly" => Some("P1W"),
            "monthly" => Some("P1M"),
            "quarterly" => Some("P1Q"),
            "yearly" | "annually" => Some("P1Y"),
            _ => None,
        };
        if let Some(timex) = unit_of(self.text(at)).filter(|_| at == 0 || !self.capital(at)) {
            return Some((Time::unplaced(timex, None), at + 1));
        }
        if let Some(timex) = self.plural_day(at) {
            return Some((Time::unplaced(timex, Some(TimeGranularity::Day)), at + 1));
        }
        if !self.is(at, &["every", "each"]) {
            return None;
        }
        let next = self.skip(at + 1, &["other", "single"]);
        if let Some(named) = weekday(self.text(next)) {
            let timex = format!("XXXX-WXX-{}", named.number_from_monday());
            return Some((Time::unplaced(timex, Some(TimeGranularity::Day)), next + 1));
        }
        if let Some(amount) = self.amount(next) {
            return Some((amount.unplaced(), amount.next));
        }
        if self.is(next, &["morning", "afternoon", "evening", "night"]) {
            return Some((
                Time::unplaced("P1D", Some(TimeGranularity::DayPart)),
                next + 1,
            ));
        }
        let unit = unit(self.text(next)).filter(|unit| *unit != Unit::Second)?;
        let count = if self.text(at + 1) == "other" {
            "2"
        } else {
            "1"
        };
        Some((
            Time::unplaced(unit.duration(count), Some(granularity(unit))),
            next + 1,
        ))
    }

    /// "Mondays", "weekends".
    fn plural_day(&self, at: usize) -> Option<String> {
        let word = self
            .text(at)
            .strip_suffix('s')
            .filter(|word| word.len() > 5)?;
        if word == "weekend" {
            return Some("XXXX-WXX-WE".into());
        }
        let day = weekday(word)?.number_from_monday();
        Some(format!("XXXX-WXX-{day}"))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::time::testing::read;

    #[test]
    fn what_recurs_has_the_length_between_or_the_day() {
        let text = "They meet on Mondays, every year and twice a week.";
        let expected = "Mondays=XXXX-WXX-1 | every year=P1Y | a week=P1W";
        assert_eq!(read(text), expected);
    }
}
