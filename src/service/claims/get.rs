use std::collections::HashSet;

use crate::domain::{Claim, ClaimId};
use crate::service::ServiceError;
use crate::store::Store;

/// Returns the claims with these ids, each once, in no particular order.
///
/// # Errors
/// [`ServiceError::ClaimNotFound`] where one does not exist; [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(claims = ids.len()))]
pub async fn claims_by_id(store: &Store, ids: &[ClaimId]) -> Result<Vec<Claim>, ServiceError> {
    let claims = store.claims(ids).await?;
    let found: HashSet<ClaimId> = claims.iter().map(|claim| claim.id).collect();
    match claims_not_found(ids, |id| found.contains(&id)) {
        Some(error) => Err(error),
        None => Ok(claims),
    }
}

/// The error for claims that do not exist; `None` where all of them do.
pub fn claims_not_found(
    ids: &[ClaimId],
    is_there: impl Fn(ClaimId) -> bool,
) -> Option<ServiceError> {
    let missing: Vec<ClaimId> = ids.iter().copied().filter(|id| !is_there(*id)).collect();
    let first = *missing.first()?;
    Some(ServiceError::ClaimNotFound {
        first,
        missing: missing.len(),
    })
}
