//! Where fact checks and checked claims are listed.

use futures_util::TryStreamExt;
use onrecord::proto::{
    ClaimView, ExportClaimsRequest, ExportFormat, FactCheck, GetClaimRequest, GetFactCheckRequest,
    ListClaimsRequest, ListFactChecksRequest, SearchClaimsRequest,
};

use super::{checked, claims, fact_checks, ferry_check, import, server};

/// A fact check of the same claim, elsewhere.
fn another(n: u32) -> FactCheck {
    let time = format!("2024-06-{n:02}T09:00:00Z");
    FactCheck {
        uri: format!("https://other.example/{n}"),
        publisher: "Other Checks".to_owned(),
        publish_time: Some(time.parse().expect("a time")),
        claimant: String::new(),
        ..ferry_check()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fact_checks_are_listed_newest_first_page_by_page() {
    let server = server().await;
    for n in [2, 1, 3] {
        import(&server, another(n)).await;
    }
    import(&server, ferry_check()).await;
    let elsewhere = FactCheck {
        uri: "https://checks.example/bakery".to_owned(),
        claim_reviewed: "Nobody on the hill has ever baked a single loaf.".to_owned(),
        publish_time: None,
        ..ferry_check()
    };
    let elsewhere = import(&server, elsewhere).await.fact_check.expect("it");
    let claim = claims(&server, checked(true)).await.remove(0);
    let list = |names: Vec<String>| {
        let request = ListFactChecksRequest {
            claims: names,
            page_size: 1,
            ..ListFactChecksRequest::default()
        };
        server.client.all_fact_checks(request).try_collect()
    };
    let all: Vec<FactCheck> = list(Vec::new()).await.expect("all");
    let uris: Vec<&str> = all.iter().map(|one| one.uri.as_str()).collect();
    // What was not dated counts by the time of its import, which is later.
    let dated = [
        "other.example/3",
        "other.example/2",
        "other.example/1",
        "checks.example/ferry",
    ];
    let expect: Vec<String> = std::iter::once("checks.example/bakery")
        .chain(dated)
        .map(|uri| format!("https://{uri}"))
        .collect();
    assert_eq!(uris, expect);
    assert_eq!(all[0], elsewhere);
    let of_claim: Vec<FactCheck> = list(vec![claim.name.clone()]).await.expect("of a claim");
    assert_eq!(of_claim.len(), 4);
    for (one, whole) in of_claim.iter().zip(&all[1..]) {
        assert_eq!(one.name, whole.name);
        assert_eq!(one.matches.len(), 1);
        assert_eq!(one.matches[0].claim, claim.name);
        assert_eq!(whole.matches.len(), 2);
    }
    let shown: Vec<&str> = claim
        .fact_checks
        .iter()
        .map(|one| one.uri.as_str())
        .collect();
    // Those of claims by the actor first.
    let mut by_claimant_first = expect[1..].to_vec();
    by_claimant_first.rotate_right(1);
    assert_eq!(shown, by_claimant_first);
    let request = GetFactCheckRequest {
        name: all[1].name.clone(),
    };
    let got = server.client.get_fact_check(request).await.expect("it");
    assert_eq!(got.fact_check.as_ref(), Some(&all[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn checked_claims_are_told_apart_wherever_claims_are_listed() {
    let server = server().await;
    import(&server, ferry_check()).await;
    let found = claims(&server, checked(true)).await;
    assert_eq!(fact_checks(&server, &[&found[0], &found[1]]).await.len(), 1);
    let request = GetClaimRequest {
        name: found[0].name.clone(),
        ..GetClaimRequest::default()
    };
    let got = server
        .client
        .get_claim(request)
        .await
        .expect("a claim")
        .claim;
    assert_eq!(got.as_ref(), Some(&found[0]));
    let basic = ListClaimsRequest {
        filter: Some(checked(true)),
        view: ClaimView::Basic.into(),
        ..ListClaimsRequest::default()
    };
    let listed = server.client.list_claims(basic).await.expect("a page");
    assert_eq!(listed.claims.len(), 2);
    assert!(
        listed
            .claims
            .iter()
            .all(|claim| claim.fact_checks.is_empty())
    );

    for (is, count) in [(true, 2), (false, 5)] {
        let request = SearchClaimsRequest {
            query: "northern ferry 400".to_owned(),
            filter: Some(checked(is)),
            ..SearchClaimsRequest::default()
        };
        let hits = server
            .client
            .search_claims(request)
            .await
            .expect("hits")
            .hits;
        assert_eq!(hits.len(), count, "{is}: {hits:#?}");
        let request = ExportClaimsRequest {
            filter: Some(checked(is)),
            format: ExportFormat::JsonLines.into(),
            ..ExportClaimsRequest::default()
        };
        let pieces = server.client.export_claims(request).await.expect("a file");
        let pieces: Vec<_> = pieces.try_collect().await.expect("whole");
        let file = pieces.into_iter().flat_map(|piece| piece.data).collect();
        let file = String::from_utf8(file).expect("UTF-8");
        let shown = file
            .lines()
            .filter(|line| line.contains("\"factChecks\":["));
        assert_eq!(shown.count(), if is { 2 } else { 0 });
    }
}
