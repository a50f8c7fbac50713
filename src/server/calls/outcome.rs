use http::HeaderMap;
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub code: Code,
    /// The reason in the error's `ErrorInfo`.
    pub reason: Option<String>,
}

impl Outcome {
    /// Reads it from the headers or trailers that end a call; `None` if these do not.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let status = Status::from_header_map(headers)?;
        let reason = status.get_details_error_info().map(|info| info.reason);
        Some(Self {
            code: status.code(),
            reason,
        })
    }

    /// What is said of a call whose caller went away before its end.
    pub(super) const fn abandoned() -> Self {
        Self {
            code: Code::Cancelled,
            reason: None,
        }
    }

    /// Whether the server is to blame rather than the caller.
    pub(super) const fn is_fault(&self) -> bool {
        matches!(
            self.code,
            Code::Unknown
                | Code::DeadlineExceeded
                | Code::Internal
                | Code::Unavailable
                | Code::DataLoss
        )
    }

    /// The code as gRPC spells it.
    pub(super) const fn code_name(&self) -> &'static str {
        match self.code {
            Code::Ok => "OK",
            Code::Cancelled => "CANCELLED",
            Code::Unknown => "UNKNOWN",
            Code::InvalidArgument => "INVALID_ARGUMENT",
            Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Code::NotFound => "NOT_FOUND",
            Code::AlreadyExists => "ALREADY_EXISTS",
            Code::PermissionDenied => "PERMISSION_DENIED",
            Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Code::FailedPrecondition => "FAILED_PRECONDITION",
            Code::Aborted => "ABORTED",
            Code::OutOfRange => "OUT_OF_RANGE",
            Code::Unimplemented => "UNIMPLEMENTED",
            Code::Internal => "INTERNAL",
            Code::Unavailable => "UNAVAILABLE",
            Code::DataLoss => "DATA_LOSS",
            Code::Unauthenticated => "UNAUTHENTICATED",
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use tonic::Code;

    use super::Outcome;
    use crate::api::wire::status::{Reason, error};

    #[test]
    fn an_error_is_read_with_its_reason() {
        let mut headers = HeaderMap::new();
        assert_eq!(Outcome::read(&headers), None);
        error(Reason::ClaimNotFound, "gone")
            .add_header(&mut headers)
            .unwrap();
        let outcome = Outcome::read(&headers).unwrap();
        assert_eq!(outcome.code_name(), "NOT_FOUND");
        assert_eq!(outcome.reason.as_deref(), Some("CLAIM_NOT_FOUND"));
        assert!(!outcome.is_fault());
    }

    #[test]
    fn codes_are_spelled_as_grpc_does() {
        for number in 0..17 {
            let outcome = Outcome {
                code: Code::from_i32(number),
                reason: None,
            };
            let plain = outcome.code_name().replace('_', "");
            assert_eq!(plain, format!("{:?}", outcome.code).to_uppercase());
        }
    }
}
