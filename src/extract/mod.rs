//! From a document to claims: who is on record with what.
//!
//! [`extract`] is a pure function: it reads no clock, never fails and never panics. What it cannot do becomes a
//! [`Diagnostic`](crate::domain::Diagnostic). An engine (an [`Attributor`]) only finds the spans of sources, cues and
//! contents, and where it can what tells who is who; everything that follows (quotation type, lemma, actors, nesting) is
//! the same for all.

mod attribution;
mod attributor;
mod coref;
mod diagnostics;
mod engine;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_semantics;
mod language;
mod lexicon;
pub mod model;
mod names;
mod pipeline;
mod relations;
mod rules;
mod semantics;
mod shown_claims;
mod threshold;
mod time;
mod traces;

pub use attribution::bare::BareAttribution;
pub use attributor::{Attributor, Read};
pub use coref::{Shown, full_key, identity_key, shown_mentions};
pub use engine::EngineKind;
pub use lexicon::folding::folded as folded_name;
pub use names::titles::split_title;
pub use pipeline::{MIN_CONFIDENCE, Options, extract, extract_unless};
pub use semantics::{check_worthiness_of, commitment_to};
pub use shown_claims::{ShownClaim, shown_claims};
pub use time::{TimeView, times};
