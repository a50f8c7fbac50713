//! What only fact checks run.

use onrecord::domain::{Certainty, ClaimKind, FactCheckChange, PublishedCheck, ReviewState};
use onrecord::store::{ClaimFilter, ClaimOrder, Store, StoreError, Tie, Tied, Ties};

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

/// Stores a fact check, matches a claim to it, and deletes it.
pub(super) async fn check(store: &Store) -> Result<(), StoreError> {
    assert!(!store.has_fact_checks().await?);
    let new = store.put_fact_check(&published("Checks")).await?;
    assert_eq!(new.change, FactCheckChange::Created);
    let known = store.put_fact_check(&published("Checks")).await?;
    assert_eq!(
        (known.id, known.change),
        (new.id, FactCheckChange::Unchanged)
    );
    let changed = store.put_fact_check(&published("Harbour Checks")).await?;
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

    // Another judge finds nothing.
    ties.of = Tied::FactCheck(new.id);
    ties.judge = "second";
    ties.found.clear();
    store.tie_fact_checks(&ties).await?;
    let found = store.fact_check(new.id).await?.expect("a fact check");
    assert!(found.matches.is_empty());
    assert!(store.delete_fact_check(new.id).await?);
    assert!(!store.delete_fact_check(new.id).await?);
    Ok(())
}
