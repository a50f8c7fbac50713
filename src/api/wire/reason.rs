//! Error reasons and the gRPC code of each.

use tonic::Code;

pub use crate::proto::ErrorReason as Reason;

/// The domain of every `google.rpc.ErrorInfo` of this service.
pub const DOMAIN: &str = "onrecord.dev";

/// The gRPC code of a reason, as documented in the schema.
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
        | Reason::MalformedMessage
        | Reason::RequestIdReused => Code::InvalidArgument,
        Reason::MessageTooLarge | Reason::Overloaded | Reason::RateLimited => {
            Code::ResourceExhausted
        }
        Reason::UnknownMethod => Code::Unimplemented,
        Reason::ArticleNotFound
        | Reason::ArticleDeleted
        | Reason::RevisionNotFound
        | Reason::PropositionNotFound
        | Reason::FactCheckNotFound
        | Reason::OperationNotFound
        | Reason::ActorNotFound
        | Reason::ActorDeleted
        | Reason::ClaimNotFound => Code::NotFound,
        Reason::ArticleExists => Code::AlreadyExists,
        Reason::DatabaseUnavailable
        | Reason::ServerStopping
        | Reason::StreamExpired
        | Reason::AuthenticationUnavailable => Code::Unavailable,
        Reason::Unauthenticated => Code::Unauthenticated,
        Reason::PermissionDenied => Code::PermissionDenied,
        Reason::ResumeTokenExpired => Code::OutOfRange,
        Reason::DatabaseNotMigrated
        | Reason::ActorMerged
        | Reason::ActorNotMerged
        | Reason::ContentDeleted
        | Reason::OperationRunning => Code::FailedPrecondition,
        Reason::DeadlineExceeded => Code::DeadlineExceeded,
        Reason::EtagMismatch | Reason::WriteConflict => Code::Aborted,
        Reason::Unspecified | Reason::Internal => Code::Internal,
    }
}

/// The spelling used in `ErrorInfo`: the enum value's name without its prefix.
#[must_use]
pub fn spelling(reason: Reason) -> &'static str {
    let name = reason.as_str_name();
    name.strip_prefix("ERROR_REASON_").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::{Reason, code, spelling};

    #[test]
    fn every_reason_of_the_schema_has_a_code_and_a_name() {
        let reasons: Vec<Reason> = (1..100).filter_map(|n| Reason::try_from(n).ok()).collect();
        assert!(reasons.len() >= 35);
        for reason in reasons {
            assert_ne!(code(reason), Code::Ok);
            assert!(!spelling(reason).starts_with("ERROR_"));
        }
    }
}
