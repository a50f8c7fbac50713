//! What follows from the spans of an attribution: the type of its quotation, how it nests, what sort of source it has,
//! when it was uttered and to whom.

pub(super) mod addressees;
pub(super) mod bare;
pub(super) mod claim_times;
pub(super) mod depth;
pub(super) mod parents;
pub(super) mod quote_type;
pub(super) mod respan;
pub(super) mod ruled;
mod sources;
pub(super) mod utterance_days;
