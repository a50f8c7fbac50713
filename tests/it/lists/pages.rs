use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;

use onrecord::proto::{
    Actor, Article, ArticleView, Claim, ListActorsRequest, ListArticlesRequest, ListClaimsRequest,
};
use proptest::collection::vec;

use super::archive::{Archive, ingest, store_actors, time_of};
use crate::harness::{Database, TestServer, for_all_async};

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
        assert!(i32::try_from(found.len()).expect("a page") <= *size);
        items.append(&mut found);
        assert!(items.len() < 5_000, "a list without end");
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
    for_all_async(24, &vec(1_i32..30, 1..6), async |sizes| {
        assert_eq!(walk(&sizes, &page).await, whole);
    });
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

    check_any_sizes(&whole.articles, async |size, token| {
        articles(&server, size, token).await
    });
    check_any_sizes(&whole.actors, async |size, token| {
        actors(&server, size, token).await
    });
    check_any_sizes(&whole.claims, async |size, token| {
        claims(&server, size, token).await
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
fn check_grown(before: &[String], found: &[String]) {
    let distinct: HashSet<&String> = found.iter().collect();
    assert_eq!(distinct.len(), found.len(), "an item came twice");
    let known: HashSet<&String> = before.iter().collect();
    let kept = found.iter().filter(|name| known.contains(name));
    assert!(kept.eq(before), "{before:?} {found:?}");
}

/// The names of all articles, actors and claims, read in small pages.
async fn names(server: &TestServer) -> [Vec<String>; 3] {
    let all = walk(&[3, 4], async |size, token| {
        articles(server, size, token).await
    })
    .await;
    let articles = all.into_iter().map(|article| article.name).collect();
    let all = walk(&[1, 2], async |size, token| {
        actors(server, size, token).await
    })
    .await;
    let actors = all.into_iter().map(|actor| actor.name).collect();
    let all = walk(&[7, 8], async |size, token| {
        claims(server, size, token).await
    })
    .await;
    let claims = all.into_iter().map(|claim| claim.name).collect();
    [articles, actors, claims]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_grows_while_it_is_read_repeats_and_skips_nothing() {
    let server = TestServer::start().await;
    ingest(&server, 0..40).await;
    let before = names(&server).await;
    let growing = async {
        for n in (40..120).step_by(4) {
            ingest(&server, n..n + 4).await;
        }
    };
    let reading = async {
        loop {
            let found = names(&server).await;
            for (before, found) in before.iter().zip(&found) {
                check_grown(before, found);
            }
            if found[0].len() == 120 {
                break;
            }
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
