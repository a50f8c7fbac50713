//! How often an actor was on record, and spoken of, over time.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use tonic::Status;

use super::Archive;
use super::check::Check;
use super::convert::time::{read_range, timestamp};
use super::names::Named;
use super::status::{Reason, error_with};
use crate::domain::ActorId;
use crate::proto::{self, GetTimelineRequest, GetTimelineResponse, KindCount, TimelineBucket};
use crate::store::{Timeline, TimelineCount, TimelineRange, TimelineUnit};

/// How many claims by the actor are counted, and how many about it.
const MAX_COUNTED: usize = 100_000;
const MAX_BUCKETS: i64 = 1_000;

/// Answers a timeline.
pub(super) async fn timeline(
    archive: &Archive,
    request: GetTimelineRequest,
) -> Result<GetTimelineResponse, Status> {
    let mut check = Check::default();
    let actor = check.resource::<ActorId>("actor", &request.actor);
    let (start, end) = read_range(
        &mut check,
        ("start_time", request.start_time),
        ("end_time", request.end_time),
    );
    let unit = check.timeline_unit(request.unit);
    if let (Some(start), Some(end)) = (start, end) {
        check.buckets(start, before(end), unit);
    }
    let actor = check.finish_with(actor)?;
    let range = TimelineRange { start, end };
    let counted = archive.store()?.timeline(actor, range, unit, MAX_COUNTED);
    let Some(found) = counted.await? else {
        let name = actor.resource_name();
        let description = format!("there is no {name}");
        return Err(error_with(
            Reason::ActorNotFound,
            description,
            [("name", name)],
        ));
    };
    let first = found.counts.iter().map(|count| count.first).min();
    let last = found.counts.iter().map(|count| count.last).max();
    let mut check = Check::default();
    if let (Some(first), Some(last)) = (start.or(first), end.map(before).or(last)) {
        check.buckets(first, last, unit);
    }
    check.finish()?;
    Ok(GetTimelineResponse {
        buckets: buckets(&found),
        first_claim_time: first.map(timestamp),
        last_claim_time: last.map(timestamp),
        sampled: found.sampled,
    })
}

/// The last moment before a time that is not part of a range.
fn before(end: DateTime<Utc>) -> DateTime<Utc> {
    end - TimeDelta::microseconds(1)
}

impl Check {
    fn timeline_unit(&mut self, number: i32) -> TimelineUnit {
        match self.enumeration::<proto::TimelineUnit>("unit", number) {
            Some(proto::TimelineUnit::Day) => TimelineUnit::Day,
            Some(proto::TimelineUnit::Week) => TimelineUnit::Week,
            Some(proto::TimelineUnit::Year) => TimelineUnit::Year,
            _ => TimelineUnit::Month,
        }
    }

    /// Notes if there are too many buckets from the first moment to the last.
    fn buckets(&mut self, first: DateTime<Utc>, last: DateTime<Utc>, unit: TimelineUnit) {
        let buckets = bucket(last, unit) - bucket(first, unit) + 1;
        if buckets > MAX_BUCKETS {
            let description = format!(
                "makes {buckets} buckets, at most {MAX_BUCKETS} are allowed: ask for a longer unit or a shorter time"
            );
            self.fail("unit", Reason::InvalidField, description);
        }
    }
}

/// The number of the bucket that a moment lies in, from some bucket on.
fn bucket(time: DateTime<Utc>, unit: TimelineUnit) -> i64 {
    // Day 1 of the common era was a Monday.
    let day = i64::from(time.num_days_from_ce());
    match unit {
        TimelineUnit::Day => day,
        TimelineUnit::Week => (day - 1).div_euclid(7),
        TimelineUnit::Month => i64::from(time.year()) * 12 + i64::from(time.month0()),
        TimelineUnit::Year => i64::from(time.year()),
    }
}

fn buckets(found: &Timeline) -> Vec<TimelineBucket> {
    let of_bucket = found.counts.chunk_by(|one, next| one.start == next.start);
    of_bucket.map(one_bucket).collect()
}

/// Adds up the counts of one bucket.
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Check, bucket};
    use crate::store::TimelineUnit::{self, Day, Month, Week, Year};

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn buckets_are_those_of_the_calendar() {
        for (unit, first, last, apart) in [
            (Day, "2024-02-28T23:59:59Z", "2024-03-01T00:00:00Z", 2),
            (Week, "2024-05-06T00:00:00Z", "2024-05-12T23:59:59Z", 0),
            (Week, "2024-05-12T23:59:59Z", "2024-05-13T00:00:00Z", 1),
            (Week, "0001-01-01T00:00:00Z", "0001-01-08T00:00:00Z", 1),
            (Month, "2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z", 1),
            (Month, "2023-12-01T00:00:00Z", "2025-01-01T00:00:00Z", 13),
            (Year, "2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z", 1),
        ] {
            let found = bucket(time(last), unit) - bucket(time(first), unit);
            assert_eq!(found, apart, "{unit} {first} {last}");
        }
    }

    #[test]
    fn a_thousand_buckets_are_allowed() {
        let is_allowed = |last: &str, unit: TimelineUnit| {
            let mut check = Check::default();
            check.buckets(time("2020-01-01T12:00:00Z"), time(last), unit);
            check.finish().is_ok()
        };
        assert!(is_allowed("2022-09-26T23:59:59Z", Day));
        assert!(!is_allowed("2022-09-27T00:00:00Z", Day));
        assert!(is_allowed("3019-12-31T23:59:59Z", Year));
        assert!(!is_allowed("3020-01-01T00:00:00Z", Year));
    }
}
