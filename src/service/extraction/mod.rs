//! Extracting claims from texts.

mod pool;

pub use pool::{ExtractionPool, Reading};
