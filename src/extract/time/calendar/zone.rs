//! From local clock time to UTC.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The longest gap a change of the clocks is searched over, in steps of half an hour; a few islands skipped a day.
const GAP_STEPS: i32 = 50;

/// The moment a clock in `zone` shows `local`: the earlier of two, and the end of a gap the clocks skipped.
pub(in crate::extract::time) fn utc(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    (0..GAP_STEPS).find_map(|step| {
        let shown = local.checked_add_signed(TimeDelta::minutes(30 * i64::from(step)))?;
        match zone.from_local_datetime(&shown) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => {
                Some(moment.to_utc())
            }
            LocalResult::None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use chrono_tz::America::New_York;

    use super::utc;

    #[test]
    fn hours_the_clocks_skip_or_show_twice_are_moments() {
        let at = |month, day, hour| {
            let local = NaiveDate::from_ymd_opt(2024, month, day)?.and_hms_opt(hour, 30, 0)?;
            utc(local, New_York).map(|moment| moment.format("%H:%M").to_string())
        };
        assert_eq!(at(3, 10, 2).as_deref(), Some("07:00"));
        assert_eq!(at(11, 3, 1).as_deref(), Some("05:30"));
        assert_eq!(at(7, 1, 12).as_deref(), Some("16:30"));
    }
}
