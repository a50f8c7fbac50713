//! What an event stands under: the predicate that embeds it, a condition, a question, a negated subject.

use std::ops::ControlFlow;

use super::bare::over_bare;
use super::group::{Form, Group, is_auxiliary};
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
/// How far a clause looks for what it stands under.
pub(super) const TO_CLAUSE: usize = 14;

/// Marks and words behind which another clause begins.
const STOPS: &[&str] = &[
    ",", ";", ":", ".", "!", "?", "—", "–", "(", ")", "who", "which", "where", "when", "while",
    "because", "since", "although", "though", "but", "as", "after", "than", "what", "how", "why",
];
/// Words that leave the clause behind them open.
const CONDITIONS: &[&str] = &["if", "unless", "whether", "lest", "provided"];
/// Words that deny the noun or the clause behind them.
const NO: &[&str] = &[
    "no", "nobody", "none", "neither", "nothing", "nor", "without",
];

/// How a search goes on: to the next word, or it ends with what was found.
pub(super) type Search = ControlFlow<Option<Value>>;

/// What holds of the word at `head` and all it stands under.
#[must_use]
pub(in crate::extract::semantics) fn value(clause: &Clause, head: usize) -> Value {
    value_at_depth(clause, head, DEPTH)
}

/// The same, with at most `depth` predicates above.
pub(super) fn value_at_depth(clause: &Clause, head: usize, depth: usize) -> Value {
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

/// The places before `start`, nearest first, no farther than `reach`.
pub(super) fn backwards(start: usize, reach: usize) -> impl Iterator<Item = usize> {
    (start.saturating_sub(reach)..start).rev()
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
pub(super) fn embedded_infinitive(
    clause: &Clause,
    start: usize,
    reach: usize,
    depth: usize,
) -> Option<Value> {
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
pub(super) fn over_any(clause: &Clause, at: usize, depth: usize) -> Search {
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

/// A "no" that makes all of its clause, or a noun behind it, negative.
pub(super) fn denies(clause: &Clause, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| clause.word(before));
    match clause.word(at) {
        "few" => !matches!(before, "a" | "the" | "past" | "last" | "next" | "these"),
        "instead" => clause.word(at + 1) == "of",
        "than" => before == "rather",
        word => NO.contains(&word),
    }
}
