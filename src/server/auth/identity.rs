use tonic::Status;

use super::scopes::{Scope, Scopes};
use crate::api::wire::status::{Reason, error, error_with};
use crate::service::Caller;

/// A caller and what it may do.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub caller: Caller,
    pub scopes: Scopes,
}

/// Why a call is refused. Nothing of what the caller sent is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The caller did not prove who it is.
    Unauthenticated(&'static str),
    /// The caller lacks this scope.
    Forbidden(Scope),
    /// The issuer's keys are not known yet.
    NoIssuerKeys,
}

impl Refusal {
    /// The error that the caller gets.
    pub(super) fn status(self) -> Status {
        match self {
            Self::Unauthenticated(why) => error(Reason::Unauthenticated, why),
            Self::Forbidden(scope) => error_with(
                Reason::PermissionDenied,
                format!("the call needs the scope {scope}"),
                [("scope", scope.to_string())],
            ),
            Self::NoIssuerKeys => error(
                Reason::AuthenticationUnavailable,
                "the token cannot be checked: its issuer does not respond",
            ),
        }
    }
}
