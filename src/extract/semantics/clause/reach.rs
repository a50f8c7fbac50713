//! How far the words before an event are looked at, and what it may be to each of them.

use crate::extract::semantics::predicates::Frame;

use super::group::is_auxiliary;
use super::words::Clause;

/// How far a clause looks for what it stands under.
pub(super) const TO_CLAUSE: usize = 14;

/// How far a noun looks for the verb it is the object of.
pub(super) const TO_OBJECT: usize = 6;
/// How far a noun looks for an adjective or a "no" of its own.
pub(super) const TO_ATTRIBUTE: usize = 3;

/// Words before what is taken to be known already, whatever the verb.
pub(super) const DEFINITE: &[&str] = &[
    "the", "its", "his", "her", "their", "our", "this", "these", "those", "'s", "’s", "of",
];
/// Words after which a noun is no object.
pub(super) const PREPOSITIONS: &[&str] = &[
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "with",
    "to",
    "into",
    "over",
    "under",
    "against",
    "about",
    "during",
    "between",
    "among",
    "through",
    "despite",
    "before",
    "within",
    "following",
];

/// What the event may still be, given the words between it and the place that is looked at.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// The object of a verb, or the noun of an adjective.
    pub is_object: bool,
    /// An object not known before.
    pub is_new: bool,
}

impl Reach {
    /// Goes on over a word.
    pub fn pass(&mut self, word: &str) {
        self.is_object &= !PREPOSITIONS.contains(&word) && !is_auxiliary(word);
        self.is_new &= self.is_object && !DEFINITE.contains(&word);
    }
}

/// Marks and words after which another clause begins.
pub(super) const STOPS: &[&str] = &[
    ",", ";", ":", ".", "!", "?", "—", "–", "(", ")", "who", "which", "where", "when", "while",
    "because", "since", "although", "though", "but", "as", "after", "than", "what", "how", "why",
];
/// Words that leave the clause after them open.
pub(super) const CONDITIONS: &[&str] = &["if", "unless", "whether", "lest", "provided"];
/// Words that deny the noun or the clause after them.
const NO: &[&str] = &[
    "no", "nobody", "none", "neither", "nothing", "nor", "without",
];

/// The places before `start`, nearest first, no farther than `reach`.
pub(super) fn backwards(start: usize, reach: usize) -> impl Iterator<Item = usize> {
    (start.saturating_sub(reach)..start).rev()
}

/// The frames in which a word so far before a noun or a simple verb may take it.
pub(super) fn frames_at(distance: usize, is_object: bool, is_ing: bool) -> &'static [Frame] {
    match distance {
        2..=TO_OBJECT if !is_object => &[Frame::Clause],
        _ if !is_object => &[],
        1 if is_ing => &[Frame::Noun, Frame::Ing, Frame::Attribute],
        1 => &[Frame::Noun, Frame::Attribute],
        2..=TO_OBJECT if is_ing => &[Frame::Noun, Frame::Ing, Frame::Attribute, Frame::Clause],
        2..=TO_ATTRIBUTE => &[Frame::Noun, Frame::Attribute, Frame::Clause],
        4..=TO_OBJECT => &[Frame::Noun, Frame::Clause],
        _ => &[],
    }
}

/// A "no" that makes all of its clause, or a noun after it, negative.
pub(super) fn denies(clause: &Clause, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| clause.word(before));
    match clause.word(at) {
        "few" => !matches!(before, "a" | "the" | "past" | "last" | "next" | "these"),
        "instead" => clause.word(at + 1) == "of",
        "than" => before == "rather",
        word => NO.contains(&word),
    }
}
