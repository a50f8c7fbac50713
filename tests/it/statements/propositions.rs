//! What only propositions run.

use onrecord::domain::{ClaimId, PropositionId};
use onrecord::matching::embed;
use onrecord::store::{Assignment, ClaimFilter, SameClaim, Store, StoreError};

/// Has all claims belong to one proposition.
pub(super) async fn assign(store: &Store) -> Result<(), StoreError> {
    let claims = store.take_unassigned(1_000).await?;
    // They are taken.
    assert!(store.take_unassigned(1).await?.is_empty());
    let founder = claims[0];
    let proposition = PropositionId(founder.0);
    let same = |claim: ClaimId| SameClaim {
        claim,
        confidence: 0.9,
    };
    let alike: Vec<SameClaim> = claims[1..].iter().copied().map(same).collect();
    let first = Assignment {
        claim: founder,
        judge: "first",
        alike: alike[..1].to_vec(),
        unlike: Vec::new(),
    };
    assert!(store.assign_proposition(&first).await?.is_empty());
    for claim in claims[2..].iter().copied() {
        let mut assignment = Assignment {
            claim,
            judge: "first",
            alike: alike[..1].to_vec(),
            unlike: Vec::new(),
        };
        // Like a member, which is no founder.
        assert_eq!(store.assign_proposition(&assignment).await?, [founder]);
        assignment.alike.push(same(founder));
        assert!(store.assign_proposition(&assignment).await?.is_empty());
    }
    store.postpone(founder).await?;
    assign_again(store, claims[2]).await?;

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

/// Another judge has all claims be assigned again, and a claim that it finds to be like none leaves.
async fn assign_again(store: &Store, claim: ClaimId) -> Result<(), StoreError> {
    store.reassign_older("first").await?;
    assert!(store.take_unassigned(1).await?.is_empty());
    store.reassign_older("second").await?;
    let again = store.take_unassigned(1_000).await?;
    assert!(again.contains(&claim));
    let alone = Assignment {
        claim,
        judge: "second",
        alike: Vec::new(),
        unlike: Vec::new(),
    };
    assert!(store.assign_proposition(&alone).await?.is_empty());
    let claims = store.claims(&[claim]).await?;
    assert_eq!(claims[0].proposition, None);
    Ok(())
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
