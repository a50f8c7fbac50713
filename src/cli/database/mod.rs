//! Commands that work on the database itself, and how they find it.

pub(super) mod address;
pub(super) mod audit;
pub(super) mod migrate;
pub(super) mod postgres;
pub(super) mod seed;
pub(super) mod verify;
