//! Errors on the wire, and the mapping from failed use cases to gRPC statuses.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use prost::Message;
use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt, pb};

use super::bad_request::{Violation, bad_request};
use super::names::Named;
pub use super::reason::Reason;
use super::reason::{DOMAIN, code, spelling};
use crate::service::{ServiceError, Versioned};
use crate::store::StoreError;

/// When one of the running exports may have ended.
const AFTER_AN_EXPORT: Duration = Duration::from_secs(5);

/// Builds an error with its `ErrorInfo` and no metadata.
#[must_use]
pub fn error(reason: Reason, message: impl Into<String>) -> Status {
    error_with(reason, message, [])
}

/// Builds an error with its `ErrorInfo` and metadata.
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

/// Builds an error that says when to try again, as `google.rpc.RetryInfo`.
#[must_use]
pub fn retry_later(reason: Reason, message: &str, retry_after: Duration) -> Status {
    let mut details = ErrorDetails::with_error_info(spelling(reason), DOMAIN, HashMap::new());
    details.set_retry_info(Some(retry_after));
    Status::with_error_details(code(reason), message, details)
}

/// Encodes an error as a message, for use inside a response.
#[must_use]
pub fn message(status: &Status) -> pb::Status {
    let bare = || pb::Status {
        code: status.code().into(),
        message: status.message().to_owned(),
        details: Vec::new(),
    };
    // The details hold the whole encoded message, as gRPC sends it in addition to the code.
    match pb::Status::decode(status.details()) {
        Ok(whole) if !status.details().is_empty() => whole,
        _ => bare(),
    }
}

/// Maps a failed use case to a status: the only such mapping.
impl From<ServiceError> for Status {
    fn from(failure: ServiceError) -> Self {
        match failure {
            ServiceError::InvalidField { field, description } => {
                let violation = Violation::new(field, Reason::InvalidField, description, []);
                bad_request(&violation, std::slice::from_ref(&violation))
            }
            ServiceError::ArticleNotFound(id) => not_found(Reason::ArticleNotFound, &id),
            ServiceError::ActorNotFound(id) => not_found(Reason::ActorNotFound, &id),
            ServiceError::PropositionNotFound(id) => not_found(Reason::PropositionNotFound, &id),
            ServiceError::FactCheckNotFound(id) => not_found(Reason::FactCheckNotFound, &id),
            ServiceError::OperationNotFound(id) => not_found(Reason::OperationNotFound, &id),
            ServiceError::OperationRunning(id) => about(
                Reason::OperationRunning,
                &id,
                "is not done: cancel it first",
            ),
            ServiceError::RevisionNotFound { article, revision } => {
                let name = article.resource_name();
                let message = format!("{name} has no revision {revision}");
                let metadata = [("name", name), ("revision", revision.to_string())];
                error_with(Reason::RevisionNotFound, message, metadata)
            }
            ServiceError::ClaimNotFound { first, missing } => {
                let name = first.resource_name();
                let message = format!("there is no {name}");
                let metadata = [("name", name), ("missing_count", missing.to_string())];
                error_with(Reason::ClaimNotFound, message, metadata)
            }
            ServiceError::NotClaimOfActor(id) => {
                about(Reason::ClaimNotFound, &id, "is not a claim of that actor")
            }
            ServiceError::ActorMerged(id) => {
                about(Reason::ActorMerged, &id, "was merged into another actor")
            }
            ServiceError::ActorNotMerged(id) => about(
                Reason::ActorNotMerged,
                &id,
                "was not merged into that actor",
            ),
            ServiceError::ArticleExists(id) => {
                about(Reason::ArticleExists, &id, "has that text already")
            }
            ServiceError::ArticleDeleted { id, time } => deleted(Reason::ArticleDeleted, &id, time),
            ServiceError::ActorDeleted { id, time } => deleted(Reason::ActorDeleted, &id, time),
            ServiceError::ContentDeleted(id) => about(
                Reason::ContentDeleted,
                &id,
                "had this content and was deleted",
            ),
            ServiceError::ExternalIdTaken(id) => about(
                Reason::ArticleExists,
                &id,
                "of this publisher has that external_id, and other content",
            ),
            ServiceError::EtagMismatch(versioned) => match versioned {
                Versioned::Article(id) => etag_mismatch(&id),
                Versioned::Actor(id) => etag_mismatch(&id),
                Versioned::Claim(id) => etag_mismatch(&id),
            },
            ServiceError::NoDatabase | ServiceError::DatabaseLost => {
                error(Reason::DatabaseUnavailable, failure.to_string())
            }
            ServiceError::ResumeTokenExpired => {
                error(Reason::ResumeTokenExpired, failure.to_string())
            }
            ServiceError::TooManyExports => {
                retry_later(Reason::Overloaded, &failure.to_string(), AFTER_AN_EXPORT)
            }
            ServiceError::Overloaded { retry_after } => {
                retry_later(Reason::Overloaded, &failure.to_string(), retry_after)
            }
            ServiceError::Stopping => {
                let message = "the server is about to stop: go on with the last resume_token";
                error(Reason::ServerStopping, message)
            }
            // The log has more, where it happened.
            ServiceError::Lost(_) => internal(),
            ServiceError::Store(failure) => failure.into(),
        }
    }
}

