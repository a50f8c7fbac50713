//! Words that are read already, and quotations that may be.

use crate::domain::Span;
use crate::extract::model::reading::Reading;
use crate::text::Layout;

/// True if a reading has some of these words as content.
pub(super) fn is_taken(readings: &[Reading], words: Span) -> bool {
    readings
        .iter()
        .flat_map(|reading| &reading.content)
        .any(|content| content.overlaps(words))
}

/// The quotation inside no other that begins where `at` does.
pub(super) fn quotation_at(layout: &Layout<'_>, at: usize) -> Option<Span> {
    let first = layout
        .quotations
        .partition_point(|quotation| quotation.span.start < at);
    let quotation = layout.quotations.get(first)?;
    (quotation.span.start == at && quotation.depth == 0).then_some(quotation.span)
}
