//! The kinds of time expressions, a file for each.

mod clock;
mod counts;
mod dates;
mod fiscal;
pub(super) mod holidays;
mod mentioned;
mod nearest;
mod offsets;
mod open;
mod parts;
mod periods;
pub(super) mod ranges;
mod relative;
mod sets;
mod vague;
mod years;
