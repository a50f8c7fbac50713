use std::collections::{BTreeSet, HashMap};
use std::future::Future;

use onrecord::proto::ErrorReason;
use tonic::Status;
use tonic_types::StatusExt;

/// What the schema promises of every reason stands in this file's comments.
const SCHEMA: &str = include_str!("../../../proto/onrecord/v1/error.proto");

/// An error as a caller reads it.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub reason: ErrorReason,
    /// The paths of the fields at fault.
    pub fields: Vec<String>,
    pub metadata: HashMap<String, String>,
}

impl Fault {
    /// Reads an error and holds it to what the schema says of its reason: the code, the keys of the metadata, and
    /// that a field at fault is named in both places.
    pub fn of(status: &Status) -> Self {
        let info = status
            .get_details_error_info()
            .unwrap_or_else(|| panic!("an error without ErrorInfo: {status:?}"));
        assert_eq!(info.domain, "onrecord.dev");
        let comment = comment_on(&info.reason);
        let code = format!("{:?}", status.code()).to_uppercase();
        let (_, metadata) = comment.split_once("Metadata:").expect("says its metadata");
        let metadata = metadata.split('.').next().expect("a sentence");
        assert_eq!(
            code,
            quoted(&comment)[0].replace('_', ""),
            "{}",
            info.reason
        );
        let keys: BTreeSet<&str> = info.metadata.keys().map(String::as_str).collect();
        assert_eq!(keys, quoted(metadata).into_iter().collect(), "{status:?}");

        let violations = status
            .get_details_bad_request()
            .map_or_else(Vec::new, |bad| bad.field_violations);
        let fields: Vec<String> = violations.into_iter().map(|bad| bad.field).collect();
        assert_eq!(info.metadata.get("field"), fields.first());
        Self {
            reason: ErrorReason::from_str_name(&format!("ERROR_REASON_{}", info.reason))
                .expect("a reason of the schema"),
            fields,
            metadata: info.metadata,
        }
    }
}

/// The schema's comment on a reason.
fn comment_on(reason: &str) -> String {
    let (before, _) = SCHEMA
        .split_once(&format!("  ERROR_REASON_{reason} ="))
        .unwrap_or_else(|| panic!("the schema has no reason {reason}"));
    let comment = before.rsplit("\n\n").next().expect("a comment");
    comment.replace("  //", "")
}

/// The words between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Makes a call that has to be refused for this reason, naming these fields.
pub async fn refused<T>(
    call: impl Future<Output = Result<T, Status>>,
    reason: ErrorReason,
    fields: &[&str],
) -> Fault {
    let Err(status) = call.await else {
        panic!("taken in spite of {reason:?} in {fields:?}");
    };
    let fault = Fault::of(&status);
    assert_eq!(fault.reason, reason, "{status:?}");
    assert_eq!(fault.fields, fields, "{status:?}");
    fault
}
