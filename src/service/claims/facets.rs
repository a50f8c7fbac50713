//! Counts of field values among the claims found by a search or in a list.

use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::{ActorId, ClaimKind};
use crate::service::ServiceError;
use crate::store::{ClaimFilter, Match, Store, StoreError};

/// Maximum number of values returned per facet.
const MAX_VALUES: usize = 50;

/// A field whose values are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// The source's actor.
    Actor,
    /// The kind of claim.
    Kind,
    /// The article's publisher.
    Publisher,
    /// The month of publication or, where unknown, of ingestion, in UTC.
    Month,
}

/// How often each value of a facet occurs, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FacetCounts {
    /// Of [`Facet::Actor`], with the actors' names.
    Actors(Vec<(FacetCount<ActorId>, String)>),
    /// Of [`Facet::Kind`].
    Kinds(Vec<FacetCount<ClaimKind>>),
    /// Of [`Facet::Publisher`].
    Publishers(Vec<FacetCount<String>>),
    /// Of [`Facet::Month`], such as `2026-05`.
    Months(Vec<FacetCount<String>>),
}

/// A value and how often it occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FacetCount<T> {
    /// The value.
    pub value: T,
    /// How often it occurs.
    pub count: usize,
}

/// How many claims match a filter, in all and by facet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountedClaims {
    /// How many match.
    pub match_count: usize,
    /// True if only the newest were counted.
    pub sampled: bool,
    /// The requested counts.
    pub facets: Vec<FacetCounts>,
}

/// Counts the newest claims that match a filter; none are counted if no facets are requested.
///
/// # Errors
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn count_claims(
    store: &Store,
    filter: &ClaimFilter,
    facets: &[Facet],
) -> Result<CountedClaims, ServiceError> {
    if facets.is_empty() {
        return Ok(CountedClaims::default());
    }
    let with_publisher = facets.contains(&Facet::Publisher);
    let newest = store.newest_claims(filter, with_publisher).await?;
    Ok(CountedClaims {
        match_count: newest.found.len(),
        sampled: newest.sampled,
        facets: count(store, facets, &newest.found).await?,
    })
}

/// Counts the requested facets, in the order requested.
pub(super) async fn count(
    store: &Store,
    facets: &[Facet],
    found: &[Match],
) -> Result<Vec<FacetCounts>, StoreError> {
    let mut counts = Vec::with_capacity(facets.len());
    for facet in facets {
        counts.push(match facet {
            Facet::Actor => FacetCounts::Actors(actors(store, found).await?),
            Facet::Kind => FacetCounts::Kinds(most_frequent(
                found.iter().filter_map(|one| one.kind),
                |kind| format!("{kind}"),
            )),
            Facet::Publisher => FacetCounts::Publishers(most_frequent(
                found.iter().filter_map(|one| one.publisher.clone()),
                String::clone,
            )),
            Facet::Month => FacetCounts::Months(most_frequent(
                found
                    .iter()
                    .map(|one| one.position.article.sort_time.format("%Y-%m").to_string()),
                String::clone,
            )),
        });
    }
    Ok(counts)
}

async fn actors(
    store: &Store,
    found: &[Match],
) -> Result<Vec<(FacetCount<ActorId>, String)>, StoreError> {
    let counts = most_frequent(found.iter().filter_map(|one| one.actor), |id| *id);
    let ids: Vec<ActorId> = counts.iter().map(|one| one.value).collect();
    let names = store.actor_names(&ids).await?;
    let mut names: HashMap<ActorId, String> = names.into_iter().collect();
    let with_names = counts.into_iter().map(|one| {
        let name = names.remove(&one.value).unwrap_or_default();
        (one, name)
    });
    Ok(with_names.collect())
}

/// The most frequent values with their counts; ties are ordered by `order`.
fn most_frequent<T: Eq + Hash, O: Ord>(
    values: impl Iterator<Item = T>,
    order: impl Fn(&T) -> O,
) -> Vec<FacetCount<T>> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let counted = counts.into_iter();
    let mut counted: Vec<FacetCount<T>> = counted
        .map(|(value, count)| FacetCount { value, count })
        .collect();
    counted.sort_by(|a, b| {
        let by_count = b.count.cmp(&a.count);
        by_count.then_with(|| order(&a.value).cmp(&order(&b.value)))
    });
    counted.truncate(MAX_VALUES);
    counted
}

#[cfg(test)]
mod tests {
    use super::most_frequent;

    #[test]
    fn the_most_frequent_come_first() {
        let found = most_frequent(["b", "a", "c", "c"].into_iter(), |value| *value);
        let found: Vec<(&str, usize)> = found.iter().map(|one| (one.value, one.count)).collect();
        assert_eq!(found, [("c", 2), ("a", 1), ("b", 1)]);
        assert_eq!(most_frequent(0..200, |value| *value).len(), 50);
    }
}
