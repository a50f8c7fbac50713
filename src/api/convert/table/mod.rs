//! Claims as a table: one row a claim, with what is known of its article and actor.

mod columns;
pub mod csv;

pub use columns::{Column, Value, columns};
