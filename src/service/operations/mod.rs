//! Long-running operations: starting, watching and ending them, and the worker that reads their articles.

mod change;
mod failure;
mod get;
mod signals;
mod start;
mod worker;

pub use change::{cancel_operation, delete_operation};
pub use get::{list_operations, operation, wait_for_operation};
pub use signals::OperationSignals;
pub use start::{ReextractArticles, count_articles, reextract_articles};
pub use worker::OperationWorker;
