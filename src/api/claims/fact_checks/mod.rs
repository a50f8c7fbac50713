//! Published fact checks.

mod get;
mod import;
mod published;

pub(super) use get::{delete, get, list};
pub(super) use import::import;
