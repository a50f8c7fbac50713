//! Times without a position in the calendar: "now", "recently", "for years".

use chrono::TimeDelta;

use crate::domain::{TimeAnchor, TimeGranularity};

use crate::extract::time::calendar::names::unit;
use crate::extract::time::calendar::value::{Time, granularity};
use crate::extract::time::reader::{Found, Reader};

impl Reader<'_> {
    /// The present, the past or the future at large.
    pub(in crate::extract::time) fn vague(&self, at: usize) -> Found {
        // "Current TV" and "The Now Show" are names.
        let is_name = self.capital(at)
            && at > 0
            && !self.is(
                at - 1,
                &[".", ",", ":", "\"", "“", "‘", "'", "—", "–", "-", "("],
            );
        if is_name {
            return None;
        }
        let (value, next) = self
            .present(at)
            .map(|next| ("PRESENT_REF", next))
            .or_else(|| self.past(at).map(|next| ("PAST_REF", next)))
            .or_else(|| self.future(at).map(|next| ("FUTURE_REF", next)))?;
        let timex = String::from(value);
        let moment = || {
            let now = self.now.filter(|_| value == "PRESENT_REF")?;
            let end = now.checked_add_signed(TimeDelta::seconds(1))?;
            Some(Time::between(
                timex.clone(),
                now,
                end,
                TimeGranularity::Second,
                TimeAnchor::Publish,
            ))
        };
        Some((
            moment().unwrap_or_else(|| Time::unplaced(timex.clone(), None)),
            next,
        ))
    }

    /// The index after "right now", "currently", "at the moment".
    fn present(&self, at: usize) -> Option<usize> {
        match (self.text(at), self.text(at + 1), self.text(at + 2)) {
            ("now", _, _) if !self.glued(at) => Some(at + 1),
            ("current", word, _) if word == "date" || unit(word).is_some() => None,
            ("currently" | "nowadays" | "current", _, _) => Some(at + 1),
            ("right" | "just", "now", _) | ("at", "present", _) | ("these", "days", _) => {
                Some(at + 2)
            }
            ("at", "the", "moment") | ("at", "this", "time" | "moment" | "point") => {
                (self.text(at + 3) != "of").then_some(at + 3)
            }
            ("at", "the", "present") => Some(self.skip(at + 3, &["time", "moment"])),
            _ => None,
        }
    }

    /// The index after "recently", "in recent weeks", "in the past".
    fn past(&self, at: usize) -> Option<usize> {
        match (self.text(at), self.text(at + 1), self.text(at + 2)) {
            ("recently" | "lately", _, _) => Some(at + 1),
            ("recent", word, _) => Some(at + 1 + usize::from(unit(word).is_some())),
            ("in", "the", "past") if self.is_alone(at + 3) => Some(at + 3),
            _ => None,
        }
    }

    /// The index after "in the near future", "as soon as possible", "in the coming weeks".
    fn future(&self, at: usize) -> Option<usize> {
        let start = self.skip(at, &["the"]);
        match (self.text(start), self.text(start + 1)) {
            ("future", _) if start > at && self.is_alone(start + 1) => Some(start + 1),
            ("near" | "foreseeable", "future") => Some(start + 2),
            ("as", "soon") if self.is(start + 2, &["as"]) && self.is(start + 3, &["possible"]) => {
                Some(start + 4)
            }
            ("coming", word) => unit(word)
                .filter(|_| word.ends_with('s'))
                .map(|_| start + 2),
            _ => None,
        }
    }

    /// True where no noun follows: "in the past", not "in the past week".
    fn is_alone(&self, at: usize) -> bool {
        self.is(
            at,
            &[
                "", ".", ",", ";", "?", "!", ")", "\"", "”", "and", "or", "but", "to", "that",
                "when", "by", "for", "he", "she", "they", "it", "with", "as",
            ],
        )
    }

    /// "for years", "in decades": an unknown number of units.
    pub(super) fn bare_units(&self, at: usize) -> Found {
        const CUES: &[&str] = &[
            "for", "in", "over", "took", "takes", "after", "within", "many",
        ];
        let word = self.text(at);
        let unit = unit(word).filter(|_| word.ends_with('s'))?;
        let is_length = CUES.contains(&self.before(at)) || self.is(at + 1, &["ago"]);
        if !is_length || word == "seconds" {
            return None;
        }
        if self.text(at + 1) == "ago" {
            return Some((Time::unplaced("PAST_REF", None), at + 2));
        }
        let time = Time::unplaced(unit.duration("X"), Some(granularity(unit)));
        Some((time, at + 1))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::time::testing::read;

    #[test]
    fn what_no_calendar_places_has_a_value_of_its_own() {
        for (text, expected) in [
            (
                "The firm is now small and has recently cut jobs.",
                "now=PRESENT_REF | recently=PAST_REF",
            ),
            (
                "The current mayor grew popular in recent weeks.",
                "current=PRESENT_REF | recent weeks=PAST_REF",
            ),
            (
                "He worked there for years and left decades ago.",
                "years=PXY | decades ago=PAST_REF",
            ),
            (
                "In the near future and in the coming months it will close.",
                "the near future=FUTURE_REF | the coming months=FUTURE_REF",
            ),
            ("He said so on Current TV in the past tense.", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
