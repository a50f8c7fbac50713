//! What only counts run.

use onrecord::domain::ActorId;
use onrecord::store::{ClaimFilter, SourcingGroup, Store, StoreError, TimelineRange, TimelineUnit};

/// Counts in every way.
pub(super) async fn count(store: &Store) -> Result<(), StoreError> {
    let filter = ClaimFilter::default();
    let by_actor = store.sourcing_stats(SourcingGroup::Actor, &filter, None, 100);
    let by_actor = by_actor.await?.items;
    let claims: i64 = by_actor.iter().map(|row| row.claims).sum();
    let group = SourcingGroup::Publisher;
    let first = store.sourcing_stats(group, &filter, None, 1).await?;
    // Nothing is known of who published it.
    assert_eq!((first.items[0].key.as_str(), first.next), ("", None));
    assert_eq!(first.items[0].claims, claims);

    let id = by_actor.iter().find_map(|row| row.key.parse().ok());
    let actor = ActorId(id.expect("an actor"));
    let (range, unit) = (TimelineRange::default(), TimelineUnit::Day);
    let found = store.timeline(actor, range, unit, 100).await?;
    assert!(!found.expect("an actor").counts.is_empty());
    let nobody = ActorId(uuid::Uuid::nil());
    assert_eq!(store.timeline(nobody, range, unit, 100).await?, None);
    Ok(())
}
