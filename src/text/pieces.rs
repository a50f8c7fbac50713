//! Pieces that two texts have in common.

use std::cmp::Ordering;

use crate::domain::Span;

/// Pieces that both texts have, in the order of the earlier one and not overlapping there.
#[derive(Debug, Clone)]
pub struct Pieces(Vec<Piece>);

/// A piece that both texts have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub before: Span,
    /// Where it begins in the later text.
    pub after: usize,
}

impl Pieces {
    /// Of pieces in the order of the earlier text.
    pub(super) const fn new(pieces: Vec<Piece>) -> Self {
        Self(pieces)
    }

    /// Where a span of the earlier text stands in the later one; `None` where its words are not in one piece.
    #[must_use]
    pub fn position_of(&self, span: Span) -> Option<Span> {
        let at = self.0.binary_search_by(|piece| {
            if piece.before.end < span.end {
                Ordering::Less
            } else if piece.before.start > span.start {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        });
        let piece = self.0.get(at.ok()?)?;
        let start = piece.after + (span.start - piece.before.start);
        Some(Span::new(start, start + span.len()))
    }
}
