//! Validation of requests.

use tonic::Status;

use crate::api::wire::bad_request::{Violation, bad_request};
use crate::api::wire::names::Named;
use crate::api::wire::status::Reason;

/// Collects the violations in a request, so that one error reports every invalid field.
///
/// Methods that take a value return it parsed into the service's own type, or record a violation and return a
/// default; the caller carries on and calls [`finish`](Self::finish) at the end.
#[derive(Debug, Default)]
pub struct Check {
    violations: Vec<Violation>,
}

/// Says that a violation was recorded: what a parser returns in place of an invalid value.
#[derive(Debug)]
pub struct Violated(Violation);

impl Check {
    /// Records that `field` is invalid.
    pub fn fail(
        &mut self,
        field: &str,
        reason: Reason,
        description: impl Into<String>,
    ) -> Violated {
        self.fail_with(field, reason, description, [])
    }

    /// Records that `field` is invalid, with metadata in addition to its path.
    pub fn fail_with<const N: usize>(
        &mut self,
        field: &str,
        reason: Reason,
        description: impl Into<String>,
        metadata: [(&str, String); N],
    ) -> Violated {
        let violation = Violation::new(field, reason, description, metadata);
        self.violations.push(violation.clone());
        Violated(violation)
    }

    /// Returns whether `value` may be stored and compared: at most `max_bytes` long and without U+0000.
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

    /// An optional text: `None` if it is empty or invalid.
    pub fn optional_text(
        &mut self,
        field: &str,
        value: String,
        max_bytes: usize,
    ) -> Option<String> {
        (self.text(field, &value, max_bytes) && !value.is_empty()).then_some(value)
    }

    /// An enum field: `None` if it is invalid.
    pub fn enumeration<E: TryFrom<i32>>(&mut self, field: &str, number: i32) -> Option<E> {
        self.required_enumeration(field, number).ok()
    }

    /// An enum field that must be valid.
    ///
    /// # Errors
    /// [`Violated`] if the number is not a value of the enum.
    pub fn required_enumeration<E: TryFrom<i32>>(
        &mut self,
        field: &str,
        number: i32,
    ) -> Result<E, Violated> {
        E::try_from(number).map_err(|_| {
            let description = format!("{number} is no value of this enum");
            let metadata = [("value", number.to_string())];
            self.fail_with(field, Reason::InvalidEnumValue, description, metadata)
        })
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
    ///
    /// # Errors
    /// [`Violated`] if it is missing or does not name such a resource.
    pub fn resource<T: Named>(&mut self, field: &str, name: &str) -> Result<T, Violated> {
        if name.is_empty() {
            return Err(self.fail(field, Reason::RequiredFieldMissing, "is required"));
        }
        T::from_resource_name(name).ok_or_else(|| {
            let description = format!("has to be \"{}/\" and a lower-case UUID", T::COLLECTION);
            self.fail(field, Reason::InvalidResourceName, description)
        })
    }

    /// A resource name that may be empty.
    pub fn optional_resource<T: Named>(&mut self, field: &str, name: &str) -> Option<T> {
        if name.is_empty() {
            return None;
        }
        self.resource(field, name).ok()
    }

    /// Like [`finish`](Self::finish), but returns the parsed value if no violation was recorded.
    ///
    /// # Errors
    /// As `finish`.
    pub fn finish_with<T>(mut self, value: Result<T, Violated>) -> Result<T, Status> {
        match value {
            Ok(value) => self.finish().map(|()| value),
            Err(Violated(violation)) => {
                if self.violations.is_empty() {
                    self.violations.push(violation);
                }
                Err(bad_request(&self.violations[0], &self.violations))
            }
        }
    }

    /// Returns `Ok` if no violation was recorded, otherwise `INVALID_ARGUMENT` with every invalid field and the
    /// reason of the first.
    ///
    /// # Errors
    /// As described above.
    pub fn finish(self) -> Result<(), Status> {
        match self.violations.first() {
            None => Ok(()),
            Some(first) => Err(bad_request(first, &self.violations)),
        }
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
        assert!(check.resource::<ClaimId>("name", "claims/x").is_err());
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
