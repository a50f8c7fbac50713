//! Extracting claims from texts.

mod long_texts;
mod measure;
mod pool;
mod queue;
mod self_test;
mod speed;

pub use measure::describe_engines;
pub use pool::{ExtractionPool, Reading};
pub use self_test::{SelfTestFailed, self_test};
