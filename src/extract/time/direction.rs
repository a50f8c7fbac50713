//! Whether a time lies before or after publication, as indicated by the word that governs its phrase: a preposition, a
//! verb or a noun.

use std::sync::LazyLock;

use crate::extract::lexicon::word_list::{Lazy, WordList};

use super::calendar::names::weekday;
use super::reader::Reader;

/// How many words away from an expression its verb may stand.
pub(super) const REACH: usize = 12;

/// Words that put what they govern after them: verbs of plans and wishes, and modal verbs.
static FUTURE: Lazy = LazyLock::new(|| WordList::new(include_str!("../lexicon/time/ahead.txt")));

/// Forms of the present that news tells of what is on the calendar: "the trial begins Monday".
static CALENDAR: Lazy =
    LazyLock::new(|| WordList::new(include_str!("../lexicon/time/calendar.txt")));

/// Forms of the past.
static PAST: Lazy = LazyLock::new(|| WordList::new(include_str!("../lexicon/time/past.txt")));

/// What is planned where it is said to be going on: "is speaking in Ohio on Monday".
const MOVES: &[&str] = &[
    "meeting",
    "heading",
    "traveling",
    "travelling",
    "holding",
    "hosting",
    "speaking",
    "visiting",
    "returning",
    "voting",
    "leaving",
    "coming",
    "flying",
    "appearing",
    "joining",
    "launching",
    "opening",
    "closing",
    "starting",
    "beginning",
    "resuming",
    "taking",
    "facing",
    "moving",
];

/// Words in "-ed" that are no verb of the past.
const NO_PAST: &[&str] = &[
    "united",
    "hundred",
    "indeed",
    "exceed",
    "proceed",
    "succeed",
    "speed",
    "breed",
    "alleged",
    "so-called",
];

const MODALS: &[&str] = &[
    "will", "would", "could", "should", "might", "may", "must", "can",
];

/// Verbs of saying: of a phrase that does not stand beside them their content has the verb.
const SAYING: &[&str] = &[
    "said",
    "told",
    "announced",
    "added",
    "reported",
    "claimed",
    "warned",
    "stated",
    "wrote",
    "confirmed",
    "says",
    "say",
    "tells",
];

/// Words a clause of its own begins with.
const BOUNDARIES: &[&str] = &[
    ";", ":", "—", "–", "\"", "“", "”", "(", ")", "that", "but", "which", "who", "when", "where",
    "because", "although", "while", "if", "whether", "after", "before", "until",
];

/// Where the word that governs an expression puts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
    Unknown,
}

/// What the words in front of an expression tell.
pub(super) enum Governor {
    Told(Tense),
    /// A verb of saying, so many words in front.
    Saying(usize),
    Nothing,
}

