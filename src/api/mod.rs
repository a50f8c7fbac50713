//! The gRPC services: a request is parsed once, a use case of [`service`](crate::service) is carried out, and what it
//! returns is encoded.
//!
//! Each resource has a folder with its handlers, what they parse and what they encode. [`request`] parses what several of
//! them have, naming every bad field at once; [`convert`] makes messages of domain values; [`wire`] is what all calls
//! share: names, page tokens, and errors, with the one table from what went wrong to what a caller is told.

mod actors;
mod articles;
mod claims;
pub mod convert;
mod extraction;
pub mod request;
pub mod wire;

pub use actors::Actors;
pub use articles::Articles;
pub use claims::Claims;
pub use extraction::Extractions;

/// The generated server traits.
#[allow(
    missing_docs,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
pub mod server {
    include!(concat!(env!("OUT_DIR"), "/server/onrecord.v1.rs"));
}
