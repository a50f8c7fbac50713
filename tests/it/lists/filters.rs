use std::cell::Cell;
use std::collections::HashMap;

use futures_util::TryStreamExt;
use onrecord::proto::{
    Actor, ActorKind, Article, Claim, ClaimFilter, ListActorsRequest, ListArticlesRequest,
};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use prost_types::Timestamp;

use super::archive::{Archive, ingest, time_of};
use crate::harness::{TestServer, for_all_async};

type Times<'a> = HashMap<&'a str, (i64, i32)>;

fn timestamp((seconds, nanos): (i64, i32)) -> Timestamp {
    Timestamp { seconds, nanos }
}

/// Whether a time lies in the half-open range that a filter names.
fn lies_in(time: (i64, i32), start: Option<Timestamp>, end: Option<Timestamp>) -> bool {
    start.is_none_or(|start| time >= (start.seconds, start.nanos))
        && end.is_none_or(|end| time < (end.seconds, end.nanos))
}

/// What `ClaimFilter` promises, in plain Rust.
fn fits(claim: &Claim, filter: &ClaimFilter, archive: &Archive, times: &Times<'_>) -> bool {
    let article = archive
        .articles
        .iter()
        .find(|article| article.name == claim.article)
        .expect("the claim's article");
    let spoken = claim.utterance_time.as_ref().and_then(|time| time.start);
    let spoken = spoken.map_or(times[claim.article.as_str()], |time| {
        (time.seconds, time.nanos)
    });
    let mut addressees = claim.addressees.iter();
    fits_itself(claim, filter, times)
        && (filter.about_actor.is_empty() || claim.about_actors.contains(&filter.about_actor))
        && (filter.addressee_actor.is_empty()
            || addressees.any(|one| one.actor == filter.addressee_actor))
        && (filter.certainty == 0 || claim.certainty == filter.certainty)
        && (filter.polarity == 0 || claim.polarity == filter.polarity)
        && lies_in(
            spoken,
            filter.start_utterance_time,
            filter.end_utterance_time,
        )
        && (filter.publisher.is_empty() || article.publisher == filter.publisher)
        && (filter.language_code.is_empty() || article.language_code == filter.language_code)
        && (filter.article_state == 0 || article.state == filter.article_state)
        && (filter.review_state == 0 || claim.review_state == filter.review_state)
}

fn fits_itself(claim: &Claim, filter: &ClaimFilter, times: &Times<'_>) -> bool {
    let class = claim
        .source
        .as_ref()
        .map_or(0, |source| source.source_class);
    (filter.actor.is_empty() || claim.actor == filter.actor)
        && (filter.article.is_empty() || claim.article == filter.article)
        && (filter.source_class == 0 || class == filter.source_class)
        && (filter.quote_type == 0 || claim.quote_type == filter.quote_type)
        && (filter.kind == 0 || claim.kind == filter.kind)
        && claim.confidence >= filter.min_confidence
        && (filter.min_actor_confidence == 0.0
            || actor_confidence(claim).is_some_and(|sure| sure >= filter.min_actor_confidence))
        && (filter.min_check_worthiness == 0.0
            || claim
                .check_worthiness
                .is_some_and(|worth| worth >= filter.min_check_worthiness))
        && lies_in(
            times[claim.article.as_str()],
            filter.start_publish_time,
            filter.end_publish_time,
        )
}

fn actor_confidence(claim: &Claim) -> Option<f32> {
    claim.part_confidence.and_then(|parts| parts.actor)
}

/// A value that is mostly the field's default.
fn rarely<T: Default + Clone + std::fmt::Debug>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = T> {
    weighted(0.3, value).prop_map(Option::unwrap_or_default)
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
    let (cases, fitted) = (Cell::new(0), Cell::new(0));
    for_all_async(300, &any_filter(&archive), async |filter| {
        let count = check(&server, &archive, &filter).await;
        cases.set(cases.get() + 1);
        fitted.set(fitted.get() + usize::from(count > 0));
    });
    assert!(
        fitted.get() * 12 > cases.get(),
        "{} of {}",
        fitted.get(),
        cases.get()
    );
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
