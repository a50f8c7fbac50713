//! The clause around an event: its words, its verb group, its main verb, and what the event stands under.

pub(super) mod governors;
pub(super) mod group;
mod main_verb;
mod reach;
pub(super) mod words;
