//! What reads the encoder's vectors: cues and roles, who is who, what claims mean, and how likely all of it is right.

pub(super) mod calibration;
pub(super) mod kept;
pub(super) mod meaning;
pub(super) mod ranker;
pub(super) mod roles;
pub(super) mod shapes;
pub(super) mod tagged;
pub(super) mod tagger;
pub(super) mod who;
