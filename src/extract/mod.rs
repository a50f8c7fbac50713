//! From a document to claims: who is on record with what.
//!
//! [`extract`] is a pure function: it reads no clock, never fails and never panics. What it cannot do becomes a
//! [`Diagnostic`](crate::domain::Diagnostic). An engine (an [`Attributor`]) only finds the spans of sources, cues and
//! contents, and where it can what tells who is who; everything that follows (quotation type, lemma, actors, nesting) is
//! the same for all.

mod addressees;
mod attributor;
mod calendar;
mod claim_times;
mod coref;
mod depth;
mod diagnostics;
mod engine;
mod folding;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_semantics;
mod language;
mod lexicon;
mod lists;
pub mod model;
mod names;
mod nouns;
mod parents;
mod pipeline;
mod quote_type;
mod relations;
mod respan;
mod roles;
mod ruled;
mod rules;
mod semantics;
mod shown_claims;
mod sources;
mod threshold;
mod time;
mod titles;
mod traces;
mod utterance_days;
mod word_list;

pub use attributor::{Attributor, BareAttribution, Read};
pub use coref::{Shown, full_key, identity_key, shown_mentions};
pub use engine::EngineKind;
pub use folding::folded as folded_name;
pub use pipeline::{MIN_CONFIDENCE, Options, extract, extract_unless};
pub use semantics::{check_worthiness_of, commitment_to};
pub use shown_claims::{ShownClaim, shown_claims};
pub use time::{TimeView, times};
pub use titles::split_title;
