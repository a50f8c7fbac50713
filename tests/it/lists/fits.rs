//! What `ClaimFilter` promises, in plain Rust.

use std::collections::HashMap;

use onrecord::proto::{Article, Claim, ClaimFilter};
use prost_types::Timestamp;

use super::archive::Archive;

type Times<'a> = HashMap<&'a str, (i64, i32)>;

/// Whether a time lies in the half-open range that a filter names.
pub fn lies_in(time: (i64, i32), start: Option<Timestamp>, end: Option<Timestamp>) -> bool {
    start.is_none_or(|start| time >= (start.seconds, start.nanos))
        && end.is_none_or(|end| time < (end.seconds, end.nanos))
}

/// What `ClaimFilter` promises, in plain Rust.
pub fn fits(claim: &Claim, filter: &ClaimFilter, archive: &Archive, times: &Times<'_>) -> bool {
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
        && fits_lists(claim, filter, article)
        && fits_actor(claim, filter, archive)
}

/// What the lists of a filter promise.
fn fits_lists(claim: &Claim, filter: &ClaimFilter, article: &Article) -> bool {
    let version = claim.engine.as_ref().map_or("", |engine| &engine.version);
    (filter.actors.is_empty() || filter.actors.contains(&claim.actor))
        && (filter.kinds.is_empty() || filter.kinds.contains(&claim.kind))
        && (filter.publishers.is_empty() || filter.publishers.contains(&article.publisher))
        && (filter.language_codes.is_empty()
            || filter.language_codes.contains(&article.language_code))
        && !filter.excluded_actors.contains(&claim.actor)
        && !filter.excluded_kinds.contains(&claim.kind)
        && !filter.excluded_publishers.contains(&article.publisher)
        && (filter.engine_version.is_empty() || filter.engine_version == version)
        && (filter.excluded_engine_version.is_empty() || filter.excluded_engine_version != version)
}

/// What a filter promises of the actor.
fn fits_actor(claim: &Claim, filter: &ClaimFilter, archive: &Archive) -> bool {
    let actor = archive
        .actors
        .iter()
        .find(|actor| actor.name == claim.actor);
    filter
        .has_actor
        .is_none_or(|has| has != claim.actor.is_empty())
        && filter
            .has_fact_check
            .is_none_or(|has| has != claim.fact_checks.is_empty())
        && (filter.actor_gender == 0
            || actor.is_some_and(|actor| actor.gender == filter.actor_gender))
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

pub fn actor_confidence(claim: &Claim) -> Option<f32> {
    claim.part_confidence.and_then(|parts| parts.actor)
}
