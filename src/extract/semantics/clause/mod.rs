//! The clause around an event: its words, its verb group, its main verb, and what the event stands under.

mod bare;
pub(super) mod governors;
pub(super) mod group;
mod main_verb;
pub(super) mod words;
