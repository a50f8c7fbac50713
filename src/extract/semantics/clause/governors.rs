//! What an event stands under: the predicate that embeds it, a condition, a question, a negated subject.
//!
//! A word without an auxiliary may be a noun, an adjective or a verb in a simple tense, so the words before it are
//! searched for whatever could govern any of them. A noun shares the fate of the verb it is the object of,
//! unless it is something known already: who did not read *the report* does not deny that there is one.
//!
//! All of it stands in one file: what holds over a word is asked in the same way of the word above it.

use std::ops::ControlFlow;

use super::group::{Form, Group, belongs, is_auxiliary, is_negation};
use super::reach::{
    CONDITIONS, DEFINITE, PREPOSITIONS, Reach, STOPS, TO_ATTRIBUTE, TO_CLAUSE, TO_OBJECT,
    backwards, denies, frames_at,
};
use super::words::Clause;
use crate::domain::Certainty;
use crate::extract::semantics::predicates::{Frame, Predicate, hedge, predicate};
use crate::extract::semantics::value::Value;

/// How many predicates may stand one above the other.
const DEPTH: usize = 4;
/// How far an infinitive looks for its predicate: "asked the airline to buy".
const TO_PREDICATE: usize = 8;
/// How far an infinitive looks for a "too": "too tired to go".
const TO_TOO: usize = 3;
/// How a search goes on: to the next word, or it ends with what was found.
type Search = ControlFlow<Option<Value>>;

/// What holds of the word at `head` and all it stands under.
#[must_use]
pub(in crate::extract::semantics) fn value(clause: &Clause, head: usize) -> Value {
    value_at_depth(clause, head, DEPTH)
}

/// The same, with at most `depth` predicates above.
fn value_at_depth(clause: &Clause, head: usize, depth: usize) -> Value {
    let group = Group::of(clause, head);
    let outer = depth.checked_sub(1).and_then(|depth| match group.form {
        Form::Infinitive => Some(over_infinitive(clause, group.start, depth)),
        Form::Finite => over_clause(clause, group.start, depth),
        Form::Bare => over_bare(clause, &group, depth),
    });
    group
        .value
        .within(outer.unwrap_or_else(|| main_clause(clause)))
}

/// What stands under nothing: open in a question, else as stated.
const fn main_clause(clause: &Clause) -> Value {
    if clause.asks {
        Value::OPEN
    } else {
        Value::STATED
    }
}

/// What holds under the word at `at`, if it is a predicate for one of `frames`.
pub(in crate::extract::semantics) fn under(
    clause: &Clause,
    at: usize,
    frames: &[Frame],
    depth: usize,
) -> Option<Value> {
    let before = at.checked_sub(1).map_or("", |before| clause.word(before));
    let found = predicate([before, clause.word(at), clause.word(at + 1)], frames)?;
    Some(implied(clause, at, found, depth).by(at))
}

fn implied(clause: &Clause, at: usize, found: &Predicate, depth: usize) -> Value {
    found.under(value_at_depth(clause, at, depth))
}

/// Over "to end": the predicate that takes it, an obligation, a schedule, or a mere purpose.
fn over_infinitive(clause: &Clause, start: usize, depth: usize) -> Value {
    if let Some(before) = start
        .checked_sub(1)
        .filter(|before| is_auxiliary(clause.word(*before)))
    {
        return Value::new(Certainty::Probable, false)
            .by(before)
            .within(value_at_depth(clause, before, depth));
    }
    if let Some(too) = backwards(start, TO_TOO).find(|at| clause.word(*at) == "too") {
        return Value::DENIED.by(too);
    }
    let purpose = Value::new(Certainty::Possible, false).by(start);
    embedded_infinitive(clause, start, TO_PREDICATE, depth).unwrap_or(purpose)
}

/// Under the predicate that takes the "to" at `start`.
fn embedded_infinitive(clause: &Clause, start: usize, reach: usize, depth: usize) -> Option<Value> {
    backwards(start, reach)
        .take_while(|at| !STOPS.contains(&clause.word(*at)) && clause.word(*at) != "that")
        .find_map(|at| under(clause, at, &[Frame::Infinitive], depth))
}

/// Over a verb with an auxiliary.
fn over_clause(clause: &Clause, start: usize, depth: usize) -> Option<Value> {
    for at in backwards(start, TO_CLAUSE) {
        if denies(clause, at) {
            return Some(Value::DENIED.by(at));
        }
        if let ControlFlow::Break(outer) = over_any(clause, at, depth) {
            return outer;
        }
        let word = clause.word(at);
        let adverb = || {
            hedge(word)
                .filter(|_| !is_auxiliary(word))
                .map(|value| value.by(at))
        };
        let outer = under(clause, at, &[Frame::Clause], depth).or_else(adverb);
        if outer.is_some() {
            return outer;
        }
    }
    None
}

/// Whether the word at `at` ends the search of every kind of event.
fn over_any(clause: &Clause, at: usize, depth: usize) -> Search {
    match clause.word(at) {
        "that" => ControlFlow::Break(
            at.checked_sub(1)
                .and_then(|before| under(clause, before, &[Frame::Clause], depth)),
        ),
        "until" => {
            let awaited = Value::new(Certainty::Probable, false).by(at);
            ControlFlow::Break(Some(awaited))
        }
        word if CONDITIONS.contains(&word) => ControlFlow::Break(Some(Value::OPEN.by(at))),
        word if STOPS.contains(&word) => ControlFlow::Break(None),
        _ => ControlFlow::Continue(()),
    }
}

/// Over an event that is a noun, an adjective or a simple verb.
fn over_bare(clause: &Clause, group: &Group, depth: usize) -> Option<Value> {
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

/// The passive after a noun: "the flight was cancelled", "flight delayed".
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
