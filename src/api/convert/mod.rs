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
pub(in crate::api) fn engine(engine: &EngineId) -> proto::Engine {
    proto::Engine {
        name: engine.name.clone(),
        version: engine.version.clone(),
    }
}

/// The row's version that an entity tag names.
pub(in crate::api) fn row_version(etag: &str) -> Option<i64> {
    etag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The version that an entity tag asks for: `None` for an empty tag, which every version meets, and for a tag that this
/// service never made one that no row has.
pub(in crate::api) fn wanted_version(etag: &str) -> Option<i64> {
    const NO_ROW: i64 = -1;
    (!etag.is_empty()).then(|| row_version(etag).unwrap_or(NO_ROW))
}

/// A row's version as an entity tag (RFC 9110: a quoted string).
pub(in crate::api) fn etag(row_version: i64) -> String {
    format!("\"{row_version}\"")
}
