//! The application layer: one file per use case, independent of gRPC and protobuf.
//!
//! A use case takes a command of parsed values and returns a domain value or a [`ServiceError`]. What use cases share
//! is here too: the extraction thread pool, the claim matcher, and the background workers.

pub mod actors;
pub mod articles;
mod call_context;
mod caller;
pub mod claims;
mod database;
mod error;
pub mod extraction;
pub mod figures;
pub mod operations;
mod own_task;

pub use call_context::CallContext;
pub use caller::Caller;
pub use database::Database;
pub use error::{ServiceError, Versioned};
