//! What only propositions run.

use onrecord::domain::{ClaimId, PropositionId};
use onrecord::matching::embed;
use onrecord::store::{ClaimFilter, Store, StoreError};

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
    embeddings(store, claims[0]).await
}

/// Keeps a vector, if the database can, and looks for what is near.
async fn embeddings(store: &Store, claim: ClaimId) -> Result<(), StoreError> {
    let embedding = embed(&["a text"])[0];
    store.keep_embeddings(&[(claim, embedding)]).await?;
    let all = ClaimFilter::default();
    let found = store.nearest_candidates(&embedding, &all, None).await?;
    let kept = usize::from(store.keeps_embeddings().await?);
    assert_eq!(found.len(), kept);
    Ok(())
}
