//! Long-running operations, and which articles they read.

mod failure;
mod run;
mod selection;

pub use failure::{ArticleFailure, FailureReason};
pub use run::{Operation, OperationState, ReextractionCounts};
pub use selection::ArticleSelection;
