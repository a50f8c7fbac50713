use std::cell::Cell;

use futures_util::TryStreamExt;
use onrecord::proto::ErrorReason::{InvalidField, InvalidResourceName};
use onrecord::proto::{
    Actor, ActorKind, Article, Claim, ClaimFilter, ListActorsRequest, ListArticlesRequest,
    ListClaimsRequest, WatchClaimsRequest,
};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use prost_types::Timestamp;

use super::archive::{Archive, check_some, ingest, time_of};
use super::fits::{actor_confidence, fits, lies_in};
use crate::harness::{TestServer, for_all_async, refused};

fn timestamp((seconds, nanos): (i64, i32)) -> Timestamp {
    Timestamp { seconds, nanos }
}

/// A value that is mostly the field's default.
fn rarely<T: Default + Clone + std::fmt::Debug>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = T> + Clone {
    weighted(0.3, value).prop_map(Option::unwrap_or_default)
}

/// Filters with few of the other fields set: lists, and what asks of the actor and the engine.
fn any_lists(archive: &Archive) -> impl Strategy<Value = ClaimFilter> + use<> {
    let actors: Vec<String> = archive
        .actors
        .iter()
        .map(|actor| actor.name.clone())
        .collect();
    let engine = archive.claims[0].engine.clone().expect("an engine");
    let versions = select(vec![engine.version, "0.0.1".to_owned()]);
    let some = |known: &[&str]| {
        let known: Vec<String> = known.iter().map(|text| (*text).to_owned()).collect();
        rarely(vec(select(known), 1..3))
    };
    let actors = rarely(vec(select(actors), 1..4));
    let kinds = rarely(vec(1..=10_i32, 1..4));
    let publishers = some(&["Ostbridge Courier", "Radio Estuary", "Radio"]);
    (
        (actors.clone(), actors),
        (kinds.clone(), kinds),
        (publishers.clone(), publishers),
        some(&["en", "de"]),
        (weighted(0.2, any::<bool>()), weighted(0.2, any::<bool>())),
        rarely(1..=3_i32),
        (rarely(versions.clone()), weighted(0.1, versions)),
    )
        .prop_map(
            |(
                (actors, excluded_actors),
                (kinds, excluded_kinds),
                (publishers, excluded_publishers),
                language_codes,
                (has_actor, has_fact_check),
                actor_gender,
                (engine_version, excluded_engine_version),
            )| ClaimFilter {
                actors,
                kinds,
                publishers,
                language_codes,
                excluded_actors,
                excluded_kinds,
                excluded_publishers,
                has_actor,
                has_fact_check,
                actor_gender,
                engine_version,
                excluded_engine_version: excluded_engine_version.unwrap_or_default(),
                ..ClaimFilter::default()
            },
        )
}

