//! The arithmetic: matrix products, layers, the encoder, and the file that the weights stand in.

pub(super) mod crf;
pub(super) mod encoder;
pub(super) mod layer;
pub(super) mod math;
pub(super) mod matrix;
pub(super) mod weights;
