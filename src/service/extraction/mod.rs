//! Extracting claims from texts.

mod long_texts;
mod pool;
mod queue;
mod self_test;
mod speed;

pub use pool::{ExtractionPool, Reading};
pub use self_test::{SelfTestFailed, self_test};
