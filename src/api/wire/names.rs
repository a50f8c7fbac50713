//! Resource names: `articles/{id}`, `actors/{id}`, `claims/{id}`, `propositions/{id}`, `factChecks/{id}`,
//! `operations/{id}`.

use std::fmt::Display;
use std::str::FromStr;

use crate::domain::{ActorId, ArticleId, ClaimId, FactCheckId, OperationId, PropositionId};

/// The id of a resource in a collection.
pub trait Named: Display + FromStr {
    /// The collection's segment of the name.
    const COLLECTION: &'static str;

    /// The resource's full name.
    fn resource_name(&self) -> String {
        format!("{}/{self}", Self::COLLECTION)
    }

    /// Parses the id from a full name; `None` if the name is not of this collection. Local names are not accepted.
    #[must_use]
    fn from_resource_name(name: &str) -> Option<Self> {
        name.strip_prefix(Self::COLLECTION)?
            .strip_prefix('/')?
            .parse()
            .ok()
    }
}

impl Named for ArticleId {
    const COLLECTION: &'static str = "articles";
}

impl Named for ActorId {
    const COLLECTION: &'static str = "actors";
}

impl Named for ClaimId {
    const COLLECTION: &'static str = "claims";
}

impl Named for PropositionId {
    const COLLECTION: &'static str = "propositions";
}

impl Named for FactCheckId {
    const COLLECTION: &'static str = "factChecks";
}

impl Named for OperationId {
    const COLLECTION: &'static str = "operations";
}

/// The local name of the `index`th (from 0) actor or claim in a response that is not stored: `actors/local-1`.
#[must_use]
pub fn local<T: Named>(index: usize) -> String {
    format!("{}/local-{}", T::COLLECTION, index + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Named, local};
    use crate::domain::{ActorId, ClaimId};

    #[test]
    fn a_name_reads_as_the_id_it_was_made_of() {
        let id = ClaimId(uuid::Uuid::now_v7());
        assert_eq!(ClaimId::from_resource_name(&id.resource_name()), Some(id));
    }

    #[test]
    fn other_names_are_refused() {
        let id = "0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";
        for name in [
            "",
            "claims",
            "claims/",
            id,
            "claims/local-1",
            &format!("actors/{id}"),
            &format!("claims/{id}/"),
            &format!("claims/{}", id.to_uppercase()),
            &format!("/claims/{id}"),
        ] {
            assert_eq!(ClaimId::from_resource_name(name), None, "{name}");
        }
    }

    #[test]
    fn local_names_count_from_one() {
        assert_eq!(local::<ActorId>(0), "actors/local-1");
    }

    proptest! {
        #[test]
        fn every_id_survives(id: u128) {
            let id = ClaimId(uuid::Uuid::from_u128(id));
            prop_assert_eq!(ClaimId::from_resource_name(&id.resource_name()), Some(id));
        }

        #[test]
        fn each_id_has_one_name(name in "claims/([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f{}-]{0,40}|\\PC*)") {
            if let Some(id) = ClaimId::from_resource_name(&name) {
                prop_assert_eq!(id.resource_name(), name);
            }
        }
    }
}
