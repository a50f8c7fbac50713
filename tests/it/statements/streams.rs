//! What only watches, exports and metrics run.

use std::time::Duration;

use futures_util::TryStreamExt;
use onrecord::domain::{ActorId, ArticleId, ClaimId};
use onrecord::store::{ClaimEvent, ClaimFilter, EventPosition, Store, StoreError};

use crate::harness::eventually;

/// Reads the log of claims to its end, waits for more, and prunes it.
pub(super) async fn watch_claims(store: &Store) -> Result<(), StoreError> {
    let filter = ClaimFilter::default();
    let start = EventPosition::default();
    let last = store.last_claim_event().await?;
    let events = until(store, &filter, last).await?;
    let claims: Vec<ClaimId> = events.iter().map(|event| event.claim).collect();
    assert!(!store.claims_that_fit(&claims, &filter).await?.is_empty());
    let mut tail = store.claim_tail().await?;
    assert_eq!(tail.last().await?, last);
    // Whoever else uses the cluster at this moment.
    tail.holder().await?;
    // Of what was written before.
    tail.wait(Duration::from_secs(9)).await?;
    store.prune_claim_events(Duration::ZERO).await?;
    assert_eq!(store.claim_events(&filter, start, 1).await?, None);
    assert_eq!(tail.last().await?, last);
    Ok(())
}

/// All events, once the last is told of: while somebody else writes to another database, the newest are held back.
async fn until(
    store: &Store,
    filter: &ClaimFilter,
    last: EventPosition,
) -> Result<Vec<ClaimEvent>, StoreError> {
    let start = EventPosition::default();
    eventually("the last event", async || {
        match store.claim_events(filter, start, 1_000).await {
            Ok(events) => {
                let events = events.expect("nothing was pruned");
                let complete = events.last().is_some_and(|event| event.position == last);
                complete.then_some(Ok(events))
            }
            Err(error) => Some(Err(error)),
        }
    })
    .await
}

/// Reads a snapshot in every way.
pub(super) async fn export_claims(store: &Store) -> Result<(), StoreError> {
    let filter = ClaimFilter::default();
    let mut snapshot = store.snapshot().await?;
    let claims = snapshot.list_claims(&filter, None, 100).await?.items;
    let articles: Vec<ArticleId> = claims.iter().map(|claim| claim.article).collect();
    assert!(!snapshot.article_texts(&articles).await?.is_empty());
    assert!(!snapshot.article_heads(&articles).await?.is_empty());
    let actors: Vec<ActorId> = claims.iter().filter_map(|claim| claim.actor).collect();
    assert!(!snapshot.actor_heads(&actors).await?.is_empty());
    snapshot.count_network(&filter).await?;
    assert!(!snapshot.network_actors().await?.is_empty());
    snapshot.network_edges().await?;
    Ok(())
}

/// Measures how far all that runs in the background lags.
pub(super) async fn measure(store: &Store) -> Result<(), StoreError> {
    store.count_unassigned().await?;
    store.claim_event_lag().await?;
    let replicated = store.clone().with_replica(store.clone());
    // It does not follow by streaming.
    assert_eq!(replicated.replica_lag().await?, None);
    Ok(())
}

/// Reads the audit log.
pub(super) async fn audit(store: &Store) -> Result<(), StoreError> {
    let entries: Vec<_> = store.audit_log().try_collect().await?;
    assert!(!entries.is_empty());
    Ok(())
}

/// Makes every check of what is stored.
pub(super) async fn verify(store: &Store) -> Result<(), StoreError> {
    let mut verification = store.verification().await?;
    assert!(verification.counts().await?.claims > 0);
    let mut failed = Vec::new();
    let clean = verification.check(|verified| {
        if verified.violations > 0 {
            failed.push(verified.clone());
        }
    });
    assert!(clean.await?, "{failed:?}");
    Ok(())
}
