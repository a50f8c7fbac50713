//! The engine `model`: a transformer encoder that reads windows of a text, a tagger that finds cues, a role reader that
//! finds the source and the content of each, and heads that read who is who and what claims mean.
//!
//! All in `f32` on the processor. Every window is read by itself, so what is read in a text does not depend on other
//! texts, nor on how many threads read it. The weights stand in the program; see `models/MODEL_CARD.md`.

mod attribute;
mod corrections;
mod engine;
mod heads;
mod input;
mod network;
mod pair_judge;
#[cfg(test)]
mod parity;
mod printed;
mod reading;
mod sentence;
mod text_read;
mod windows;

pub use engine::Model;
pub use heads::calibration::RawOdds;
pub use heads::meaning::MeaningRead;
pub(in crate::extract) use heads::ranker::{Ranked, Ranker};
pub(in crate::extract) use heads::tagged::Tagged;
pub use heads::who::WhoRead;
pub use input::features::Features;
pub use input::units::Unit;
pub use network::weights::ModelError;
pub use pair_judge::{PairJudge, PairScores};
pub use reading::Reading;
pub use sentence::SentenceEncoder;
