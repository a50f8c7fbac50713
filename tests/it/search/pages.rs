use std::cell::RefCell;
use std::collections::HashSet;
use std::iter::repeat;

use onrecord::proto::{SearchClaimsRequest, SearchHit, SearchOrder};
use proptest::collection::vec;
use tokio::sync::Mutex;

use super::{query, search};
use crate::harness::{TestServer, document, for_all_async};

const ORDERS: [SearchOrder; 2] = [SearchOrder::Relevance, SearchOrder::PublishTime];

/// The `n`th text: two claims that fit, near and far from the other word, and one that does not.
fn text(n: usize) -> String {
    let far = "very ".repeat(n % 5);
    format!(
        "“Pier {n} is a {far}safe pier,” said Ann Lee. Marek Dolan denied that pier {n} was {far}safe. Ida Brandt said that it rained on day {n}."
    )
}

async fn ingest(server: &TestServer, n: usize) -> String {
    server.ingest(document(text(n))).await.name
}

fn name(hit: &SearchHit) -> String {
    hit.claim.as_ref().expect("a claim").name.clone()
}

fn article(hit: &SearchHit) -> String {
    hit.claim.as_ref().expect("a claim").article.clone()
}

/// All hits, in pages of this size; `between` is called after each page.
async fn walk(
    server: &TestServer,
    order: SearchOrder,
    page_size: i32,
    mut between: impl AsyncFnMut(),
) -> Vec<SearchHit> {
    let (mut hits, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = SearchClaimsRequest {
            page_size,
            page_token,
            order_by: order.into(),
            ..query("safe pier")
        };
        let page = search(server, request).await;
        hits.extend(page.hits);
        assert!(hits.len() < 2_000, "a list without end");
        if page.next_page_token.is_empty() {
            return hits;
        }
        page_token = page.next_page_token;
        between().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_repeat_nor_skip_what_is_there_throughout() {
    let server = TestServer::start().await;
    let mut kept = HashSet::new();
    for n in 0..25 {
        kept.insert(ingest(&server, n).await);
    }
    let database = server.database.as_ref().expect("a database");
    let connection = Mutex::new(database.connection().await);
    let (number, others) = (RefCell::new(1_000), RefCell::new(Vec::new()));
    let cases = (0..ORDERS.len(), 1_i32..20, vec(0..3, 1..12));
    for_all_async(30, &cases, async |(order, page_size, changes)| {
        let order = ORDERS[order];
        let whole = walk(&server, order, 1_000, async || ()).await;
        let whole = whole.iter().filter(|hit| kept.contains(&article(hit)));
        let whole: Vec<String> = whole.map(name).collect();
        assert_eq!(whole.len(), 50);
        let mut changes = changes.iter().chain(repeat(&0));
        let found = walk(&server, order, page_size, async || match changes.next() {
            Some(1) => {
                let n = number.replace_with(|n| *n + 1);
                let name = ingest(&server, n).await;
                others.borrow_mut().push(name);
            }
            Some(2) => {
                let gone = others.borrow_mut().pop();
                let delete = sqlx::query("DELETE FROM articles WHERE 'articles/' || id::text = $1");
                let done = delete
                    .bind(gone)
                    .execute(&mut *connection.lock().await)
                    .await;
                done.expect("deleted");
            }
            _ => {}
        })
        .await;
        let names: HashSet<String> = found.iter().map(name).collect();
        assert_eq!(names.len(), found.len(), "a hit came twice");
        let of_kept = found.iter().filter(|hit| kept.contains(&article(hit)));
        assert!(of_kept.map(name).eq(whole), "{order:?}");
    });
}
