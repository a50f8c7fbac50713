//! The gRPC services: a request is parsed once, a use case of [`service`](crate::service) is run, and its result is
//! encoded.
//!
//! Each resource has a folder with its handlers, parsers and encoders. [`request`] parses what several resources
//! share and reports every invalid field at once; [`convert`] encodes domain values as messages; [`wire`] holds what
//! all calls share: resource names, page tokens and errors, including the only table that maps failures to gRPC
//! statuses.

mod actors;
mod articles;
mod claims;
pub mod convert;
mod extraction;
mod operations;
pub mod request;
mod server_info;
pub mod wire;

pub use actors::Actors;
pub use articles::Articles;
pub use claims::Claims;
pub use extraction::Extractions;
pub use operations::Operations;
pub use server_info::About;

/// The generated server traits.
#[allow(
    missing_docs,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
pub mod server {
    include!(concat!(env!("OUT_DIR"), "/server/onrecord.v1.rs"));
    include!(concat!(env!("OUT_DIR"), "/server/google.longrunning.rs"));
}