/// Filters with few fields set, most of them to values that some claim has.
fn any_filter(archive: &Archive) -> impl Strategy<Value = ClaimFilter> + use<> {
    let actors: Vec<String> = archive
        .actors
        .iter()
        .map(|actor| actor.name.clone())
        .collect();
    let articles: Vec<String> = archive
        .articles
        .iter()
        .map(|article| article.name.clone())
        .collect();
    let (about, addressees) = (actors.clone(), actors.clone());
    let unknown = "0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";
    let name = |known: Vec<String>, collection: &str| {
        let unknown = Just(format!("{collection}/{unknown}"));
        prop_oneof![20 => Just(String::new()), 9 => select(known), 1 => unknown]
    };
    let text = |known: &[&str]| {
        let known: Vec<String> = known.iter().map(|text| (*text).to_owned()).collect();
        prop_oneof![4 => Just(String::new()), 1 => select(known)]
    };
    let number = |last: i32| prop_oneof![3 => Just(0), 2 => 1..=last];
    let mut bounds: Vec<(i64, i32)> = archive.times().into_values().collect();
    bounds.extend([(0, 0), (1_700_000_001, 0), (253_402_300_799, 0)]);
    let mut sure: Vec<f32> = archive.claims.iter().filter_map(actor_confidence).collect();
    sure.push(1.0);
    let worth = archive.claims.iter();
    let worth: Vec<f32> = worth.filter_map(|claim| claim.check_worthiness).collect();
    let spoken = weighted(0.1, select(bounds.clone()).prop_map(timestamp));
    let bound = weighted(0.3, select(bounds).prop_map(timestamp));
    (
        (name(actors, "actors"), name(articles, "articles")),
        (number(6), number(3), number(10)),
        (bound.clone(), bound),
        (
            select(vec![0.0, 0.0, 0.0, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0]),
            rarely(select(sure)),
            weighted(0.1, select(worth)).prop_map(Option::unwrap_or_default),
        ),
        (
            rarely(name(about, "actors")),
            rarely(name(addressees, "actors")),
        ),
        (
            rarely(number(4)),
            rarely(number(3)),
            rarely(number(3)),
            rarely(number(4)),
        ),
        (spoken.clone(), spoken),
        (text(&["Ostbridge Courier", "Radio"]), text(&["en", "de"])),
    )
        .prop_filter(
            "an empty range is refused",
            |(_, _, first, _, _, _, second, _)| {
                let key = |time: &Timestamp| (time.seconds, time.nanos);
                [first, second].iter().all(|(start, end)| {
                    start.is_none()
                        || end.is_none()
                        || start.as_ref().map(key) < end.as_ref().map(key)
                })
            },
        )
        .prop_map(
            |(
                (actor, article),
                (source_class, quote_type, kind),
                (start, end),
                (min_confidence, min_actor_confidence, min_check_worthiness),
                (about_actor, addressee_actor),
                (certainty, polarity, article_state, review_state),
                (start_utterance_time, end_utterance_time),
                (publisher, language_code),
            )| ClaimFilter {
                actor,
                article,
                source_class,
                quote_type,
                kind,
                start_publish_time: start,
                end_publish_time: end,
                min_confidence,
                about_actor,
                addressee_actor,
                certainty,
                polarity,
                start_utterance_time,
                end_utterance_time,
                publisher,
                language_code,
                article_state,
                review_state,
                min_actor_confidence,
                min_check_worthiness,
                ..ClaimFilter::default()
            },
        )
}

