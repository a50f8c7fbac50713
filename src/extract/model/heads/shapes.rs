//! What several heads are agreed on: which vectors they read, and in which order their outputs stand.

use crate::extract::names::NameKind;

/// The encoder's layers whose vectors the heads of who is who read, side by side.
pub(in crate::extract::model) const LAYERS_READ: [usize; 3] = [2, 4, 6];
/// Numbers in a word's vector as the heads see it.
pub(in crate::extract::model) const WHO_WIDTH: usize = 256;

/// What capitals may name, in the order of the outputs; the first is no name.
pub(in crate::extract::model) const KINDS: [Option<NameKind>; 6] = [
    None,
    Some(NameKind::Person),
    Some(NameKind::Organization),
    Some(NameKind::Place),
    Some(NameKind::People),
    Some(NameKind::Other),
];
