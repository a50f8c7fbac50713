//! How errors look on the wire: the table from reason to gRPC code, and from store error to reason.

use std::collections::HashMap;

use prost::Message;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt, pb};

pub use crate::proto::ErrorReason as Reason;
use crate::store::StoreError;

/// The domain of every `google.rpc.ErrorInfo` of this service.
pub const DOMAIN: &str = "onrecord";

/// The gRPC code a reason comes with, as its comment in the schema says.
#[must_use]
pub const fn code(reason: Reason) -> Code {
    match reason {
        Reason::RequiredFieldMissing
        | Reason::TextTooLarge
        | Reason::NulCharacter
        | Reason::InvalidField
        | Reason::InvalidResourceName
        | Reason::InvalidEnumValue
        | Reason::InvalidPageSize
        | Reason::InvalidPageToken
        | Reason::PageTokenFilterMismatch
        | Reason::InvalidResumeToken
        | Reason::MalformedMessage => Code::InvalidArgument,
        Reason::MessageTooLarge => Code::ResourceExhausted,
        Reason::UnknownMethod => Code::Unimplemented,
        Reason::ArticleNotFound
        | Reason::RevisionNotFound
        | Reason::PropositionNotFound
        | Reason::ActorNotFound
        | Reason::ClaimNotFound => Code::NotFound,
        Reason::ArticleExists => Code::AlreadyExists,
        Reason::DatabaseUnavailable | Reason::Overloaded | Reason::ServerStopping => {
            Code::Unavailable
        }
        Reason::ResumeTokenExpired => Code::OutOfRange,
        Reason::DatabaseNotMigrated | Reason::ActorMerged | Reason::ActorNotMerged => {
            Code::FailedPrecondition
        }
        Reason::DeadlineExceeded => Code::DeadlineExceeded,
        Reason::EtagMismatch => Code::Aborted,
        Reason::Unspecified | Reason::Internal => Code::Internal,
    }
}

/// The reason as `ErrorInfo` spells it: the enum value's name without its prefix.
#[must_use]
pub fn spelling(reason: Reason) -> &'static str {
    let name = reason.as_str_name();
    name.strip_prefix("ERROR_REASON_").unwrap_or(name)
}

/// An error with its `ErrorInfo` and no metadata.
#[must_use]
pub fn error(reason: Reason, message: impl Into<String>) -> Status {
    error_with(reason, message, [])
}

/// An error with its `ErrorInfo` and metadata.
#[must_use]
pub fn error_with<const N: usize>(
    reason: Reason,
    message: impl Into<String>,
    metadata: [(&str, String); N],
) -> Status {
    let metadata: HashMap<String, String> = metadata
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let details = ErrorDetails::with_error_info(spelling(reason), DOMAIN, metadata);
    Status::with_error_details(code(reason), message, details)
}

/// The error as a message, for where it is a part of an answer.
#[must_use]
pub fn message(status: &Status) -> pb::Status {
    let bare = || pb::Status {
        code: status.code().into(),
        message: status.message().to_owned(),
        details: Vec::new(),
    };
    // The details are the whole message, encoded, as gRPC sends it beside the code.
    match pb::Status::decode(status.details()) {
        Ok(whole) if !status.details().is_empty() => whole,
        _ => bare(),
    }
}

/// What a caller is told of a store error. The driver's own words stay in the log.
impl From<StoreError> for Status {
    fn from(failure: StoreError) -> Self {
        let reason = match &failure {
            StoreError::TooLarge { max_bytes } => {
                let metadata = [("max_bytes", max_bytes.to_string())];
                return error_with(Reason::MessageTooLarge, failure.to_string(), metadata);
            }
            StoreError::Unavailable(_) | StoreError::Contention(_) => Reason::DatabaseUnavailable,
            StoreError::NotMigrated(_) => Reason::DatabaseNotMigrated,
            StoreError::Timeout(_) => Reason::DeadlineExceeded,
            StoreError::Unreadable { .. }
            | StoreError::Migrate(_)
            | StoreError::Url(_)
            | StoreError::Internal(_) => Reason::Internal,
        };
        let cause = std::error::Error::source(&failure).map(ToString::to_string);
        if reason == Reason::Internal {
            tracing::error!(error = %failure, cause, "the store failed");
            return error(reason, "an internal error; the server's log tells more");
        }
        tracing::warn!(error = %failure, cause, "the store cannot serve");
        error(reason, failure.to_string())
    }
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use tonic_types::StatusExt;

    use super::{Reason, code, error_with, spelling};
    use crate::store::StoreError;

    #[test]
    fn an_error_carries_its_reason_and_metadata() {
        let status = error_with(Reason::ClaimNotFound, "gone", [("name", "claims/x".into())]);
        assert_eq!(status.code(), Code::NotFound);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("CLAIM_NOT_FOUND", "onrecord")
        );
        assert_eq!(info.metadata["name"], "claims/x");
    }

    #[test]
    fn the_drivers_words_are_not_sent() {
        let secret = sqlx::Error::Protocol("password of user x".into());
        let status = Status::from(StoreError::Internal(secret));
        assert!(
            !status.message().contains("password"),
            "{}",
            status.message()
        );
        assert_eq!(status.code(), Code::Internal);
    }

    #[test]
    fn every_reason_of_the_schema_has_a_code_and_a_name() {
        for number in 1..=29 {
            let reason = Reason::try_from(number).unwrap();
            assert_ne!(code(reason), Code::Ok);
            assert!(!spelling(reason).starts_with("ERROR_"));
        }
        assert!(
            Reason::try_from(30).is_err(),
            "a new reason belongs into this test's range"
        );
    }
}
