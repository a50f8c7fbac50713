//! Long-running operations, which read many articles again.

pub(super) mod audit;
pub(super) mod change;
pub(super) mod get;
pub(super) mod progress;
mod selection;
pub(super) mod start;
pub(super) mod work;

pub use change::{OperationChange, OperationChanged};
pub use get::OperationCursor;
pub use start::{StartOperation, Started};
pub use work::{LEASE, NextArticles, TakenOperation};

pub(super) use progress::count_reading;
