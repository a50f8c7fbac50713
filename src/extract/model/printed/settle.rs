//! All that a layout says, in its order of precedence.

use crate::extract::model::reading::Reading;
use crate::text::Layout;

use super::turns::Turns;
use super::{completed, headlines, introduced, labelled, named_above, orphans, signed};

/// Puts what the layout says in the place of what the model reads there, or beside it.
pub(in crate::extract::model) fn settle(
    layout: &Layout<'_>,
    turns: &Turns,
    readings: &mut Vec<Reading>,
) {
    introduced::settle(layout, turns, readings);
    turns.settle(readings);
    signed::settle(layout, readings);
    completed::settle(layout, readings);
    headlines::settle(layout, readings);
    labelled::settle(layout, turns, readings);
    named_above::settle(layout, readings);
    orphans::settle(layout, turns, readings);
}
