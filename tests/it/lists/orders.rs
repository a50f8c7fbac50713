//! Lists of claims in each order, read in pages while claims come and go.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::iter::repeat;

use futures_util::TryStreamExt;
use onrecord::proto::{Claim, ClaimFilter, ClaimOrder, ClaimView, ListClaimsRequest};
use proptest::collection::vec;
use proptest::prelude::*;
use sqlx::PgConnection;
use tokio::sync::Mutex;

use super::archive::{Archive, ingest};
use crate::harness::{TestServer, for_all_async};

const ORDERS: [ClaimOrder; 4] = [
    ClaimOrder::PublishTime,
    ClaimOrder::UtteranceTime,
    ClaimOrder::Confidence,
    ClaimOrder::CheckWorthiness,
];

async fn all(server: &TestServer, order: ClaimOrder) -> Vec<Claim> {
    let request = ListClaimsRequest {
        order_by: order.into(),
        page_size: 7,
        ..Default::default()
    };
    let claims = server.client.all_claims(request).try_collect();
    claims.await.expect("list claims")
}

fn names(claims: &[Claim]) -> Vec<String> {
    claims.iter().map(|claim| claim.name.clone()).collect()
}

/// Gives some claims a time of utterance, as an engine that judges it does.
async fn let_some_be_spoken_early(connection: &mut PgConnection) {
    const SPOKEN: &str = "UPDATE claims SET utterance_time = jsonb_build_object( \
           'text', 'Monday', 'span', '{\"start\": 0, \"end\": 6}'::jsonb, 'granularity', 'DAY', 'anchor', 'TEXT', \
           'candidates', '[]'::jsonb, 'reading', jsonb_build_object( \
             'timex', '2001-02-03', 'end', NULL, 'confidence', 1, 'start', \
             to_char(timestamp '2001-01-01' + ordinal * interval '300 days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'))) \
         WHERE ordinal % 2 = 0";
    sqlx::query(SPOKEN)
        .execute(connection)
        .await
        .expect("claims");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_order_is_what_its_name_says() {
    let server = TestServer::start().await;
    ingest(&server, 0..40).await;
    let database = server.database.as_ref().expect("a database");
    let_some_be_spoken_early(&mut database.connection().await).await;
    let archive = Archive::read(&server).await;
    let times = archive.times();

    let by_time = all(&server, ClaimOrder::PublishTime).await;
    assert_eq!(by_time, archive.claims);
    let mut expected = by_time.clone();
    expected.sort_by_key(|claim| {
        let spoken = claim.utterance_time.as_ref().and_then(|time| time.start);
        let published = times[claim.article.as_str()];
        let time = spoken.map_or(published, |time| (time.seconds, time.nanos));
        Reverse((time, claim.name.clone()))
    });
    let spoken = all(&server, ClaimOrder::UtteranceTime).await;
    assert_eq!(names(&spoken), names(&expected));
    assert_ne!(names(&spoken), names(&by_time));

    expected.sort_by(|a, b| {
        let descending = b.confidence.total_cmp(&a.confidence);
        descending.then_with(|| b.name.cmp(&a.name))
    });
    let confident = all(&server, ClaimOrder::Confidence).await;
    assert_eq!(names(&confident), names(&expected));

    let worth = |claim: &Claim| claim.check_worthiness.unwrap_or_default();
    expected.sort_by(|a, b| {
        let descending = worth(b).total_cmp(&worth(a));
        descending.then_with(|| b.name.cmp(&a.name))
    });
    let checked_first = all(&server, ClaimOrder::CheckWorthiness).await;
    assert_eq!(names(&checked_first), names(&expected));
    assert_ne!(names(&checked_first), names(&confident));

    let least = worth(&expected[expected.len() / 3]);
    let request = ListClaimsRequest {
        filter: Some(ClaimFilter {
            min_check_worthiness: least,
            ..Default::default()
        }),
        order_by: ClaimOrder::CheckWorthiness.into(),
        page_size: 1_000,
        ..Default::default()
    };
    let found = server.client.list_claims(request).await.expect("a page");
    expected.retain(|claim| worth(claim) >= least);
    assert_eq!(names(&found.claims), names(&expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basic_view_leaves_out_what_lists_do_not_show() {
    let server = TestServer::start().await;
    ingest(&server, 0..7).await;
    let request = |view: ClaimView| ListClaimsRequest {
        view: view.into(),
        ..Default::default()
    };
    let whole = server.client.list_claims(request(ClaimView::Full)).await;
    let whole = whole.expect("a page").claims;
    let plain = server
        .client
        .list_claims(request(ClaimView::Unspecified))
        .await;
    assert_eq!(plain.expect("a page").claims, whole);
    let basic = server.client.list_claims(request(ClaimView::Basic)).await;
    for (basic, whole) in basic.expect("a page").claims.iter().zip(&whole) {
        let expected = Claim {
            addressees: Vec::new(),
            utterance_time: None,
            referenced_times: Vec::new(),
            about_actors: Vec::new(),
            check_worthiness: None,
            part_confidence: None,
            engine: None,
            ..whole.clone()
        };
        assert_eq!(*basic, expected);
    }
}

/// What happens between two pages.
#[derive(Debug, Clone, Copy)]
enum Change {
    Nothing,
    Ingest,
    Delete,
}

/// Deletes the article stored last, unless it is one of `kept`.
async fn delete_one(connection: &mut PgConnection, kept: &[String]) {
    const DELETE: &str = "DELETE FROM articles WHERE id = ( \
         SELECT id FROM articles WHERE NOT 'articles/' || id::text = ANY($1) ORDER BY id DESC LIMIT 1)";
    let deleted = sqlx::query(DELETE).bind(kept).execute(connection);
    deleted.await.expect("deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_repeat_nor_skip_what_is_there_throughout() {
    let server = TestServer::start().await;
    ingest(&server, 0..30).await;
    let kept = Archive::read(&server).await.articles;
    let kept: Vec<String> = kept.into_iter().map(|article| article.name).collect();
    let database = server.database.as_ref().expect("a database");
    let connection = Mutex::new(database.connection().await);
    let_some_be_spoken_early(&mut *connection.lock().await).await;
    let number = RefCell::new(1_000);
    let change = prop_oneof![
        Just(Change::Nothing),
        Just(Change::Ingest),
        Just(Change::Delete)
    ];
    let cases = (0..ORDERS.len(), 1_i32..20, vec(change, 1..12));
    for_all_async(40, &cases, async |(order, page_size, changes)| {
        let order = ORDERS[order];
        let kept_claims = of_articles(&server, order, &kept).await;
        let (mut found, mut token) = (Vec::new(), String::new());
        for change in changes.iter().chain(repeat(&Change::Nothing)) {
            let request = ListClaimsRequest {
                page_size,
                page_token: token,
                order_by: order.into(),
                ..Default::default()
            };
            let page = server.client.list_claims(request).await.expect("a page");
            found.extend(page.claims);
            if page.next_page_token.is_empty() {
                break;
            }
            token = page.next_page_token;
            match change {
                Change::Nothing => {}
                Change::Ingest => {
                    let n = number.replace_with(|n| *n + 1);
                    ingest(&server, n..n + 1).await;
                }
                Change::Delete => {
                    delete_one(&mut *connection.lock().await, &kept).await;
                }
            }
        }
        let found_names = names(&found);
        let distinct: HashSet<&String> = found_names.iter().collect();
        assert_eq!(distinct.len(), found.len(), "a claim came twice");
        let of_kept: Vec<&String> = found
            .iter()
            .filter(|claim| kept.contains(&claim.article))
            .map(|claim| &claim.name)
            .collect();
        assert!(of_kept.into_iter().eq(&kept_claims), "{order:?}");
    });
}

async fn of_articles(server: &TestServer, order: ClaimOrder, articles: &[String]) -> Vec<String> {
    let claims = all(server, order).await;
    let kept = claims
        .iter()
        .filter(|claim| articles.contains(&claim.article));
    kept.map(|claim| claim.name.clone()).collect()
}
