//! How often an actor was on record, and mentioned by others, over time.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::domain::ActorId;
use crate::service::ServiceError;
use crate::service::actors::missing;
use crate::store::{Store, Timeline, TimelineRange, TimelineUnit};

/// Maximum number of claims counted by the actor, and likewise about the actor.
const MAX_COUNTED: usize = 100_000;
const MAX_BUCKETS: i64 = 1_000;

/// A request for a timeline.
#[derive(Debug, Clone, Copy)]
pub struct GetTimeline {
    /// The actor.
    pub actor: ActorId,
    /// Start of the range, inclusive.
    pub start: Option<DateTime<Utc>>,
    /// End of the range, exclusive.
    pub end: Option<DateTime<Utc>>,
    /// The length of a bucket.
    pub unit: TimelineUnit,
}

/// The counts of an actor's timeline.
///
/// # Errors
/// [`ServiceError::ActorNotFound`]; [`ServiceError::ActorDeleted`]; [`ServiceError::InvalidField`] where there would be
/// too many buckets; [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(actor = %timeline.actor))]
pub async fn get_timeline(store: &Store, timeline: &GetTimeline) -> Result<Timeline, ServiceError> {
    let GetTimeline {
        actor,
        start,
        end,
        unit,
    } = *timeline;
    let range = TimelineRange { start, end };
    let found = store.timeline(actor, range, unit, MAX_COUNTED).await?;
    let Some(found) = found else {
        return Err(missing(store, actor).await);
    };
    let first = found.counts.iter().map(|count| count.first).min();
    let last = found.counts.iter().map(|count| count.last).max();
    let end = end.or_else(|| last.map(|last| last + TimeDelta::microseconds(1)));
    match too_many_buckets(start.or(first), end, unit) {
        None => Ok(found),
        Some(description) => Err(ServiceError::InvalidField {
            field: "unit",
            description,
        }),
    }
}

/// Describes the problem if a range has more buckets than a timeline may have; `None` if it does not, or if it is
/// open on one side.
#[must_use]
pub fn too_many_buckets(
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    unit: TimelineUnit,
) -> Option<String> {
    let last = end? - TimeDelta::microseconds(1);
    let buckets = bucket(last, unit) - bucket(start?, unit) + 1;
    (buckets > MAX_BUCKETS).then(|| {
        format!(
            "makes {buckets} buckets, at most {MAX_BUCKETS} are allowed: ask for a longer unit or a shorter time"
        )
    })
}

/// The number of the bucket that contains a time, counted from an arbitrary bucket.
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{bucket, too_many_buckets};
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
        let first = Some(time("2020-01-01T12:00:00Z"));
        let is_allowed = |last: &str, unit: TimelineUnit| {
            let end = time(last) + TimeDelta::microseconds(1);
            too_many_buckets(first, Some(end), unit).is_none()
        };
        assert!(is_allowed("2022-09-26T23:59:59Z", Day));
        assert!(!is_allowed("2022-09-27T00:00:00Z", Day));
        assert!(is_allowed("3019-12-31T23:59:59Z", Year));
        assert!(!is_allowed("3020-01-01T00:00:00Z", Year));
    }
}
