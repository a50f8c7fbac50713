//! Published fact checks: importing them, matching them to claims, and looking them up.

mod get;
mod import;
mod of_claim;
mod same;

pub use get::{delete_fact_check, fact_check, list_fact_checks};
pub use import::{ImportedFactCheck, import_fact_checks};

pub(super) use of_claim::{match_fact_checks, match_to_none};