impl Reader<'_> {
    /// Where the words that govern the expression from `at` up to `end` put it.
    pub(super) fn tense(&self, at: usize, end: usize) -> Tense {
        if let Some(tense) = self.tense_of_preposition(at, end) {
            return tense;
        }
        let behind = || self.verb_behind(end);
        match self.governor(at, true) {
            Governor::Told(tense) => tense,
            Governor::Saying(_) if self.is_possessive(end) => behind().unwrap_or(Tense::Past),
            Governor::Saying(distance) if distance > 2 => self.verb_at(end).unwrap_or(Tense::Past),
            Governor::Saying(_) => Tense::Past,
            Governor::Nothing => behind().unwrap_or_else(|| match self.governor(at, false) {
                Governor::Told(tense) => tense,
                Governor::Saying(_) => Tense::Past,
                Governor::Nothing => Tense::Unknown,
            }),
        }
    }

    pub(super) fn is_participle(&self, at: usize) -> bool {
        let word = self.text(at);
        PAST.has_as_it_stands(word) || word.ends_with("ed") || word.ends_with('n')
    }

    /// The nearest word in front that puts the expression somewhere, up to a comma if `in_clause`.
    pub(super) fn governor(&self, at: usize, in_clause: bool) -> Governor {
        let mut is_infinitive = false;
        for step in 1..=REACH {
            let Some(place) = at.checked_sub(step) else {
                break;
            };
            let word = self.text(place);
            if self.is_boundary(place) || word == "," && in_clause {
                break;
            }
            if word == "to" && self.is_verb_behind_to(place + 1) {
                is_infinitive = true;
                continue;
            }
            if SAYING.contains(&word) && !is_infinitive {
                return Governor::Saying(step);
            }
            if let Some(tense) = self.tense_of(place, is_infinitive, at) {
                return Governor::Told(tense);
            }
        }
        if is_infinitive {
            return Governor::Told(Tense::Future);
        }
        Governor::Nothing
    }

    /// The first verb after the expression, in its clause.
    fn verb_behind(&self, end: usize) -> Option<Tense> {
        let start = self.skip(end, &[","]);
        let mut clause = (start..start + REACH).take_while(|place| !self.is_boundary(*place));
        clause.find_map(|place| self.tense_of(place, false, end))
    }

    /// True for a word that ends a clause; the colon of "9:30" does not.
    pub(super) fn is_boundary(&self, at: usize) -> bool {
        let in_clock = self.text(at) == ":" && self.glued(at + 1);
        BOUNDARIES.contains(&self.text(at)) && !in_clock
    }

    /// What the verb right after the expression tells.
    fn verb_at(&self, end: usize) -> Option<Tense> {
        let is_clause = self.is(end, &["he", "she", "it", "they", "we", "i", "you"]);
        (end..end + 2)
            .filter(|_| !is_clause)
            .find_map(|place| self.tense_of(place, false, end))
    }

    /// Where the word at `place` puts an expression at `at`, if it is one that does.
    fn tense_of(&self, place: usize, is_infinitive: bool, at: usize) -> Option<Tense> {
        let (word, next) = (self.text(place), self.text(place + 1));
        if self.is_modal_of_past(place) {
            return Some(Tense::Past);
        }
        // What was due may be over.
        if word == "due" && self.is(place.wrapping_sub(1), &["was", "were"]) && next != "to" {
            return None;
        }
        if FUTURE.has_as_it_stands(word) || word == "may" && !self.capital(place) {
            return Some(Tense::Future);
        }
        match word {
            "was" | "were" | "is" | "are" | "'re" | "has" | "have" | "set" if next == "to" => {
                Some(Tense::Future)
            }
            "has" | "have" | "'ve" if self.is_participle(place + 1) => Some(Tense::Past),
            "is" | "are" | "'re" => {
                (is_infinitive || MOVES.contains(&next) || place < at && at - place <= 4)
                    .then_some(Tense::Future)
            }
            _ if is_infinitive && CALENDAR.has_as_it_stands(word) => None,
            _ if CALENDAR.has_as_it_stands(word) => self.is_present(place).then_some(Tense::Future),
            _ if self.is_past(place) => match self.before(place) {
                // "To be held" and "would be closed" lie ahead.
                "be" | "to" => None,
                // "Could hit" is no past.
                before if MODALS.contains(&before) => Some(Tense::Future),
                "is" | "are" if at.abs_diff(place) <= 3 => Some(Tense::Future),
                _ => Some(Tense::Past),
            },
            _ => None,
        }
    }

    fn is_past(&self, place: usize) -> bool {
        let word = self.text(place);
        PAST.has_as_it_stands(word)
            || SAYING.contains(&word) && !word.starts_with("say") && word != "tells"
            || word.len() > 4 && word.ends_with("ed") && !NO_PAST.contains(&word)
    }

    /// True for "would have gone", "may have been".
    fn is_modal_of_past(&self, place: usize) -> bool {
        let have = place + 1 + usize::from(self.is(place + 1, &["not", "n't"]));
        self.is(place, MODALS) && self.text(have) == "have" && self.is_participle(have + 1)
    }

    /// True if a form of the present stands where one does, not after "to" or "did not".
    fn is_present(&self, place: usize) -> bool {
        let word = self.text(place);
        // "Democrats vote" is told from "a vote" by its subject.
        let has_subject = word.ends_with('s')
            || self.before(place).len() > 2 && self.before(place).ends_with('s')
            || place > 0 && self.capital(place - 1);
        has_subject
            && ![
                "to", "not", "n't", "did", "didn't", "never", "the", "a", "an",
            ]
            .contains(&self.before(place))
    }

    /// True for a word after "to" that may be a verb: no article, pronoun, name or number.
    fn is_verb_behind_to(&self, at: usize) -> bool {
        const OTHERS: &[&str] = &[
            "the", "a", "an", "his", "her", "their", "its", "our", "my", "your", "this", "that",
            "these", "those", "him", "them", "me", "us", "it", "you", "all", "more", "one",
        ];
        let word = self.text(at);
        word.len() > 1
            && word.chars().all(char::is_alphabetic)
            && !self.capital(at)
            && !OTHERS.contains(&word)
            && weekday(word).is_none()
    }

    fn is_possessive(&self, end: usize) -> bool {
        self.is(end, &["'s", "'"]) && self.glued(end)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::time::TimeView;
    use crate::extract::time::testing::published_on;

    /// The value of the last time of a text of Wednesday, 8 May 2024.
    fn last(text: &str) -> String {
        let mut found = published_on((2024, 5, 8), text, TimeView::Expressions);
        found.pop().map_or(String::new(), |time| time.reading.timex)
    }

    #[test]
    fn what_governs_a_phrase_tells_its_direction() {
        let (past, future) = ("2024-05-06", "2024-05-13");
        for (text, value) in [
            ("The rally drew thousands on Monday.", past),
            ("He will speak on Monday.", future),
            ("Schools would stay closed until at least Monday.", future),
            ("The talks were postponed until Monday.", future),
            ("They did not learn of it until Monday.", past),
            (
                "Forecasters expect the storm to make landfall before dawn on Monday.",
                future,
            ),
            (
                "The storm was expected to reach the coast on Monday.",
                future,
            ),
            ("The officer failed to appear in court on Monday.", past),
            ("Traders threatened to strike from Monday.", future),
            ("Ann Lee said the trial begins Monday.", future),
            ("Ann Lee said Monday that the trial will begin soon.", past),
            ("Ann Lee said on Monday she would resign.", past),
            ("On Monday, Ann Lee said the road will close.", past),
            ("On Monday, voters will choose a mayor.", future),
            (
                "Ann Lee told reporters in Bath on Monday she would resign.",
                past,
            ),
            ("Ann Lee said she was ready for Monday's final.", future),
            ("Ann Lee said Monday's vote will be close.", future),
            ("Ann Lee said Monday's vote was close.", past),
            ("A vote was likely on Monday.", future),
            ("He is meeting with donors in Ohio on Monday.", future),
            ("The road would have opened on Monday.", past),
            (
                "Crowds filled the square, and the talks were held Monday.",
                past,
            ),
        ] {
            let found = last(text);
            assert!(
                found == value || value == past && found == "FUTURE_REF",
                "{text} {found}"
            );
        }
    }

    #[test]
    fn the_year_is_the_one_near_the_publication_that_the_words_ask_for() {
        for (text, value) in [
            ("The permit expires in March.", "2025-03"),
            ("The fire had started in June.", "2023-06"),
            ("The permit expires in May.", "2024-05"),
            ("The election would be held on 8 November.", "2024-11-08"),
            (
                "He was born on a farm that burned down on 3 May.",
                "2024-05-03",
            ),
            ("She will step down on May 8.", "2024-05-08"),
        ] {
            assert_eq!(last(text), value, "{text}");
        }
    }
}
