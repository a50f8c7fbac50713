//! How often an actor was on record, and mentioned by others, over time.

use tonic::Status;

use crate::api::convert::time::timestamp;
use crate::api::request::Check;
use crate::api::wire::status::Reason;
use crate::domain::ActorId;
use crate::proto::{self, GetTimelineRequest, GetTimelineResponse, KindCount, TimelineBucket};
use crate::service::claims::{GetTimeline, too_many_buckets};
use crate::store::{Timeline, TimelineCount, TimelineUnit};

pub(super) fn parse(request: &GetTimelineRequest) -> Result<GetTimeline, Status> {
    let mut check = Check::default();
    let actor = check.resource::<ActorId>("actor", &request.actor);
    let (start, end) = check.time_range(
        ("start_time", request.start_time),
        ("end_time", request.end_time),
    );
    let unit = timeline_unit(&mut check, request.unit);
    if let Some(description) = too_many_buckets(start, end, unit) {
        check.fail("unit", Reason::InvalidField, description);
    }
    Ok(GetTimeline {
        actor: check.finish_with(actor)?,
        start,
        end,
        unit,
    })
}

/// Encodes a timeline.
pub(super) fn counted(found: &Timeline) -> GetTimelineResponse {
    let first = found.counts.iter().map(|count| count.first).min();
    let last = found.counts.iter().map(|count| count.last).max();
    GetTimelineResponse {
        buckets: buckets(found),
        first_claim_time: first.map(timestamp),
        last_claim_time: last.map(timestamp),
        sampled: found.sampled,
    }
}

fn timeline_unit(check: &mut Check, number: i32) -> TimelineUnit {
    match check.enumeration::<proto::TimelineUnit>("unit", number) {
        Some(proto::TimelineUnit::Day) => TimelineUnit::Day,
        Some(proto::TimelineUnit::Week) => TimelineUnit::Week,
        Some(proto::TimelineUnit::Year) => TimelineUnit::Year,
        _ => TimelineUnit::Month,
    }
}

fn buckets(found: &Timeline) -> Vec<TimelineBucket> {
    let of_bucket = found.counts.chunk_by(|one, next| one.start == next.start);
    of_bucket.map(one_bucket).collect()
}

/// Sums the counts of one bucket.
fn one_bucket(counts: &[TimelineCount]) -> TimelineBucket {
    let total = |about| -> i64 {
        let part = counts.iter().filter(|count| count.about == about);
        part.map(|count| count.claims).sum()
    };
    let kinds = counts.iter().filter_map(|count| {
        Some(KindCount {
            kind: proto::ClaimKind::from(count.kind?).into(),
            claim_count: count.claims,
        })
    });
    let mut kinds: Vec<KindCount> = kinds.collect();
    kinds.sort_by_key(|count| count.kind);
    TimelineBucket {
        start_time: counts.first().map(|count| timestamp(count.start)),
        claim_count: total(false),
        kinds,
        about_count: total(true),
    }
}
