//! What finds claims by their words runs.

use onrecord::domain::Claim;
use onrecord::store::{ClaimFilter, Store, StoreError, Window};

/// Searches for a word of a claim.
pub(super) async fn search(store: &Store, claim: &Claim) -> Result<(), StoreError> {
    assert_eq!(store.read_words("the").await?, None);
    let word = claim.content[0]
        .text
        .split_whitespace()
        .max_by_key(|word| word.len());
    let words = store
        .read_words(word.expect("a word"))
        .await?
        .expect("a query");
    let filter = ClaimFilter::default();
    let found = store
        .find_claims(&words, &filter, None, Window::default(), true)
        .await?;
    assert!(found.found.iter().any(|found| found.id == claim.id));
    assert_eq!(store.highlights(&[claim.id], &words).await?.len(), 1);
    assert!(store.actors_named_like("nobody at all").await?.is_empty());
    assert!(store.actor_names(&[]).await?.is_empty());
    Ok(())
}
