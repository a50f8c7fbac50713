//! The verb group of an event: "may not have been [seen]", "to [end]", and what its own words tell.

use super::words::Clause;
use crate::extract::semantics::predicates::{Frame, hedge, predicate};
use crate::extract::semantics::value::Value;

/// Auxiliaries.
const AUXILIARIES: &[&str] = &[
    "am", "is", "are", "was", "were", "be", "been", "being", "'s", "’s", "'re", "’re", "'m", "’m",
    "have", "has", "had", "'ve", "’ve", "do", "does", "did", "will", "'ll", "’ll", "would", "'d",
    "’d", "can", "cannot", "could", "may", "might", "must", "shall", "should", "ca", "wo", "ai",
];

/// Adverbs without -ly that may stand in a verb group.
const ADVERBS: &[&str] = &[
    "also", "still", "already", "ever", "even", "just", "soon", "now", "then", "only", "always",
    "often", "perhaps", "maybe", "longer", "yet", "again", "very", "so", "too", "far", "well",
    "almost", "quite",
];

/// Words that turn the event into its opposite.
const NEGATIONS: &[&str] = &["not", "n't", "n’t", "never", "hardly", "scarcely", "cannot"];

/// How the verb stands in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// With an auxiliary.
    Finite,
    /// With "to".
    Infinitive,
    /// With neither: a verb in a simple tense, a noun, an adjective.
    Bare,
}

/// An event with the words in front of it that belong to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// The first word of the group.
    pub start: usize,
    /// The event.
    pub head: usize,
    pub form: Form,
    /// What the group itself says of the event.
    pub value: Value,
}

impl Group {
    /// The group of the word at `head`.
    pub fn of(clause: &Clause, head: usize) -> Self {
        let mut start = head;
        while start > 0 && belongs(clause, start - 1) {
            start -= 1;
        }
        let is_finite = (start..=head).any(|at| is_auxiliary(clause.word(at)));
        let is_infinitive =
            start > 0 && clause.word(start - 1) == "to" && !is_noun_by_ending(clause.word(head));
        let form = match (is_infinitive, is_finite) {
            (true, _) => Form::Infinitive,
            (false, true) => Form::Finite,
            (false, false) => Form::Bare,
        };
        if is_infinitive {
            start -= 1;
            start -= usize::from(start > 0 && is_negation(clause, start - 1));
        }
        Self {
            start,
            head,
            form,
            value: own_value(clause, start, head),
        }
    }
}

/// Endings that no infinitive has: "a return to growth", "close to winning".
fn is_noun_by_ending(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ing", "tion", "sion", "ness", "ity", "ism", "ship", "owth", "ance", "ence", "ures", "ers",
    ];
    word.len() > 5 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// What the words from `start` up to `head` say; a copula takes its "not" after it.
fn own_value(clause: &Clause, start: usize, head: usize) -> Value {
    let behind = usize::from(is_auxiliary(clause.word(head)));
    (start..=head + behind)
        .rev()
        .filter_map(|at| step(clause, at).map(|value| value.by(at)))
        .fold(object_value(clause, head), Value::within)
}

/// A "no" in the object denies the verb: "has reached no agreement"; not so in "said no ferries sailed".
fn object_value(clause: &Clause, head: usize) -> Value {
    let is_denied = clause.word(head + 1) == "no"
        && predicate(["", clause.word(head), "no"], &[Frame::Clause]).is_none();
    if is_denied {
        Value::DENIED.by(head + 1)
    } else {
        Value::STATED
    }
}

/// What the word at `at` makes of the event after it.
fn step(clause: &Clause, at: usize) -> Option<Value> {
    let word = clause.word(at);
    let bare = bare_auxiliary(word);
    let is_hedged = !is_able(bare);
    if is_negation(clause, at) {
        let modal = hedge(bare).filter(|_| is_hedged).unwrap_or(Value::STATED);
        return Some(Value::DENIED.within(modal));
    }
    if word == "nearly" {
        return Some(Value::DENIED);
    }
    hedge(word).filter(|_| is_hedged || !is_negation(clause, at + 1))
}

/// "cannot" leaves nothing open, "may not" does.
fn is_able(word: &str) -> bool {
    matches!(word, "can" | "could" | "ca")
}

/// True if the word at `at` negates: "not" does, "not only" does not.
pub(super) fn is_negation(clause: &Clause, at: usize) -> bool {
    let word = clause.word(at);
    let is_negative = NEGATIONS.contains(&word)
        || bare_auxiliary(word) != word
        || (word == "longer" && at > 0 && clause.word(at - 1) == "no");
    is_negative && !matches!(clause.word(at + 1), "only" | "just" | "merely" | "simply")
}

/// "could" of "couldn't"; other words as they are.
pub(super) fn bare_auxiliary(word: &str) -> &str {
    if word == "cannot" {
        return "can";
    }
    let bare = word
        .strip_suffix("n't")
        .or_else(|| word.strip_suffix("n’t"));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(word)
}

/// True for auxiliaries, with a "not" grown onto them or without.
pub(in crate::extract::semantics) fn is_auxiliary(word: &str) -> bool {
    AUXILIARIES.contains(&bare_auxiliary(word))
}

/// True for words that may stand between an auxiliary and its verb.
pub(in crate::extract::semantics) fn belongs(clause: &Clause, at: usize) -> bool {
    let word = clause.word(at);
    let is_no_longer = word == "no" && clause.word(at + 1) == "longer";
    is_auxiliary(word) || is_adverb(word) || is_no_longer
}

/// True for negations and for the adverbs of a verb group.
pub(in crate::extract::semantics) fn is_adverb(word: &str) -> bool {
    NEGATIONS.contains(&word) || ADVERBS.contains(&word) || (word.len() > 4 && word.ends_with("ly"))
}
