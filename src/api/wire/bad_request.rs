//! The error that reports every invalid field of a request.

use std::collections::HashMap;

use tonic::Status;
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::reason::{DOMAIN, Reason, code, spelling};

/// Maximum number of fields in `BadRequest`: error details are sent in trailers, whose size proxies limit.
const MAX_VIOLATIONS: usize = 20;

/// An invalid field.
#[derive(Debug, Clone)]
pub struct Violation {
    /// Its path in the request.
    pub field: String,
    /// Why it is invalid.
    pub reason: Reason,
    /// What is wrong, continuing a sentence that begins with the field.
    pub description: String,
    metadata: HashMap<String, String>,
}

impl Violation {
    /// Creates a violation with metadata in addition to the field's path.
    pub fn new<const N: usize>(
        field: &str,
        reason: Reason,
        description: impl Into<String>,
        metadata: [(&str, String); N],
    ) -> Self {
        let own = metadata
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value));
        let mut metadata: HashMap<String, String> = own.collect();
        metadata.insert("field".to_owned(), field.to_owned());
        Self {
            field: field.to_owned(),
            reason,
            description: description.into(),
            metadata,
        }
    }
}

/// Builds the error that reports all violations, with the reason of the first.
#[must_use]
pub fn bad_request(first: &Violation, all: &[Violation]) -> Status {
    let message = format!("{} {}", first.field, first.description);
    let mut details =
        ErrorDetails::with_error_info(spelling(first.reason), DOMAIN, first.metadata.clone());
    let violations = all.iter().take(MAX_VIOLATIONS);
    let violations =
        violations.map(|violation| FieldViolation::new(&violation.field, &violation.description));
    details.set_bad_request(violations.collect::<Vec<_>>());
    Status::with_error_details(code(first.reason), message, details)
}
