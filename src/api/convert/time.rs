//! Times both ways.

use std::time::Duration;

use chrono::{DateTime, Timelike, Utc};

use crate::api::check::Check;
use crate::api::status::Reason;
use crate::domain::{TimeExpression, TimeReading};
use crate::proto;

use super::enums::number;

/// Reads a timestamp field, cut to the microseconds that Postgres keeps; `None` where it is bad.
pub fn read_timestamp(
    check: &mut Check,
    field: &str,
    time: prost_types::Timestamp,
) -> Option<DateTime<Utc>> {
    let read = u32::try_from(time.nanos)
        .ok()
        .and_then(|nanos| DateTime::from_timestamp(time.seconds, nanos))
        .filter(|read| (1..=9999).contains(&chrono::Datelike::year(read)))
        // chrono takes nanoseconds above a second for a leap second; protobuf has none.
        .filter(|_| time.nanos < 1_000_000_000)
        .and_then(|read| read.with_nanosecond(read.nanosecond() / 1_000 * 1_000));
    if read.is_none() {
        check.fail(
            field,
            Reason::InvalidField,
            "is no time from year 1 to year 9999",
        );
    }
    read
}

/// Reads a half-open range of time; `None` on a side without a bound.
pub fn read_range(
    check: &mut Check,
    start: (&str, Option<prost_types::Timestamp>),
    end: (&str, Option<prost_types::Timestamp>),
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let from = start
        .1
        .and_then(|time| read_timestamp(check, start.0, time));
    let to = end.1.and_then(|time| read_timestamp(check, end.0, time));
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        check.fail(
            end.0,
            Reason::InvalidField,
            format!("has to be later than {}", start.0),
        );
    }
    (from, to)
}

/// A time as a message.
pub(in crate::api) fn timestamp(time: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.timestamp(),
        nanos: i32::try_from(time.timestamp_subsec_nanos()).unwrap_or(999_999_999),
    }
}

/// A time expression, whose words are `span`, as a message.
pub(super) fn time_expression(span: proto::Span, time: &TimeExpression) -> proto::TimeExpression {
    proto::TimeExpression {
        span: Some(span),
        timex: time.reading.timex.clone(),
        start: time.reading.start.map(timestamp),
        end: time.reading.end.map(timestamp),
        granularity: number::<_, proto::TimeGranularity>(time.granularity),
        anchor: number::<_, proto::TimeAnchor>(time.anchor),
        candidates: time.candidates.iter().map(candidate).collect(),
        confidence: time.reading.confidence,
    }
}

fn candidate(reading: &TimeReading) -> proto::TimeCandidate {
    proto::TimeCandidate {
        timex: reading.timex.clone(),
        start: reading.start.map(timestamp),
        end: reading.end.map(timestamp),
        score: reading.confidence,
    }
}

/// A length of time as a message.
pub(super) fn duration(length: Duration) -> prost_types::Duration {
    prost_types::Duration {
        seconds: i64::try_from(length.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(length.subsec_nanos()).unwrap_or(999_999_999),
    }
}

#[cfg(test)]
mod tests {
    use super::{read_range, read_timestamp, timestamp};
    use crate::api::check::Check;

    fn read(seconds: i64, nanos: i32) -> Option<prost_types::Timestamp> {
        let time = prost_types::Timestamp { seconds, nanos };
        read_timestamp(&mut Check::default(), "t", time).map(timestamp)
    }

    #[test]
    fn times_are_kept_to_the_microsecond() {
        let cut = read(1_700_000_000, 123_456_789).unwrap();
        assert_eq!((cut.seconds, cut.nanos), (1_700_000_000, 123_456_000));
        let early = read(-62_135_596_800, 0).unwrap();
        assert_eq!((early.seconds, early.nanos), (-62_135_596_800, 0));
    }

    #[test]
    fn times_out_of_bounds_are_refused() {
        for (seconds, nanos) in [
            (-62_135_596_801, 0),
            (253_402_300_800, 0),
            (0, -1),
            (59, 1_000_000_000),
            (i64::MAX, 0),
            (i64::MIN, 0),
        ] {
            assert_eq!(read(seconds, nanos), None, "{seconds} {nanos}");
        }
    }

    #[test]
    fn a_range_has_to_hold_a_moment() {
        let at = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
        for (start, end, good) in [
            (at(1), at(2), true),
            (at(2), at(2), false),
            (None, at(0), true),
            (at(3), at(2), false),
        ] {
            let mut check = Check::default();
            read_range(&mut check, ("start", start), ("end", end));
            assert_eq!(check.finish().is_ok(), good);
        }
    }
}
