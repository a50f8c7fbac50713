use std::collections::HashSet;

use crate::domain::{Claim, ClaimId};
use crate::service::ServiceError;
use crate::store::Store;

/// The claims of `ids`, each once, in no order.
///
/// # Errors
/// [`ServiceError::ClaimNotFound`] where one is not there; [`ServiceError::Store`].
#[tracing::instrument(skip_all, fields(claims = ids.len()))]
pub async fn claims_by_id(store: &Store, ids: &[ClaimId]) -> Result<Vec<Claim>, ServiceError> {
    let claims = store.claims(ids).await?;
    let found: HashSet<ClaimId> = claims.iter().map(|claim| claim.id).collect();
    match claims_not_found(ids, |id| found.contains(&id)) {
        Some(error) => Err(error),
        None => Ok(claims),
    }
}

/// The error that some of these claims are not there; `None` where all are.
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
