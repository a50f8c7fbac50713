//! What only reviews and retractions run.

use std::collections::BTreeMap;

use onrecord::domain::{ActorId, ArticleId, ClaimField, ReviewAction};
use onrecord::store::{
    ClaimFilter, ClaimOrder, Retract, Retracted, Review, Reviewed, Store, StoreError,
};

/// Calls every function of the store that notes what people say.
pub(super) async fn review(store: &Store, article: ArticleId) -> Result<(), StoreError> {
    review_claims(store).await?;
    retract(store, article).await
}

/// Edits a claim that somebody has, rejects it, and takes that back.
async fn review_claims(store: &Store) -> Result<(), StoreError> {
    let filter = ClaimFilter::default();
    let claims = store.list_claims(&filter, ClaimOrder::default(), None, 100);
    let claims = claims.await?.items;
    let claim = claims.iter().find(|claim| claim.actor.is_some());
    let claim = claim.expect("a claim of somebody");
    let mut review = Review {
        claim: claim.id,
        action: ReviewAction::Edit,
        values: BTreeMap::from([(ClaimField::Actor, None)]),
        actor: None,
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        row_version: Some(claim.row_version),
    };
    let noted = store.review_claim(&review, None).await?;
    assert!(matches!(noted, Reviewed::Noted(_)), "{noted:?}");
    assert_eq!(
        store.review_claim(&review, None).await?,
        Reviewed::OtherVersion
    );
    review.actor = Some(ActorId(uuid::Uuid::nil()));
    let of_nobody = store.review_claim(&review, None).await?;
    assert!(matches!(of_nobody, Reviewed::ActorNotFound(_)));

    review.actor = None;
    review.row_version = None;
    review.action = ReviewAction::Reject;
    let noted = store.review_claim(&review, None).await?;
    assert!(matches!(noted, Reviewed::Noted(_)), "{noted:?}");
    review.action = ReviewAction::Withdraw;
    let Reviewed::Noted(withdrawn) = store.review_claim(&review, None).await? else {
        panic!("the withdrawal is noted")
    };
    let actor = claim.actor.map(|actor| actor.to_string());
    assert_eq!(
        withdrawn.after,
        BTreeMap::from([(ClaimField::Actor, actor)])
    );
    let reviews = store.list_claim_reviews(claim.id, None, 1).await?;
    assert_eq!(reviews.items, [withdrawn]);
    let first = store.list_claim_reviews(claim.id, reviews.next, 1).await?;
    assert_eq!((first.items.len(), first.next.is_some()), (1, true));
    Ok(())
}

/// Marks an article as withdrawn, twice.
async fn retract(store: &Store, id: ArticleId) -> Result<(), StoreError> {
    let mut retract = Retract {
        id,
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        row_version: Some(-1),
    };
    let outcome = store.retract_article(&retract, None).await?;
    assert_eq!(outcome, Retracted::OtherVersion);
    retract.row_version = None;
    for _ in 0..2 {
        assert_eq!(
            store.retract_article(&retract, None).await?,
            Retracted::Done
        );
    }
    Ok(())
}
