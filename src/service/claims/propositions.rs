//! Propositions: what several claims say.

use crate::domain::{Claim, Proposition, PropositionId};
use crate::service::ServiceError;
use crate::store::{AppearancePosition, Page, Store};

/// A proposition with its first and last claims; one deleted in the meantime is left out.
#[derive(Debug, Clone)]
pub struct PropositionDetails {
    /// What is known of it.
    pub proposition: Proposition,
    /// Its first and last claims, in no particular order.
    pub claims: Vec<Claim>,
}

/// Returns the proposition.
///
/// # Errors
/// [`ServiceError::PropositionNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(proposition = %id))]
pub async fn proposition(
    store: &Store,
    id: PropositionId,
) -> Result<PropositionDetails, ServiceError> {
    let found = store.proposition(id).await?;
    let found = found.ok_or(ServiceError::PropositionNotFound(id))?;
    Ok(PropositionDetails {
        claims: store.claims(&[found.first, found.last]).await?,
        proposition: found,
    })
}

/// Lists the claims assigned to a proposition, earliest first.
///
/// # Errors
/// [`ServiceError::PropositionNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(proposition = %id))]
pub async fn list_proposition_claims(
    store: &Store,
    id: PropositionId,
    after: Option<AppearancePosition>,
    size: usize,
) -> Result<Page<Claim, AppearancePosition>, ServiceError> {
    let page = store.proposition_claims(id, after, size).await?;
    if page.items.is_empty() && after.is_none() {
        return Err(ServiceError::PropositionNotFound(id));
    }
    Ok(page)
}
