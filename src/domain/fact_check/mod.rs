//! Published fact checks: what somebody found when they checked a claim.

mod published;
mod stored;

pub use published::{FactCheckRating, PublishedCheck};
pub use stored::{ClaimFactCheck, FactCheck, FactCheckChange, FactCheckMatch};
