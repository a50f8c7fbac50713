//! What only fact checks run.

use onrecord::domain::{Certainty, ClaimKind, FactCheckChange, PublishedCheck, ReviewState};
use onrecord::store::{ClaimFilter, ClaimOrder, ImportedCheck, Store, StoreError, Tie, Tied, Ties};

fn published(publisher: &str) -> PublishedCheck {
    PublishedCheck {
        uri: "https://checks.example/1".to_owned(),
        claim_reviewed: "The old harbor bridge would close in May.".to_owned(),
        publisher: Some(publisher.to_owned()),
        publish_time: None,
        claimant: Some("Ann Lee".to_owned()),
        claim_time: None,
        appearance_uris: Vec::new(),
        rating: None,
        language_code: None,
    }
}

async fn put(store: &Store, published: PublishedCheck) -> Result<ImportedCheck, StoreError> {
    Ok(store.put_fact_checks(&[published], None).await?.remove(0))
}

/// Stores a fact check, matches a claim to it, and deletes it.
pub(super) async fn check(store: &Store) -> Result<(), StoreError> {
    assert!(!store.has_fact_checks().await?);
    let new = put(store, published("Checks")).await?;
    assert_eq!(new.change, FactCheckChange::Created);
    let known = put(store, published("Checks")).await?;
    assert_eq!(
        (known.id, known.change),
        (new.id, FactCheckChange::Unchanged)
    );
    let changed = put(store, published("Harbour Checks")).await?;
    assert_eq!(
        (changed.id, changed.change),
        (new.id, FactCheckChange::Updated)
    );
    assert!(store.has_fact_checks().await?);

    let shares = store.word_shares().await?;
    let words = store
        .match_words("a harbor", &shares)
        .await?
        .expect("words");
    let candidates = store.fact_check_candidates(&words).await?;
    assert_eq!(candidates[0].id, new.id);

    let plain = ClaimFilter {
        kind: Some(ClaimKind::Assertion),
        certainty: Some(Certainty::Certain),
        review_state: Some(ReviewState::Machine),
        has_actor: Some(true),
        ..ClaimFilter::default()
    };
    let order = ClaimOrder::default();
    let claim = store.list_claims(&plain, order, None, 1).await?.items[0].id;
    let tie = Tie {
        fact_check: new.id,
        claim,
        confidence: 0.9,
        is_sure: true,
    };
    let mut ties = Ties {
        of: Tied::Claim(claim),
        judge: "first",
        has_changed: false,
        found: vec![tie],
    };
    store.tie_fact_checks(&ties).await?;
    let checked = ClaimFilter {
        has_fact_check: Some(true),
        ..ClaimFilter::default()
    };
    let found = store.list_claims(&checked, order, None, 9).await?.items;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fact_checks[0].id, new.id);
    let page = store.list_fact_checks(Some(&[claim]), None, 1).await?;
    assert_eq!(page.items[0].matches[0].claim, claim);
    let page = store.list_fact_checks(None, page.next, 1).await?;
    assert_eq!(page.items.len(), 1);

    // What is less sure counts only while the claim is by the claimant.
    ties.found[0].is_sure = false;
    let by = store.claims(&[claim]).await?.remove(0).actor_name;
    let others = Some("Somebody Else".to_owned());
    for (claimant, count) in [(by, 1), (others, 0)] {
        let checked_of = PublishedCheck {
            claimant: claimant.clone(),
            ..published("Harbour Checks")
        };
        put(store, checked_of).await?;
        store.tie_fact_checks(&ties).await?;
        let found = store.list_claims(&checked, order, None, 9).await?.items;
        assert_eq!(found.len(), count, "{claimant:?}");
        let page = store.list_fact_checks(Some(&[claim]), None, 1).await?;
        assert_eq!(page.items.len(), count, "{claimant:?}");
        let shown = store.claims(&[claim]).await?.remove(0).fact_checks;
        assert_eq!(shown.len(), count, "{claimant:?}");
        let matches = store.fact_check(new.id).await?.expect("it").matches;
        assert_eq!(matches.len(), count, "{claimant:?}");
    }

    // A fact check that changed says nothing of what was found before.
    ties.found[0].is_sure = true;
    store.tie_fact_checks(&ties).await?;
    ties.of = Tied::FactCheck(new.id);
    ties.has_changed = true;
    ties.found.clear();
    store.tie_fact_checks(&ties).await?;
    let found = store.fact_check(new.id).await?.expect("a fact check");
    assert!(found.matches.is_empty());
    ties.of = Tied::Claim(claim);
    ties.has_changed = false;
    ties.found.push(tie);
    store.tie_fact_checks(&ties).await?;

    // Another judge finds nothing.
    ties.of = Tied::FactCheck(new.id);
    ties.judge = "second";
    ties.found.clear();
    store.tie_fact_checks(&ties).await?;
    let found = store.fact_check(new.id).await?.expect("a fact check");
    assert!(found.matches.is_empty());
    assert!(store.delete_fact_check(new.id, None).await?);
    assert!(!store.delete_fact_check(new.id, None).await?);
    Ok(())
}