/// Maps a store error to a status. The driver's own message appears only in the log.
impl From<StoreError> for Status {
    fn from(failure: StoreError) -> Self {
        let reason = match &failure {
            StoreError::TooLarge { max_bytes } => {
                let metadata = [("max_bytes", max_bytes.to_string())];
                return error_with(Reason::MessageTooLarge, failure.to_string(), metadata);
            }
            StoreError::RequestIdReused => {
                let description = "was used for another request";
                let reason = Reason::RequestIdReused;
                let violation = Violation::new("request_id", reason, description, []);
                return bad_request(&violation, std::slice::from_ref(&violation));
            }
            StoreError::Unavailable(_) => Reason::DatabaseUnavailable,
            StoreError::Contention(_) => Reason::WriteConflict,
            StoreError::NotMigrated(_) | StoreError::InvalidIndex(_) => Reason::DatabaseNotMigrated,
            StoreError::Timeout(_) => Reason::DeadlineExceeded,
            StoreError::Unreadable { .. }
            | StoreError::Migrate(_)
            | StoreError::Credentials { .. }
            | StoreError::Url(_)
            | StoreError::Internal(_) => Reason::Internal,
        };
        let cause = std::error::Error::source(&failure).map(ToString::to_string);
        if reason == Reason::Internal {
            tracing::error!(error = %failure, cause, "the store failed");
            return internal();
        }
        tracing::warn!(error = %failure, cause, "the store could not serve the request");
        error(reason, failure.to_string())
    }
}

/// An error that reveals nothing about what happened; the log does.
#[must_use]
pub fn internal() -> Status {
    error(
        Reason::Internal,
        "an internal error; the server's log tells more",
    )
}

fn not_found(reason: Reason, id: &impl Named) -> Status {
    let name = id.resource_name();
    error_with(reason, format!("there is no {name}"), [("name", name)])
}

fn deleted(reason: Reason, id: &impl Named, time: DateTime<Utc>) -> Status {
    let name = id.resource_name();
    let message = format!("{name} was deleted");
    let time = time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    error_with(reason, message, [("name", name), ("delete_time", time)])
}

fn etag_mismatch(id: &impl Named) -> Status {
    about(
        Reason::EtagMismatch,
        id,
        "has changed: its etag is another one",
    )
}

fn about(reason: Reason, id: &impl Named, words: &str) -> Status {
    let name = id.resource_name();
    error_with(reason, format!("{name} {words}"), [("name", name)])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic::{Code, Status};
    use tonic_types::StatusExt;

    use super::{Reason, error_with};
    use crate::service::ServiceError;
    use crate::store::StoreError;

    #[test]
    fn an_error_carries_its_reason_and_metadata() {
        let status = error_with(Reason::ClaimNotFound, "gone", [("name", "claims/x".into())]);
        assert_eq!(status.code(), Code::NotFound);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("CLAIM_NOT_FOUND", "onrecord.dev")
        );
        assert_eq!(info.metadata["name"], "claims/x");
    }

    #[test]
    fn contention_is_the_callers_to_retry_and_no_outage() {
        let conflict = sqlx::Error::Protocol("deadlock detected".into());
        let status = Status::from(StoreError::Contention(conflict));
        assert_eq!(status.code(), Code::Aborted);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.reason, "WRITE_CONFLICT");
    }

    #[test]
    fn overload_says_when_to_try_again() {
        let retry_after = Duration::from_millis(1_500);
        let status = Status::from(ServiceError::Overloaded { retry_after });
        assert_eq!(status.code(), Code::ResourceExhausted);
        let retry = status.get_details_retry_info().unwrap();
        assert_eq!(retry.retry_delay, Some(retry_after));
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_like_one_that_is_malformed() {
        let status = Status::from(ServiceError::InvalidField {
            field: "query",
            description: "names no word".to_owned(),
        });
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(status.message(), "query names no word");
        let violations = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations[0].field, "query");
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
}
