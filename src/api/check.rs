//! Validation of requests.

use std::collections::HashMap;

use tonic::Status;
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::names::Named;
use super::status::{DOMAIN, Reason, code, error, spelling};

/// `BadRequest` names at most this many fields: error details travel in trailers, which proxies bound.
const MAX_VIOLATIONS: usize = 20;

/// Collects what is wrong with a request, so that one answer names every bad field.
///
/// The methods that take a value return it in the service's own terms, or a default after noting why it is bad; the
/// caller goes on and asks [`finish`](Self::finish) at the end.
#[derive(Debug, Default)]
pub struct Check {
    violations: Vec<Violation>,
}

#[derive(Debug)]
struct Violation {
    field: String,
    reason: Reason,
    description: String,
    metadata: HashMap<String, String>,
}

impl Check {
    /// Notes that `field` is bad.
    pub fn fail(&mut self, field: &str, reason: Reason, description: impl Into<String>) {
        self.fail_with(field, reason, description, []);
    }

    /// Notes that `field` is bad, with metadata beside its path.
    pub fn fail_with<const N: usize>(
        &mut self,
        field: &str,
        reason: Reason,
        description: impl Into<String>,
        metadata: [(&str, String); N],
    ) {
        let mut metadata: HashMap<String, String> = metadata
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        metadata.insert("field".to_owned(), field.to_owned());
        self.violations.push(Violation {
            field: field.to_owned(),
            reason,
            description: description.into(),
            metadata,
        });
    }

    /// True if `value` may be stored and compared: at most `max_bytes` long and without U+0000.
    pub fn text(&mut self, field: &str, value: &str, max_bytes: usize) -> bool {
        if value.contains('\0') {
            self.fail(field, Reason::NulCharacter, "holds U+0000");
        } else if value.len() > max_bytes {
            let description = format!(
                "is {} bytes long, at most {max_bytes} are allowed",
                value.len()
            );
            self.fail(field, Reason::InvalidField, description);
        } else {
            return true;
        }
        false
    }

    /// An optional text: `None` where it is empty or bad.
    pub fn optional_text(
        &mut self,
        field: &str,
        value: String,
        max_bytes: usize,
    ) -> Option<String> {
        (self.text(field, &value, max_bytes) && !value.is_empty()).then_some(value)
    }

    /// An enum field: `None` where it is bad.
    pub fn enumeration<E: TryFrom<i32>>(&mut self, field: &str, number: i32) -> Option<E> {
        let value = E::try_from(number).ok();
        if value.is_none() {
            let description = format!("{number} is no value of this enum");
            let metadata = [("value", number.to_string())];
            self.fail_with(field, Reason::InvalidEnumValue, description, metadata);
        }
        value
    }

    /// A number from 0 to 1.
    pub fn unit_interval(&mut self, field: &str, value: f32) -> f32 {
        if (0.0..=1.0).contains(&value) {
            return value;
        }
        self.fail(
            field,
            Reason::InvalidField,
            format!("is {value}, it has to be from 0 to 1"),
        );
        0.0
    }

    /// A required resource name.
    pub fn resource<T: Named>(&mut self, field: &str, name: &str) -> Option<T> {
        if name.is_empty() {
            self.fail(field, Reason::RequiredFieldMissing, "is required");
            return None;
        }
        self.optional_resource(field, name)
    }

    /// A resource name that may be empty.
    pub fn optional_resource<T: Named>(&mut self, field: &str, name: &str) -> Option<T> {
        if name.is_empty() {
            return None;
        }
        let id = T::from_resource_name(name);
        if id.is_none() {
            let description = format!("has to be \"{}/\" and a lower-case UUID", T::COLLECTION);
            self.fail(field, Reason::InvalidResourceName, description);
        }
        id
    }

    /// The verdict as [`finish`](Self::finish) gives it, and with it a value that is there unless it was bad.
    ///
    /// # Errors
    /// As for `finish`.
    pub fn finish_with<T>(self, value: Option<T>) -> Result<T, Status> {
        self.finish()?;
        value.ok_or_else(|| error(Reason::Internal, "a value was lost in validation"))
    }

    /// The verdict: `Ok` if nothing was noted, else `INVALID_ARGUMENT` with every bad field, under the reason of the
    /// first.
    ///
    /// # Errors
    /// As said.
    pub fn finish(self) -> Result<(), Status> {
        let Some(first) = self.violations.first() else {
            return Ok(());
        };
        let message = format!("{} {}", first.field, first.description);
        let mut details =
            ErrorDetails::with_error_info(spelling(first.reason), DOMAIN, first.metadata.clone());
        let code = code(first.reason);
        details.set_bad_request(
            self.violations
                .into_iter()
                .take(MAX_VIOLATIONS)
                .map(|violation| FieldViolation::new(violation.field, violation.description))
                .collect::<Vec<_>>(),
        );
        Err(Status::with_error_details(code, message, details))
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::StatusExt;

    use super::{Check, Reason};
    use crate::domain::ClaimId;

    #[test]
    fn every_bad_field_is_named_under_the_first_reason() {
        let mut check = Check::default();
        assert_eq!(check.resource::<ClaimId>("name", "claims/x"), None);
        check.unit_interval("filter.min_confidence", f32::NAN);
        let status = check.finish().unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.reason, "INVALID_RESOURCE_NAME");
        assert_eq!(info.metadata["field"], "name");
        let fields: Vec<String> = status
            .get_details_bad_request()
            .unwrap()
            .field_violations
            .into_iter()
            .map(|violation| violation.field)
            .collect();
        assert_eq!(fields, ["name", "filter.min_confidence"]);
    }

    #[test]
    fn a_flood_of_bad_fields_stays_small() {
        let mut check = Check::default();
        for n in 0..1000 {
            check.fail(
                &format!("names[{n}]"),
                Reason::InvalidResourceName,
                "is no name",
            );
        }
        let status = check.finish().unwrap_err();
        assert_eq!(
            status
                .get_details_bad_request()
                .unwrap()
                .field_violations
                .len(),
            20
        );
    }

    #[test]
    fn good_values_pass() {
        let mut check = Check::default();
        assert!(check.text("title", "ü", 2));
        assert_eq!(check.optional_text("uri", String::new(), 9), None);
        assert_eq!(
            check.unit_interval("min_confidence", 1.0).to_bits(),
            1f32.to_bits()
        );
        assert_eq!(
            check.enumeration::<Reason>("reason", 3),
            Some(Reason::NulCharacter)
        );
        assert!(check.finish().is_ok());
    }
}
