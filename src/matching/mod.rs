//! Has this been said before, and does it contradict: similarity of short texts, ranking of candidates, signatures of
//! articles, contradictions.
//!
//! Everything here is a pure function of the texts. The [sentence encoder](crate::extract::model::SentenceEncoder) is
//! unpacked when the first text is embedded, so it costs nothing if no text is.
//!
//! How it fits together: the store finds candidates by their words or by the [bands](Signature::bands) of a
//! signature; a [`Ranking`] orders them; [`pair_relation`] judges pairs that are similar.

mod comparison;
mod contradiction;
mod cues;
mod dated_text;
mod embedding;
mod lexical;
mod measures;
mod pair_relation;
mod proposition;
mod quantities;
mod ranking;
mod signature;
mod similarity;
mod words;

pub use comparison::{Compared, Depth, MAX_COMPARED_BY_MEANING, compare};
pub use contradiction::ContradictionReason;
pub use dated_text::DatedText;
pub use embedding::{EMBEDDING_WIDTH, Embedding, cosine, embed, embedding_version};
pub use lexical::{Bag, Collection};
pub use pair_relation::{PairRelation, judge_version, pair_relation};
pub use proposition::{is_one_proposition, is_self_contained};
pub use ranking::{Ranked, Ranking};
pub use signature::Signature;
pub use similarity::similarity;
