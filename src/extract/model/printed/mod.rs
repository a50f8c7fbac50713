//! What the layout of a text says about who says what, whatever its words are: labels before a colon, names above or
//! below a quotation, quotations that stand alone, headlines.

mod completed;
mod continued;
mod headlines;
mod introduced;
mod label;
mod labelled;
mod named_above;
mod orphans;
mod signed;
mod turns;

pub(super) use continued::continue_quotations;
pub(super) use turns::Turns;

use crate::domain::Span;
use crate::text::Layout;

use super::reading::Reading;

/// Puts what the layout says in the place of what the model reads there, or beside it.
pub(super) fn settle(layout: &Layout<'_>, turns: &Turns, readings: &mut Vec<Reading>) {
    introduced::settle(layout, turns, readings);
    turns.settle(readings);
    signed::settle(layout, readings);
    completed::settle(layout, readings);
    headlines::settle(layout, readings);
    labelled::settle(layout, turns, readings);
    named_above::settle(layout, readings);
    orphans::settle(layout, turns, readings);
}

/// True if a reading has some of these words as content.
fn is_taken(readings: &[Reading], words: Span) -> bool {
    readings
        .iter()
        .flat_map(|reading| &reading.content)
        .any(|content| content.overlaps(words))
}

/// The quotation inside no other that begins where `at` does.
fn quotation_at(layout: &Layout<'_>, at: usize) -> Option<Span> {
    let first = layout
        .quotations
        .partition_point(|quotation| quotation.span.start < at);
    let quotation = layout.quotations.get(first)?;
    (quotation.span.start == at && quotation.depth == 0).then_some(quotation.span)
}
