//! Facets of a list.

use std::collections::BTreeMap;

use onrecord::proto::ErrorReason::InvalidField;
use onrecord::proto::{
    ClaimFilter, ClaimKind, FacetCounts, ListClaimsRequest, ListClaimsResponse, SearchFacet,
};
use onrecord::store::{self, ClaimOrder};

use super::archive::{Archive, ingest};
use crate::harness::{TestServer, refused};

const FACETS: [SearchFacet; 4] = [
    SearchFacet::Kind,
    SearchFacet::Actor,
    SearchFacet::Publisher,
    SearchFacet::Month,
];

fn counted(filter: ClaimFilter) -> ListClaimsRequest {
    ListClaimsRequest {
        filter: Some(filter),
        facets: FACETS.map(Into::into).to_vec(),
        page_size: 3,
        ..ListClaimsRequest::default()
    }
}

async fn list(server: &TestServer, request: ListClaimsRequest) -> ListClaimsResponse {
    server.client.list_claims(request).await.expect("a page")
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_count_what_a_filter_matches() {
    let server = TestServer::start().await;
    ingest(&server, 0..40).await;
    let archive = Archive::read(&server).await;
    let some = archive.claims[0].clone();
    for filter in [
        ClaimFilter::default(),
        ClaimFilter {
            actor: some.actor.clone(),
            ..ClaimFilter::default()
        },
        ClaimFilter {
            kind: ClaimKind::Assertion.into(),
            min_confidence: 0.5,
            ..ClaimFilter::default()
        },
    ] {
        let all = server.claims(filter.clone()).await;
        let page = list(&server, counted(filter)).await;
        assert_eq!(page.match_count, i64::try_from(all.len()).expect("few"));
        assert!(!page.sampled);
        let facets: Vec<SearchFacet> = page.facets.iter().map(FacetCounts::facet).collect();
        assert_eq!(facets, FACETS);
        let mut kinds: BTreeMap<&str, i64> = BTreeMap::new();
        let mut actors: BTreeMap<&str, i64> = BTreeMap::new();
        for claim in &all {
            *kinds.entry(claim.kind().as_str_name()).or_default() += 1;
            *actors.entry(&claim.actor).or_default() += 1;
        }
        kinds.remove(ClaimKind::Unspecified.as_str_name());
        actors.remove("");
        for (n, expect) in [(0, kinds), (1, actors)] {
            let values = page.facets[n].values.iter();
            let found = values.map(|value| (value.value.as_str(), value.count));
            assert_eq!(found.collect::<BTreeMap<_, _>>(), expect);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_come_with_the_first_page_and_only_if_asked_for() {
    let server = TestServer::start().await;
    ingest(&server, 0..10).await;
    let first = list(&server, counted(ClaimFilter::default())).await;
    assert_eq!((first.claims.len(), first.facets.len()), (3, 4));
    let next = ListClaimsRequest {
        page_token: first.next_page_token,
        ..counted(ClaimFilter::default())
    };
    let next = list(&server, next).await;
    assert_eq!(
        (next.match_count, next.facets.len(), next.claims.len()),
        (0, 0, 3)
    );
    let plain = list(&server, ListClaimsRequest::default()).await;
    assert_eq!((plain.match_count, plain.facets.len()), (0, 0));
    for (facets, field) in [(vec![0], "facets[0]"), (vec![1, 1], "facets[1]")] {
        let request = ListClaimsRequest {
            facets,
            ..ListClaimsRequest::default()
        };
        refused(server.client.list_claims(request), InvalidField, &[field]).await;
    }
}

/// What is looked at when it takes too long to find enough is the same where there is little.
#[tokio::test(flavor = "multi_thread")]
async fn a_few_claims_are_all_among_the_newest() {
    let server = TestServer::start().await;
    ingest(&server, 0..10).await;
    let store = server.database.as_ref().expect("a database").store();
    let claims = store
        .list_claims(
            &store::ClaimFilter::default(),
            ClaimOrder::default(),
            None,
            1,
        )
        .await
        .expect("a claim");
    let filter = store::ClaimFilter {
        actor: claims.items[0].actor,
        ..store::ClaimFilter::default()
    };
    let found = store.newest_claims(&filter, true).await.expect("claims");
    let among = store.among_newest_claims(&filter, true).await;
    let among = among.expect("claims");
    assert!(!found.found.is_empty());
    assert_eq!(found.found, among.found);
    assert!(!found.sampled);
    assert!(among.sampled, "there may be more");
    let of_nobody = store::ClaimFilter {
        actor: Some(onrecord::domain::ActorId(uuid::Uuid::nil())),
        ..store::ClaimFilter::default()
    };
    let among = store.among_newest_claims(&of_nobody, true).await;
    let among = among.expect("no claims");
    assert!(among.found.is_empty() && among.sampled);
}
