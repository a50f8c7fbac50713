//! What a claim means beyond who said what: what kind of act it is, how far the one on record is committed to what is
//! claimed, how much it is worth checking.

mod check_worthiness;
mod clause;
mod commitment;
mod events;
mod forms;
mod holder;
mod judge;
mod kind;
mod predicates;
mod settle;
mod shown;
mod value;

pub use commitment::commitment_to;
pub use judge::check_worthiness_of;
pub(in crate::extract) use judge::{Case, Judged, judge};
pub(in crate::extract) use kind::Told;
pub(in crate::extract) use settle::{MeaningScores, settled, settled_class};
pub(in crate::extract) use shown::{
    CERTAINTIES, CLAIM_FEATURES, CLASSES, ClaimFeatures, KINDS, PARTS, POLARITIES, Part,
    claim_features, claim_words,
};
