//! What an event without an auxiliary stands under: a noun, an adjective, a verb in a simple tense.
//!
//! Which of them it is cannot be told, so the words before it are asked for whatever could take any of them. A noun
//! shares the fate of the verb it is the object of, unless it is something known already: who did not read *the
//! report* does not deny that there is one.

use std::ops::ControlFlow;

use super::governors::{
    Search, TO_CLAUSE, backwards, denies, embedded_infinitive, over_any, under, value_at_depth,
};
use super::group::{Group, belongs, is_auxiliary, is_negation};
use super::words::Clause;
use crate::extract::semantics::predicates::{Frame, hedge};
use crate::extract::semantics::value::Value;

/// How far a noun looks for the verb it is the object of.
const TO_OBJECT: usize = 6;
/// How far a noun looks for an adjective or a "no" of its own.
const TO_ATTRIBUTE: usize = 3;

/// Words before what is taken to be known already, whatever the verb.
const DEFINITE: &[&str] = &[
    "the", "its", "his", "her", "their", "our", "this", "these", "those", "'s", "’s", "of",
];
/// Words behind which a noun is no object.
const PREPOSITIONS: &[&str] = &[
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
struct Reach {
    /// The object of a verb, or the noun of an adjective.
    is_object: bool,
    /// An object not known before.
    is_new: bool,
}

impl Reach {
    fn pass(&mut self, word: &str) {
        self.is_object &= !PREPOSITIONS.contains(&word) && !is_auxiliary(word);
        self.is_new &= self.is_object && !DEFINITE.contains(&word);
    }
}

/// Over an event that is a noun, an adjective or a simple verb.
pub(super) fn over_bare(clause: &Clause, group: &Group, depth: usize) -> Option<Value> {
    over_subject(clause, group, depth).or_else(|| before_bare(clause, group, depth))
}

fn before_bare(clause: &Clause, group: &Group, depth: usize) -> Option<Value> {
    // A past form is a verb, or a participle that says what is known already: "the claims made".
    let is_object = !clause.word(group.head).ends_with("ed");
    let mut reach = Reach {
        is_object,
        is_new: is_object,
    };
    for at in backwards(group.start, TO_CLAUSE) {
        if let ControlFlow::Break(outer) = look(clause, group, at, reach, depth) {
            return outer;
        }
        reach.pass(clause.word(at));
    }
    None
}

/// Whether the word at `at` tells what the event stands under.
fn look(clause: &Clause, group: &Group, at: usize, reach: Reach, depth: usize) -> Search {
    let distance = group.start - at;
    if denies(clause, at) && distance <= TO_ATTRIBUTE {
        return ControlFlow::Break(Some(Value::DENIED.by(at)));
    }
    over_any(clause, at, depth)?;
    let is_ing = clause.word(group.head).ends_with("ing");
    let frames = frames_at(distance, reach.is_object, is_ing);
    let mut outer = under(clause, at, frames, depth);
    if reach.is_object {
        outer = outer.or_else(|| over_linked(clause, at, depth));
    }
    if reach.is_new {
        outer = outer.or_else(|| over_object(clause, at, group.start, depth));
    }
    outer.map_or(ControlFlow::Continue(()), |outer| {
        ControlFlow::Break(Some(outer))
    })
}

/// The frames in which a word so far before a noun or a simple verb may take it.
fn frames_at(distance: usize, is_object: bool, is_ing: bool) -> &'static [Frame] {
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

/// The verb whose group or whose "to" stands at `at` has the event as its object: "may not *have* a large impact".
fn over_object(clause: &Clause, at: usize, start: usize, depth: usize) -> Option<Value> {
    let word = clause.word(at);
    if word == "to" {
        return embedded_infinitive(clause, at, TO_ATTRIBUTE, depth);
    }
    let is_group = is_auxiliary(word) || is_negation(clause, at) || hedge(word).is_some();
    is_group.then(|| {
        let verb = (at..start).find(|at| !belongs(clause, *at));
        value_at_depth(clause, verb.unwrap_or(at), depth)
    })
}

/// The noun before the preposition at `at`: "prospects for growth".
fn over_linked(clause: &Clause, at: usize, depth: usize) -> Option<Value> {
    let noun = at.checked_sub(1)?;
    PREPOSITIONS
        .contains(&clause.word(at))
        .then(|| under(clause, noun, &[Frame::Noun], depth))?
}

/// The passive behind a noun: "the flight was cancelled", "flight delayed".
fn over_subject(clause: &Clause, group: &Group, depth: usize) -> Option<Value> {
    let participle = (group.head + 1..clause.words.len())
        .take(TO_OBJECT)
        .find(|at| !belongs(clause, *at))?;
    let behind = clause.word(participle + 1);
    let has_object = DEFINITE.contains(&behind) || matches!(behind, "a" | "an");
    if has_object || !clause.word(participle).ends_with("ed") {
        return None;
    }
    under(clause, participle, &[Frame::Noun], depth)
}
