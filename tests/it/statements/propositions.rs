//! What only propositions run.

use onrecord::domain::PropositionId;
use onrecord::store::{Store, StoreError};

/// Has all claims belong to one proposition.
pub(super) async fn settle(store: &Store) -> Result<(), StoreError> {
    let mut unsettled = store.unsettled(1_000).await?.expect("claims");
    // Only one at a time.
    assert!(store.unsettled(1).await?.is_none());
    let claims = unsettled.claims.clone();
    let proposition = PropositionId(claims[0].0);
    assert!(unsettled.belonging(&claims).await?.is_empty());
    unsettled.join(&claims, proposition).await?;
    let founders = unsettled.propositions_of(&claims).await?;
    assert_eq!(founders.get(&claims[0]), Some(&proposition));
    unsettled.settle().await?;
    assert!(store.unsettled(1).await?.is_none());

    let found = store
        .proposition(proposition)
        .await?
        .expect("a proposition");
    assert!(found.claims > 1);
    let page = store.proposition_claims(proposition, None, 1).await?;
    assert_eq!(page.items[0].proposition, Some(proposition));
    let next = store.proposition_claims(proposition, page.next, 1).await?;
    assert_ne!(next.items[0].id, page.items[0].id);
    Ok(())
}