/// Lists with this filter, compares, and returns how many claims fitted.
async fn check(server: &TestServer, archive: &Archive, filter: &ClaimFilter) -> usize {
    let times = archive.times();
    let fitting = archive
        .claims
        .iter()
        .filter(|claim| fits(claim, filter, archive, &times));
    let fitting: Vec<Claim> = fitting.cloned().collect();
    assert_eq!(server.claims(filter.clone()).await, fitting, "{filter:?}");
    fitting.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_are_filtered_as_the_schema_says() {
    let server = TestServer::start().await;
    ingest(&server, 0..40).await;
    check_some(&server).await;
    let archive = Archive::read(&server).await;
    let none = ClaimFilter::default();
    for number in 1..=10 {
        let kind = ClaimFilter {
            kind: number,
            ..none.clone()
        };
        let class = ClaimFilter {
            source_class: number.min(6),
            ..none.clone()
        };
        let quote_type = ClaimFilter {
            quote_type: number.min(3),
            ..none.clone()
        };
        for filter in [kind, class, quote_type] {
            check(&server, &archive, &filter).await;
        }
    }
    check_many(&server, &archive, &any_filter(&archive));
    check_many(&server, &archive, &any_lists(&archive));
    let both = (any_filter(&archive), any_lists(&archive));
    let both = both.prop_map(|(one, lists)| ClaimFilter {
        actors: lists.actors,
        excluded_kinds: lists.excluded_kinds,
        publishers: lists.publishers,
        has_actor: lists.has_actor,
        has_fact_check: lists.has_fact_check,
        ..one
    });
    for_all_async(100, &both, async |filter| {
        check(&server, &archive, &filter).await;
    });
}

/// Checks filters, of which enough have to fit some claim.
fn check_many(
    server: &TestServer,
    archive: &Archive,
    filters: &impl Strategy<Value = ClaimFilter>,
) {
    let (cases, fitted) = (Cell::new(0), Cell::new(0));
    for_all_async(300, filters, async |filter| {
        let count = check(server, archive, &filter).await;
        cases.set(cases.get() + 1);
        fitted.set(fitted.get() + usize::from(count > 0));
    });
    let (cases, fitted) = (cases.get(), fitted.get());
    assert!(fitted * 20 > cases, "{fitted} of {cases}");
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_are_filtered_as_the_schema_says() {
    let server = TestServer::start().await;
    ingest(&server, 0..40).await;
    let archive = Archive::read(&server).await;
    let mut bounds: Vec<Option<(i64, i32)>> = archive.times().into_values().map(Some).collect();
    bounds.sort_unstable();
    bounds.dedup();
    bounds.truncate(6);
    bounds.push(None);
    for publisher in [
        "",
        "Ostbridge Courier",
        "ostbridge courier",
        "Radio Estuary",
        "Radio",
    ] {
        for (start, end) in bounds
            .iter()
            .flat_map(|start| bounds.iter().map(move |end| (*start, *end)))
        {
            if start.is_some() && end.is_some() && start >= end {
                continue;
            }
            let request = ListArticlesRequest {
                publisher: publisher.to_owned(),
                start_publish_time: start.map(timestamp),
                end_publish_time: end.map(timestamp),
                page_size: 7,
                ..Default::default()
            };
            let fits = |article: &&Article| {
                (publisher.is_empty() || article.publisher == publisher)
                    && lies_in(time_of(article), start.map(timestamp), end.map(timestamp))
            };
            let fitting: Vec<Article> = archive.articles.iter().filter(fits).cloned().collect();
            let listed = server
                .client
                .all_articles(request.clone())
                .try_collect()
                .await;
            let listed: Vec<Article> = listed.expect("list");
            assert_eq!(listed, fitting, "{request:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn actors_are_filtered_by_kind() {
    let server = TestServer::start().await;
    ingest(&server, 0..20).await;
    let archive = Archive::read(&server).await;
    let of_kind = |number: i32| -> Vec<Actor> {
        let actors = archive.actors.iter();
        actors
            .filter(|actor| actor.kind == number)
            .cloned()
            .collect()
    };
    assert!(!of_kind(ActorKind::Person.into()).is_empty());
    assert!(!of_kind(ActorKind::Organization.into()).is_empty());
    for number in 1..=6 {
        let request = ListActorsRequest {
            kind: number,
            ..Default::default()
        };
        let listed = server.client.all_actors(request).try_collect().await;
        let listed: Vec<Actor> = listed.expect("list");
        assert_eq!(listed, of_kind(number));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_no_claim_can_fit_are_named() {
    let server = TestServer::start().await;
    let bad = ClaimFilter {
        actors: vec!["claims/1".to_owned()],
        excluded_actors: vec![String::new()],
        proposition: "actors/1".to_owned(),
        ..Default::default()
    };
    let list = |filter| {
        server.client.list_claims(ListClaimsRequest {
            filter: Some(filter),
            ..Default::default()
        })
    };
    let fields = &[
        "filter.actors[0]",
        "filter.excluded_actors[0]",
        "filter.proposition",
    ];
    refused(Box::pin(list(bad)), InvalidResourceName, fields).await;
    let bad = ClaimFilter {
        kinds: vec![1, 0],
        publishers: vec!["p".repeat(501)],
        language_codes: vec![String::new()],
        excluded_publishers: vec!["p".to_owned(); 101],
        excluded_engine_version: "v".repeat(101),
        engine_version: "v".repeat(101),
        ..Default::default()
    };
    let fields = &[
        "filter.kinds[1]",
        "filter.publishers[0]",
        "filter.language_codes[0]",
        "filter.excluded_publishers",
        "filter.excluded_engine_version",
        "filter.engine_version",
    ];
    refused(Box::pin(list(bad)), InvalidField, fields).await;
    let watched = WatchClaimsRequest {
        filter: Some(ClaimFilter {
            actor_gender: 1,
            has_fact_check: Some(false),
            proposition: "propositions/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let mut client = server.claim_service().await;
    let call = client.watch_claims(watched);
    let fields = &[
        "filter.proposition",
        "filter.actor_gender",
        "filter.has_fact_check",
    ];
    refused(call, InvalidField, fields).await;
}
