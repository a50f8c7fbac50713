//! Who is meant: the mentions of a text, which of them mean the same actor, and who is on record.
//!
//! Mentions are names, noun phrases for people and bodies, and pronouns. They are read from the begin of the text to its
//! end: names join by their words, nouns by apposition and repetition, pronouns and descriptions of one person as the
//! model's ranker weighs the mentions around them (`ranked.rs`); without a model, pronouns go to the entity that agrees and
//! stands out most (Lappin and Leass 1994). "I" is the speaker of the quotation it stands in. Where nobody is likely enough
//! the reader abstains.

mod antecedent;
mod cast;
mod describe;
mod entities;
mod evidence;
mod fitness;
mod found;
mod grouping;
mod holders;
mod identity;
mod index;
mod interview;
mod keys;
mod kinds;
mod links;
mod name_words;
mod naming;
mod nominals;
mod pairs;
mod places;
mod pronouns;
mod quoting;
mod ranked;
mod ranking;
mod reader;
mod resolver;
mod shown;
mod sources;
mod spelling;
mod styles;
mod understood;

pub(super) use cast::Cast;
pub use identity::{full_key, identity_key};
pub use pairs::Shown;
pub(super) use pairs::{FEATURES, PairFeatures};
pub use shown::shown_mentions;
