//! Finding claims by words or by meaning.

pub(super) mod embeddings;
pub(super) mod find;
mod highlights;
pub(super) mod matches;
pub(super) mod newest;
mod parts;
mod rare_words;
pub(super) mod word_shares;

pub use find::{Match, Matches, SAMPLE, Window, Words};
pub use matches::{Candidate, MatchWords};
pub use newest::Newest;
pub use word_shares::WordShares;
