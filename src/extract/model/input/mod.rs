//! What the model is shown of a text: wordpieces, their features, units and windows.

pub(super) mod features;
pub(super) mod units;
pub(super) mod wordpiece;
