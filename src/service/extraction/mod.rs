//! Reading texts.

mod pool;

pub use pool::{ExtractionPool, Reading};
