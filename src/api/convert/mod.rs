//! Encoding domain values as protobuf messages, and converting enums in both directions.

pub mod actor;
pub mod article;
pub mod claim;
pub mod deletion;
pub mod document;
pub mod enums;
pub mod extraction;
pub mod fact_check;
pub mod json;
pub mod operation;
pub mod relation;
pub mod review;
pub mod span;
pub mod table;
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

/// Parses the row version in an entity tag; `None` if this service did not issue the tag.
pub(in crate::api) fn row_version(tag: &str) -> Option<i64> {
    let version = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    (etag(version) == tag).then_some(version)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{etag, row_version, wanted_version};

    proptest! {
        #[test]
        fn a_row_version_survives(version: i64) {
            prop_assert_eq!(row_version(&etag(version)), Some(version));
        }

        #[test]
        fn each_row_version_has_one_tag(tag in "\"[+-]?0{0,2}[0-9]{0,20}\"|[0-9\"]{0,5}|\\PC*") {
            if let Some(version) = row_version(&tag) {
                prop_assert_eq!(etag(version), tag);
            } else if !tag.is_empty() {
                prop_assert_eq!(wanted_version(&tag), Some(-1));
            }
        }
    }
}
