//! Who, or what, is how often on record.

use futures_util::TryStreamExt;
use onrecord::proto::{ClaimFilter, ListSourcingStatsRequest, SourcingGroup, SourcingStats};

use super::{COURIER, RADIO, actor, at, server, year};
use crate::harness::TestServer;

fn by(group: SourcingGroup, filter: ClaimFilter) -> ListSourcingStatsRequest {
    ListSourcingStatsRequest {
        group_by: group.into(),
        filter: Some(filter),
        ..ListSourcingStatsRequest::default()
    }
}

async fn rows(server: &TestServer, request: ListSourcingStatsRequest) -> Vec<SourcingStats> {
    let rows = server.client.all_sourcing_stats(request.clone());
    let rows = rows.try_collect().await;
    rows.unwrap_or_else(|error| panic!("{request:?}: {error}"))
}

/// Keys, or names where there are any, with their claims and articles.
async fn counts(
    server: &TestServer,
    group: SourcingGroup,
    filter: ClaimFilter,
) -> Vec<(String, i64, i64)> {
    let rows = rows(server, by(group, filter)).await.into_iter();
    let counts = rows.map(|row| {
        let key = if row.display_name.is_empty() {
            row.key
        } else {
            row.display_name
        };
        (key, row.claim_count, row.article_count)
    });
    counts.collect()
}

fn count(key: &str, claims: i64, articles: i64) -> (String, i64, i64) {
    (key.to_owned(), claims, articles)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_group_counts_every_claim_once() {
    let server = server().await;
    for (group, expected) in [
        (
            SourcingGroup::Actor,
            vec![
                count("Ann Lee", 3, 3),
                count("Marek Dolan", 2, 2),
                count("", 1, 1),
            ],
        ),
        (
            SourcingGroup::Gender,
            vec![
                count("GENDER_FEMALE", 3, 3),
                count("GENDER_MALE", 2, 2),
                count("GENDER_UNSPECIFIED", 1, 1),
            ],
        ),
        (
            SourcingGroup::SourceClass,
            vec![
                count("SOURCE_CLASS_NAMED", 5, 4),
                count("SOURCE_CLASS_COLLECTIVE", 1, 1),
            ],
        ),
        (
            SourcingGroup::Publisher,
            vec![count(COURIER, 3, 2), count(RADIO, 3, 2)],
        ),
        (
            SourcingGroup::Kind,
            vec![
                count("CLAIM_KIND_ASSERTION", 3, 3),
                count("CLAIM_KIND_COMMITMENT", 1, 1),
                count("CLAIM_KIND_DENIAL", 1, 1),
                count("CLAIM_KIND_EVALUATION", 1, 1),
            ],
        ),
        (
            SourcingGroup::Month,
            vec![count("2024-01", 4, 3), count("2024-02", 2, 1)],
        ),
    ] {
        assert_eq!(counts(&server, group, year()).await, expected, "{group:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_what_is_counted() {
    let server = server().await;
    let ann = actor(&server, "Ann Lee").await;
    let of_ann = ClaimFilter {
        actor: ann.name.clone(),
        ..ClaimFilter::default()
    };
    assert_eq!(
        counts(&server, SourcingGroup::Publisher, of_ann.clone()).await,
        [count(COURIER, 2, 2), count(RADIO, 1, 1)]
    );
    let of_radio = ClaimFilter {
        publisher: RADIO.to_owned(),
        ..ClaimFilter::default()
    };
    assert_eq!(
        counts(&server, SourcingGroup::Gender, of_radio).await,
        [
            count("GENDER_FEMALE", 1, 1),
            count("GENDER_MALE", 1, 1),
            count("GENDER_UNSPECIFIED", 1, 1)
        ]
    );
    let about_ann = ClaimFilter {
        about_actor: ann.name.clone(),
        ..year()
    };
    assert_eq!(
        counts(&server, SourcingGroup::Actor, about_ann).await,
        [count("Marek Dolan", 1, 1)]
    );
    let january = ClaimFilter {
        end_publish_time: Some(at("2024-01-08T00:00:00Z")),
        ..year()
    };
    let found = rows(&server, by(SourcingGroup::Actor, january)).await;
    assert_eq!(
        found[0],
        SourcingStats {
            key: ann.name,
            display_name: "Ann Lee".to_owned(),
            claim_count: 2,
            article_count: 2,
            first_claim_time: Some(at("2024-01-01T09:00:00Z")),
            last_claim_time: Some(at("2024-01-07T23:59:59Z")),
        }
    );
    let of_nothing = ClaimFilter {
        publisher: "Nobody's Gazette".to_owned(),
        ..ClaimFilter::default()
    };
    assert_eq!(
        counts(&server, SourcingGroup::Kind, of_nothing).await,
        Vec::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_counted_too() {
    let server = TestServer::start().await;
    let article = server
        .ingest_text("It rained, according to a report.")
        .await;
    assert!(article.claim_count > 0);
    let of_article = ClaimFilter {
        article: article.name,
        ..ClaimFilter::default()
    };
    let claims = article.claim_count;
    for (group, key) in [
        (SourcingGroup::Publisher, ""),
        (SourcingGroup::Gender, "GENDER_UNSPECIFIED"),
    ] {
        assert_eq!(
            counts(&server, group, of_article.clone()).await,
            [count(key, claims, 1)]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_size_make_the_same_list() {
    let server = server().await;
    for group in [
        SourcingGroup::Actor,
        SourcingGroup::Kind,
        SourcingGroup::Publisher,
    ] {
        let whole = rows(&server, by(group, year())).await;
        for page_size in 1..=4 {
            let request = ListSourcingStatsRequest {
                page_size,
                ..by(group, year())
            };
            let first = server.client.list_sourcing_stats(request.clone()).await;
            let size = usize::try_from(page_size).expect("a size");
            assert_eq!(first.expect("a page").rows.len(), size.min(whole.len()));
            assert_eq!(rows(&server, request).await, whole, "{group:?} {page_size}");
        }
    }
}
