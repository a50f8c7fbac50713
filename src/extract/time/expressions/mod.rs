//! The kinds of time expressions, a file for each: "yesterday" and "last Monday" in `relative`, calendar days in `dates`,
//! clock times in `clock`, "three days" in `counts` and "5 days ago" in `offsets`, and so on. `ranges` begins: it reads a
//! whole expression.

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
