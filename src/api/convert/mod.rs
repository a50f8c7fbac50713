//! Domain values to protobuf messages, and the enums both ways.

pub mod actor;
pub mod article;
pub mod claim;
pub mod document;
pub mod enums;
pub mod extraction;
pub mod relation;
pub mod review;
pub mod span;
pub mod time;

use crate::domain::EngineId;
use crate::proto;

/// An engine's id as a message.
pub(super) fn engine(engine: &EngineId) -> proto::Engine {
    proto::Engine {
        name: engine.name.clone(),
        version: engine.version.clone(),
    }
}

/// The row's version that an entity tag names.
pub(super) fn row_version(etag: &str) -> Option<i64> {
    etag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// A row's version as an entity tag (RFC 9110: a quoted string).
pub(super) fn etag(row_version: i64) -> String {
    format!("\"{row_version}\"")
}
