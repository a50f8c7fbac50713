use crate::domain::{Claim, ClaimId, ClaimReview};
use crate::service::actors::missing;
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{Page, Review, Reviewed, Store, WriteRequest};

use super::get::claims_by_id;

/// Records a review and returns it with the updated claim.
///
/// # Errors
/// [`ServiceError::ClaimNotFound`], [`ServiceError::EtagMismatch`], [`ServiceError::ActorNotFound`],
/// [`ServiceError::ActorDeleted`], [`ServiceError::ActorMerged`], [`ServiceError::InvalidField`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(claim = %review.claim))]
pub async fn review_claim(
    store: &Store,
    review: Review,
    request: Option<WriteRequest>,
) -> Result<(Claim, ClaimReview), ServiceError> {
    let id = review.claim;
    let not_found = || ServiceError::ClaimNotFound {
        first: id,
        missing: 1,
    };
    let misfit = |field, description: &str| ServiceError::InvalidField {
        field,
        description: description.to_owned(),
    };
    let noted = in_own_task(store, |store| async move {
        store.review_claim(&review, request.as_ref()).await
    });
    let noted = match noted.await? {
        Reviewed::Noted(noted) => noted,
        Reviewed::NotFound => return Err(not_found()),
        Reviewed::OtherVersion => return Err(ServiceError::EtagMismatch(Versioned::Claim(id))),
        Reviewed::ActorNotFound(actor) => return Err(missing(store, actor).await),
        Reviewed::ActorMerged(actor) => return Err(ServiceError::ActorMerged(actor)),
        Reviewed::NoSource => {
            let field = "claim.source.source_class";
            return Err(misfit(field, "cannot be set: the claim has no source"));
        }
        Reviewed::HalfCommitted => {
            let description = "would leave one of certainty and polarity without the other";
            return Err(misfit("update_mask", description));
        }
    };
    let claim = store.claims(&[id]).await?.pop();
    Ok((claim.ok_or_else(not_found)?, noted))
}

/// Lists the reviews of a claim, newest first.
///
/// # Errors
/// [`ServiceError::ClaimNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(claim = %id))]
pub async fn list_claim_reviews(
    store: &Store,
    id: ClaimId,
    before: Option<i64>,
    size: usize,
) -> Result<Page<ClaimReview, i64>, ServiceError> {
    let page = store.list_claim_reviews(id, before, size).await?;
    if page.items.is_empty() && before.is_none() {
        claims_by_id(store, &[id]).await?;
    }
    Ok(page)
}
