use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;

use onrecord::proto::{
    Actor, Article, ArticleView, Claim, ListActorsRequest, ListArticlesRequest, ListClaimsRequest,
};
use proptest::collection::vec;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;

use super::archive::{Archive, ingest, store_actors, time_of};
use crate::harness::{Database, TestServer};

async fn articles(
    server: &TestServer,
    page_size: i32,
    page_token: String,
) -> (Vec<Article>, String) {
    let request = ListArticlesRequest {
        page_size,
        page_token,
        ..Default::default()
    };
    let page = server.client.list_articles(request).await.expect("a page");
    (page.articles, page.next_page_token)
}

async fn actors(server: &TestServer, page_size: i32, page_token: String) -> (Vec<Actor>, String) {
    let request = ListActorsRequest {
        page_size,
        page_token,
        ..Default::default()
    };
    let page = server.client.list_actors(request).await.expect("a page");
    (page.actors, page.next_page_token)
}

async fn claims(server: &TestServer, page_size: i32, page_token: String) -> (Vec<Claim>, String) {
    let request = ListClaimsRequest {
        page_size,
        page_token,
        ..Default::default()
    };
    let page = server.client.list_claims(request).await.expect("a page");
    (page.claims, page.next_page_token)
}

/// Reads a whole list in pages of these sizes, over and over.
async fn walk<T>(sizes: &[i32], page: impl AsyncFn(i32, String) -> (Vec<T>, String)) -> Vec<T> {
    let (mut items, mut token) = (Vec::new(), String::new());
    for size in sizes.iter().cycle() {
        let (mut found, next) = page(*size, token).await;
        assert!(found.len() as i64 <= i64::from(*size));
        items.append(&mut found);
        if next.is_empty() {
            break;
        }
        token = next;
    }
    items
}

/// Checks that the pages of any sizes are the list cut in pieces.
fn check_any_sizes<T: PartialEq + Debug>(
    whole: &[T],
    page: impl AsyncFn(i32, String) -> (Vec<T>, String),
) {
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&vec(1_i32..30, 1..6), |sizes| {
            let pages = Handle::current().block_on(walk(&sizes, &page));
            proptest::prop_assert_eq!(&pages, whole);
            Ok(())
        })
        .expect("pages that are not the list");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_sizes_give_each_item_once_and_in_order() {
    let server = TestServer::start().await;
    ingest(&server, 0..60).await;
    let whole = Archive::read(&server).await;
    assert_eq!(whole.articles.len(), 60);
    assert!(whole.claims.len() > 120 && whole.actors.len() >= 5);

    assert!(whole.articles.is_sorted_by(|a, b| time_of(a) >= time_of(b)));
    let alphabetical = |actor: &Actor| (actor.display_name.to_lowercase(), actor.name.clone());
    assert!(whole.actors.is_sorted_by_key(alphabetical));
    let names: Vec<&str> = whole
        .articles
        .iter()
        .map(|article| article.name.as_str())
        .collect();
    let in_text_order = |claim: &Claim| {
        let article = names.iter().position(|name| *name == claim.article);
        (article.expect("a listed article"), begin(claim))
    };
    assert!(whole.claims.is_sorted_by_key(in_text_order));

    tokio::task::block_in_place(|| {
        check_any_sizes(&whole.articles, async |size, token| {
            articles(&server, size, token).await
        });
        check_any_sizes(&whole.actors, async |size, token| {
            actors(&server, size, token).await
        });
        check_any_sizes(&whole.claims, async |size, token| {
            claims(&server, size, token).await
        });
    });
}

/// Where a claim begins in its text.
fn begin(claim: &Claim) -> i32 {
    let source = claim.source.iter().flat_map(|source| &source.spans);
    let cue = claim.cue.iter().flat_map(|cue| &cue.spans);
    let content = claim.content.iter().flat_map(|content| &content.spans);
    let spans = source.chain(cue).chain(content);
    spans.map(|span| span.start).min().expect("a span")
}

/// Checks a list that grew while it was read: nothing twice, and all of `before` in its order.
fn check_grown<'a>(before: impl Iterator<Item = &'a String>, found: Vec<String>) {
    let before: Vec<&String> = before.collect();
    let distinct: HashSet<&String> = found.iter().collect();
    assert_eq!(distinct.len(), found.len(), "an item came twice");
    let known: HashSet<&String> = before.iter().copied().collect();
    let kept: Vec<&String> = found.iter().filter(|name| known.contains(name)).collect();
    assert_eq!(kept, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_grows_while_it_is_read_repeats_and_skips_nothing() {
    let server = TestServer::start().await;
    ingest(&server, 0..40).await;
    let before = Archive::read(&server).await;
    let growing = async {
        for n in (40..120).step_by(4) {
            ingest(&server, n..n + 4).await;
        }
    };
    let reading = async {
        let mut rounds = 0;
        while rounds < 3
            || server.database.as_ref().expect("a database").rows().await["articles"] < 120
        {
            let found = walk(&[3, 4], async |size, token| {
                articles(&server, size, token).await
            })
            .await;
            check_grown(
                before.articles.iter().map(|a| &a.name),
                found.into_iter().map(|a| a.name).collect(),
            );
            let found = walk(&[1, 2], async |size, token| {
                actors(&server, size, token).await
            })
            .await;
            check_grown(
                before.actors.iter().map(|a| &a.name),
                found.into_iter().map(|a| a.name).collect(),
            );
            let found = walk(&[7, 8], async |size, token| {
                claims(&server, size, token).await
            })
            .await;
            check_grown(
                before.claims.iter().map(|c| &c.name),
                found.into_iter().map(|c| c.name).collect(),
            );
            rounds += 1;
        }
    };
    tokio::join!(growing, reading);
}

#[tokio::test(flavor = "multi_thread")]
async fn page_sizes_have_a_default_and_a_maximum() {
    let database = Database::create().await;
    let people = (0..1_050).map(|n| (format!("Person {n}"), Vec::new()));
    store_actors(&database.store(), people).await;
    let server = TestServer::on(database).await;
    for (asked, given) in [
        (0, 50),
        (1, 1),
        (1_000, 1_000),
        (1_001, 1_000),
        (i32::MAX, 1_000),
    ] {
        let (found, next) = actors(&server, asked, String::new()).await;
        assert_eq!((found.len(), next.is_empty()), (given, false), "{asked}");
        let (found, next) = claims(&server, asked, String::new()).await;
        assert_eq!((found.len(), next.is_empty()), (given, false), "{asked}");
    }
    let found = walk(&[1_000], async |size, token| {
        claims(&server, size, token).await
    })
    .await;
    assert_eq!(found.len(), 1_050);
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_texts_come_in_shorter_pages() {
    let server = TestServer::start().await;
    ingest(&server, 0..60).await;
    let mut sizes = BTreeMap::new();
    for view in [
        ArticleView::Unspecified,
        ArticleView::Basic,
        ArticleView::Full,
    ] {
        let request = ListArticlesRequest {
            page_size: 1_000,
            view: view.into(),
            ..Default::default()
        };
        let page = server.client.list_articles(request).await.expect("a page");
        let with_text = page
            .articles
            .iter()
            .filter(|article| !article.text.is_empty());
        let with_blocks = page
            .articles
            .iter()
            .filter(|article| !article.blocks.is_empty());
        let counts = (page.articles.len(), with_text.count(), with_blocks.count());
        sizes.insert(view as i32, counts);
    }
    assert_eq!(sizes[&0], (60, 0, 0));
    assert_eq!(sizes[&1], (60, 0, 0));
    assert_eq!(sizes[&2], (50, 50, 50));
}
