use chrono::{DateTime, Datelike, Timelike, Utc};

use super::check::Check;
use crate::api::wire::status::Reason;

impl Check {
    /// Parses a timestamp, truncated to the microseconds that Postgres stores; `None` if it is invalid.
    pub fn timestamp(
        &mut self,
        field: &str,
        time: prost_types::Timestamp,
    ) -> Option<DateTime<Utc>> {
        let parsed = u32::try_from(time.nanos)
            .ok()
            .and_then(|nanos| DateTime::from_timestamp(time.seconds, nanos))
            .filter(|time| (1..=9999).contains(&time.year()))
            // chrono represents leap seconds as more than 10⁹ nanoseconds; protobuf has none.
            .filter(|_| time.nanos < 1_000_000_000)
            .and_then(|time| time.with_nanosecond(time.nanosecond() / 1_000 * 1_000));
        if parsed.is_none() {
            self.fail(
                field,
                Reason::InvalidField,
                "is no time from year 1 to year 9999",
            );
        }
        parsed
    }

    /// Parses a half-open time range; `None` on an unbounded side.
    pub fn time_range(
        &mut self,
        start: (&str, Option<prost_types::Timestamp>),
        end: (&str, Option<prost_types::Timestamp>),
    ) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let from = start.1.and_then(|time| self.timestamp(start.0, time));
        let to = end.1.and_then(|time| self.timestamp(end.0, time));
        if let (Some(from), Some(to)) = (from, to)
            && to <= from
        {
            self.fail(
                end.0,
                Reason::InvalidField,
                format!("has to be later than {}", start.0),
            );
        }
        (from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::Check;
    use crate::api::convert::time::timestamp;

    fn read(seconds: i64, nanos: i32) -> Option<prost_types::Timestamp> {
        let time = prost_types::Timestamp { seconds, nanos };
        Check::default().timestamp("t", time).map(timestamp)
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
            check.time_range(("start", start), ("end", end));
            assert_eq!(check.finish().is_ok(), good);
        }
    }
}
