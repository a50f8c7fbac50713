//! Names that mean the same actor: how they are spelled, which words and parts they share, and what stands around
//! them.

pub(super) mod evidence;
pub(super) mod group;
pub(super) mod grouping;
pub(super) mod identity;
mod index;
mod keys;
pub(super) mod kinds;
mod name_words;
pub(super) mod spelling;
pub(super) mod styles;
