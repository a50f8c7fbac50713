//! Has this been said before, and does it contradict: similarity of short texts, ranking of candidates, signatures of
//! articles, contradictions.
//!
//! Everything here is a pure function of the texts. The [sentence encoder](crate::extract::model::SentenceEncoder) is
//! unpacked when the first text is embedded, so it costs nothing if no text is.
//!
//! How it fits together: the store finds candidates by their words or by the [bands](Signature::bands) of a
//! signature; a [`Ranking`] orders them; [`standing`] judges pairs that are similar.

mod comparison;
mod contradiction;
mod cues;
mod embedding;
mod lexical;
mod measures;
mod proposition;
mod quantities;
mod ranking;
mod said;
mod signature;
mod similarity;
mod standing;
mod words;

pub use comparison::{Compared, Depth, MOST_READ, compare};
pub use contradiction::ContradictionReason;
pub use embedding::{EMBEDDING_WIDTH, Embedding, cosine, embed, embedding_version};
pub use lexical::{Bag, Collection};
pub use proposition::{is_one_proposition, stands_alone};
pub use ranking::{Ranked, Ranking};
pub use said::Said;
pub use signature::Signature;
pub use similarity::similarity;
pub use standing::{Standing, judge_version, standing};
