//! Who is meant: the mentions of a text, which of them mean the same actor, and who is on record.
//!
//! Mentions are names, noun phrases for people and organizations, and pronouns. They are read from the beginning of the
//! text to its end: names join by their words, nouns by apposition and repetition, pronouns and descriptions of one
//! person as the model's ranker weighs the mentions around them (`antecedents/ranked.rs`); without a model, pronouns go
//! to the entity that agrees and stands out most (Lappin and Leass 1994). "I" is the speaker of the quotation it stands
//! in. Where nobody is likely enough the reader abstains.

mod antecedent;
mod antecedents;
mod cast;
mod describe;
mod entities;
mod interview;
mod links;
mod mentions;
mod naming;
mod places;
mod quoting;
mod reader;
mod resolver;
mod shown;
mod understood;

pub use antecedents::pairs::Shown;
pub(super) use antecedents::pairs::{FEATURES, PairFeatures};
pub(super) use cast::Cast;
pub use naming::identity::{full_key, identity_key};
pub use shown::shown_mentions;
