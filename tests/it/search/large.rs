//! Words that thousands of claims hold: ranks and counts end at a sample, the list by time does not.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use onrecord::proto::{SearchClaimsRequest, SearchHit, SearchOrder};
use sqlx::AssertSqlSafe;

use super::{query, search};
use crate::harness::{Database, TestServer};

const MANY: &str = include_str!("../lists/many.sql");

async fn all(server: &TestServer, order: SearchOrder, words: &str) -> Vec<SearchHit> {
    let request = SearchClaimsRequest {
        order_by: order.into(),
        page_size: 900,
        ..query(words)
    };
    let hits = server.client.all_hits(request).try_collect().await;
    hits.expect("hits")
}

fn names(hits: &[SearchHit]) -> HashSet<&str> {
    let claims = hits.iter().filter_map(|hit| hit.claim.as_ref());
    claims.map(|claim| claim.name.as_str()).collect()
}

fn distinct(hits: &[SearchHit]) -> usize {
    names(hits).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_of_very_many_are_ranked_and_all_are_listed() {
    let database = Database::create().await;
    let mut connection = database.connection().await;
    let made = sqlx::raw_sql(AssertSqlSafe(MANY)).execute(&mut connection);
    made.await.expect("claims");
    let server = TestServer::on(database).await;

    let first = search(&server, query("harbour")).await;
    assert_eq!((first.match_count, first.sampled), (2_000, true));
    let best = all(&server, SearchOrder::Relevance, "harbour").await;
    assert_eq!((best.len(), distinct(&best)), (2_000, 2_000));
    let newest = all(&server, SearchOrder::PublishTime, "harbour").await;
    assert_eq!((newest.len(), distinct(&newest)), (7_500, 7_500));
    assert_eq!(names(&best), names(&newest[..2_000]));

    // Many claims hold both words, none holds them in that order.
    let phrase = search(&server, query("\"number harbour\"")).await;
    assert_eq!(
        (phrase.match_count, phrase.sampled, phrase.hits.len()),
        (0, true, 0)
    );
    let newest = all(&server, SearchOrder::PublishTime, "\"number harbour\"").await;
    assert_eq!(newest.len(), 0);
    // It stands in the oldest claim but two.
    let newest = all(&server, SearchOrder::PublishTime, "\"harbour number 2\"").await;
    assert_eq!(newest.len(), 1);
}
