//! Encoding times as messages.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::{TimeExpression, TimeReading};
use crate::proto;

use super::enums::number;

/// Encodes a time.
#[must_use]
pub fn timestamp(time: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.timestamp(),
        nanos: i32::try_from(time.timestamp_subsec_nanos()).unwrap_or(999_999_999),
    }
}

/// Encodes a time expression, whose text is `span`.
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

/// Encodes a duration.
#[must_use]
pub fn duration(length: Duration) -> prost_types::Duration {
    prost_types::Duration {
        seconds: i64::try_from(length.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(length.subsec_nanos()).unwrap_or(999_999_999),
    }
}
