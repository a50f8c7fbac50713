//! The gRPC services: protobuf in, one domain or store call, protobuf out.
//!
//! Handlers validate with [`check::Check`], which names every bad field at once, and answer errors through
//! [`status`], the one table from what went wrong to what a caller sees.

mod actor_requests;
mod actor_resolution;
mod actor_service;
mod archive;
mod article_service;
mod bulk;
pub mod check;
mod claim_filter;
mod claim_service;
pub mod codec;
pub mod convert;
mod correct;
mod document;
mod export;
mod extraction_service;
mod facets;
mod feed;
mod match_claims;
mod matcher;
pub mod names;
pub mod page_token;
mod paging;
mod propositions;
mod reader;
mod reextract;
mod related_claims;
mod retract;
mod review;
mod revisions;
mod search;
mod settle;
mod sourcing;
pub mod status;
mod streams;
mod timeline;
mod watch;
mod word_sample;

pub use actor_service::Actors;
pub use archive::Archive;
pub use article_service::Articles;
pub use bulk::Bulk;
pub use claim_service::Claims;
pub use extraction_service::Extractions;
pub use feed::Feed;
pub use reader::Reader;
pub use settle::Settler;

pub use crate::matching::Depth;

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
