//! Encoding domain values as protobuf messages, and converting enums in both directions.

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

/// Encodes an engine's id.
pub(in crate::api) fn engine(engine: &EngineId) -> proto::Engine {
    proto::Engine {
        name: engine.name.clone(),
        version: engine.version.clone(),
    }
}

/// Parses the row version in an entity tag.
pub(in crate::api) fn row_version(etag: &str) -> Option<i64> {
    etag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The row version that an entity tag requires: `None` for an empty tag, which matches every version; for a tag that
/// this service did not issue, a version that no row has.
pub(in crate::api) fn wanted_version(etag: &str) -> Option<i64> {
    const NO_ROW: i64 = -1;
    (!etag.is_empty()).then(|| row_version(etag).unwrap_or(NO_ROW))
}

/// Formats a row version as an entity tag (RFC 9110: a quoted string).
pub(in crate::api) fn etag(row_version: i64) -> String {
    format!("\"{row_version}\"")
}
