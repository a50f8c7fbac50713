//! How often the values of a field come among the claims that a search found.

use std::collections::HashMap;
use std::hash::Hash;

use super::names::Named;
use crate::domain::ActorId;
use crate::proto::{self, FacetCounts, FacetValue, SearchFacet};
use crate::store::{Match, Store, StoreError};

/// How many values of a facet are answered.
const MAX_VALUES: usize = 50;

/// The counts of the facets asked for, in their order.
pub(super) async fn count(
    store: &Store,
    facets: &[SearchFacet],
    found: &[Match],
) -> Result<Vec<FacetCounts>, StoreError> {
    let mut counts = Vec::with_capacity(facets.len());
    for facet in facets {
        let values = match facet {
            SearchFacet::Unspecified => Vec::new(),
            SearchFacet::Actor => actors(store, found).await?,
            SearchFacet::Kind => most(found.iter().filter_map(|one| one.kind), |kind| {
                proto::ClaimKind::from(*kind).as_str_name().to_owned()
            }),
            SearchFacet::Publisher => most(
                found.iter().filter_map(|one| one.publisher.as_deref()),
                |publisher| (*publisher).to_owned(),
            ),
            SearchFacet::Month => most(
                found
                    .iter()
                    .map(|one| one.place.article.sort_time.format("%Y-%m").to_string()),
                String::clone,
            ),
        };
        counts.push(FacetCounts {
            facet: (*facet).into(),
            values,
        });
    }
    Ok(counts)
}

async fn actors(store: &Store, found: &[Match]) -> Result<Vec<FacetValue>, StoreError> {
    let mut values = most(
        found.iter().filter_map(|one| one.actor),
        Named::resource_name,
    );
    let ids: Vec<ActorId> = values
        .iter()
        .filter_map(|value| ActorId::from_resource_name(&value.value))
        .collect();
    let names: HashMap<String, String> = store
        .actor_names(&ids)
        .await?
        .into_iter()
        .map(|(id, name)| (id.resource_name(), name))
        .collect();
    for value in &mut values {
        value.display_name = names.get(&value.value).cloned().unwrap_or_default();
    }
    Ok(values)
}

/// The values that come most often, and how often; of those as frequent the first by spelling.
fn most<T: Eq + Hash>(
    values: impl Iterator<Item = T>,
    spelling: impl Fn(&T) -> String,
) -> Vec<FacetValue> {
    let mut counts: HashMap<T, i32> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut values: Vec<FacetValue> = counts
        .iter()
        .map(|(value, count)| FacetValue {
            value: spelling(value),
            display_name: String::new(),
            count: *count,
        })
        .collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values.truncate(MAX_VALUES);
    values
}

#[cfg(test)]
mod tests {
    use super::most;

    #[test]
    fn the_most_frequent_come_first() {
        let found = most(["b", "a", "c", "c"].into_iter(), |value| {
            (*value).to_owned()
        });
        let found: Vec<(&str, i32)> = found
            .iter()
            .map(|value| (value.value.as_str(), value.count))
            .collect();
        assert_eq!(found, [("c", 2), ("a", 1), ("b", 1)]);
        assert_eq!(most(0..200, i32::to_string).len(), 50);
    }
}
