//! The engine `model`: a transformer encoder that reads windows of a text, with heads for cues, sources and contents.

mod features;
mod units;
mod wordpiece;

pub use features::Features;
pub use units::Unit;
