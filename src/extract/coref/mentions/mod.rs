//! The words of a text that mean somebody: names with their phrases, noun phrases, pronouns, and which of them a
//! source is.

pub(super) mod apposition;
pub(super) mod finder;
pub(super) mod found;
mod holders;
mod nominals;
pub(super) mod pronouns;
pub(super) mod sources;
