//! From a document to claims: who is on record with what.
//!
//! [`extract`] is a pure function: it reads no clock, never fails and never panics. What it cannot do becomes a
//! [`Diagnostic`](crate::domain::Diagnostic). An engine (an [`Attributor`]) only finds the spans of sources, cues and
//! contents; everything that follows from the spans (quotation type, lemma, actors, nesting) is the same for all.

mod addressees;
mod attributor;
mod calendar;
mod claim_times;
mod coref;
mod depth;
mod diagnostics;
mod engine;
mod gender;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_semantics;
mod headlines;
mod lexicon;
pub mod model;
mod name_runs;
mod names;
mod nouns;
mod parents;
mod pipeline;
mod quote_type;
mod relations;
mod roles;
mod rules;
mod semantics;
mod sources;
mod threshold;
mod time;
mod titles;
mod traces;
mod utterance_days;

pub use attributor::{Attributor, BareAttribution};
pub use coref::{folded_name, full_key, identity_key};
pub use engine::EngineKind;
pub use pipeline::{Options, extract, extract_unless};
pub use semantics::{check_worthiness_of, commitment_to};
pub use time::{TimeView, times};
pub use titles::split_title;
