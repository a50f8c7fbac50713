//! What the preposition of a time indicates about its direction: "since May", "until Friday", "by the end of the year".

use super::direction::{Governor, REACH, Tense};
use super::reader::Reader;

/// Words between a preposition and the time it governs: "until at least Thursday", "by the end of May".
const INNER: &[&str] = &[
    "the", "at", "least", "about", "around", "early", "late", "mid", "-", "sometime", "dawn",
    "noon", "midnight", "on", "end", "of", "as", "next", "this",
];

/// How many of them stand there at most.
const INNER_REACH: usize = 5;

impl Reader<'_> {
    /// "since May" is past, "until Friday" and "by Friday" mostly to come.
    pub(super) fn tense_of_preposition(&self, at: usize, end: usize) -> Option<Tense> {
        let in_front = at.saturating_sub(INNER_REACH)..at;
        let place = in_front
            .rev()
            .find(|place| !INNER.contains(&self.text(*place)))?;
        match self.text(place) {
            "since" => Some(Tense::Past),
            "by" if self.is_perfect(place, end) => Some(Tense::Past),
            "until" | "till" | "til" if self.was_over(place) => Some(Tense::Past),
            "by" | "until" | "till" | "til" => Some(Tense::Future),
            "before" | "from" | "starting" | "beginning" | "effective" => {
                match self.governor(place, true) {
                    Governor::Told(tense) => Some(tense),
                    Governor::Saying(_) => Some(Tense::Future),
                    Governor::Nothing => None,
                }
            }
            _ => None,
        }
    }

    /// True in front of "until" after "did not", "had" with a participle, or a deed that lasts and is past: "worked".
    fn was_over(&self, place: usize) -> bool {
        const DEEDS: &[&str] = &[
            "worked", "lived", "served", "played", "ruled", "governed", "led", "ran", "waited",
            "stayed", "remained", "taught", "survived",
        ];
        let reach = place.saturating_sub(REACH)..place;
        let clause = reach.rev().take_while(|word| !self.is_boundary(*word));
        let mut words = clause.skip_while(|word| {
            let text = self.text(*word);
            !matches!(
                text,
                "not" | "n't" | "never" | "had" | "did" | "didn't" | "wasn't"
            ) && !matches!(text, "will" | "would" | "to" | "can" | "could")
                && !DEEDS.contains(&text)
        });
        words.next().is_some_and(|word| match self.text(word) {
            "not" | "n't" | "never" => {
                matches!(self.before(word), "did" | "was" | "were" | "had")
            }
            "had" => word + 1 < place && self.is_participle(word + 1),
            "will" | "would" | "to" | "can" | "could" => false,
            _ => true,
        })
    }

    /// True if the nearest auxiliary in front of or after an expression is "had" with a participle: "had drawn
    /// thousands by Friday".
    fn is_perfect(&self, at: usize, end: usize) -> bool {
        const OTHERS: &[&str] = &[
            "to", "will", "would", "should", "must", "could", "can", "may",
        ];
        let is_told = |place: &usize| self.text(*place) == "had" || self.is(*place, OTHERS);
        let in_front = (at.saturating_sub(REACH)..at).rev().find(is_told);
        let nearest = in_front.or_else(|| (end..end + REACH).find(is_told));
        nearest.is_some_and(|place| self.text(place) == "had" && self.is_participle(place + 1))
    }
}
