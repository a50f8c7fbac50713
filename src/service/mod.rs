//! The application layer: one file for each use case, with neither gRPC nor protobuf.
//!
//! A use case takes a command of parsed values and returns a domain value or [`ServiceError`]. What several use cases
//! share stands here, too: the pool of threads that read texts, the matcher of claims, and the background workers.

pub mod actors;
pub mod articles;
pub mod claims;
mod database;
mod error;
pub mod extraction;
mod own_task;

pub use database::Database;
pub use error::{ServiceError, Versioned};
