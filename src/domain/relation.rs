use strum::{Display, EnumString};

use super::{ClaimId, Passage, Span};

/// How one claim of an article stands to another one there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RelationKind {
    /// The same claim of the same actor, reported again.
    Repeats,
    /// Answers the other claim, which is somebody else's.
    RespondsTo,
}

/// Two claims of one article that belong together.
///
/// Claims are indices into the [`Extraction`](super::Extraction) that holds the relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The claim that repeats or answers.
    pub from: usize,
    /// The claim it repeats or answers. Never `from`.
    pub to: usize,
    /// How `from` stands to `to`.
    pub kind: RelationKind,
    /// The words it was concluded from: in text order, not overlapping, at least one. Of an answer those that mark it,
    /// of a repetition the words of `from` that `to` has, too.
    pub evidence: Vec<Span>,
    /// 0..=1: how likely the relation holds.
    pub confidence: f32,
}

/// Two stored claims of one article that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRelation {
    /// The claim that repeats or answers.
    pub from: ClaimId,
    /// The claim it repeats or answers. Never `from`.
    pub to: ClaimId,
    /// How `from` stands to `to`.
    pub kind: RelationKind,
    /// The words it was concluded from, as of [`Relation::evidence`].
    pub evidence: Vec<Passage>,
    /// 0..=1: how likely the relation holds.
    pub confidence: f32,
}
