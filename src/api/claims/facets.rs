use crate::api::request::Check;
use crate::api::wire::names::Named;
use crate::api::wire::status::Reason;
use crate::proto::{self, FacetValue, SearchFacet};
use crate::service::claims::{Facet, FacetCount, FacetCounts};

/// Parses the requested facets, dropping duplicates.
pub(super) fn parse(check: &mut Check, numbers: &[i32]) -> Vec<Facet> {
    let mut facets = Vec::new();
    for (n, number) in numbers.iter().enumerate() {
        let field = format!("facets[{n}]");
        let Some(facet) = check.enumeration::<SearchFacet>(&field, *number) else {
            continue;
        };
        match facet_of(facet) {
            None => {
                check.fail(&field, Reason::InvalidField, "names no facet");
            }
            Some(facet) if facets.contains(&facet) => {
                check.fail(&field, Reason::InvalidField, "is there twice");
            }
            Some(facet) => facets.push(facet),
        }
    }
    facets
}

const fn facet_of(facet: SearchFacet) -> Option<Facet> {
    match facet {
        SearchFacet::Unspecified => None,
        SearchFacet::Actor => Some(Facet::Actor),
        SearchFacet::Kind => Some(Facet::Kind),
        SearchFacet::Publisher => Some(Facet::Publisher),
        SearchFacet::Month => Some(Facet::Month),
    }
}

/// Encodes facet counts.
pub(super) fn counts(counts: FacetCounts) -> proto::FacetCounts {
    let (facet, values) = match counts {
        FacetCounts::Actors(actors) => {
            let values = actors.into_iter().map(|(one, name)| FacetValue {
                display_name: name,
                ..value(&one, one.value.resource_name())
            });
            (SearchFacet::Actor, values.collect())
        }
        FacetCounts::Kinds(kinds) => {
            let name = |kind| proto::ClaimKind::from(kind).as_str_name().to_owned();
            let values = kinds.iter().map(|one| value(one, name(one.value)));
            (SearchFacet::Kind, values.collect())
        }
        FacetCounts::Publishers(counts) => (SearchFacet::Publisher, plain(&counts)),
        FacetCounts::Months(counts) => (SearchFacet::Month, plain(&counts)),
    };
    proto::FacetCounts {
        facet: facet.into(),
        values,
    }
}

fn plain(counts: &[FacetCount<String>]) -> Vec<FacetValue> {
    let values = counts.iter().map(|one| value(one, one.value.clone()));
    values.collect()
}

fn value<T>(counted: &FacetCount<T>, value: String) -> FacetValue {
    FacetValue {
        value,
        display_name: String::new(),
        count: i64::try_from(counted.count).unwrap_or(i64::MAX),
    }
}
