use crate::domain::FailureReason;
use crate::service::ServiceError;
use crate::store::StoreError;

/// Why an article could not be read; `None` where it is not the article's fault, so that it has to be tried again.
pub(super) const fn reason(error: &ServiceError) -> Option<FailureReason> {
    match error {
        ServiceError::Store(error) => match error {
            StoreError::Unavailable(_)
            | StoreError::NotMigrated(_)
            | StoreError::InvalidIndex(_)
            | StoreError::Credentials { .. } => None,
            StoreError::Contention(_) => Some(FailureReason::WriteConflict),
            StoreError::Timeout(_) => Some(FailureReason::DeadlineExceeded),
            _ => Some(FailureReason::Internal),
        },
        _ => Some(FailureReason::Internal),
    }
}
