//! Names: which words of a text are one, and what is not part of it.
//!
//! Runs of capitalised words are found ([`runs`]), or a tagger's spans are taken; then titles, offices and what else is
//! not part of the name are cut off either ([`cut`]).

mod cut;
mod finder;
mod known;
mod name;
pub(super) mod roles;
mod runs;
mod shapes;
mod tagged;
pub(super) mod titles;

pub(super) use finder::{names, word_before};
pub(super) use name::{Name, NameKind};
pub(super) use shapes::{is_acronym, is_suffix};
pub(super) use tagged::add_tagged;
