//! Calendar arithmetic that never overflows: every date lies in the years 1000 to 2999.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

/// A unit of the calendar or the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::time) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    /// The unit in the notation of ISO 8601, with its number of units.
    pub(in crate::extract::time) fn duration(self, count: &str) -> String {
        match self {
            Self::Second => format!("PT{count}S"),
            Self::Minute => format!("PT{count}M"),
            Self::Hour => format!("PT{count}H"),
            Self::Day => format!("P{count}D"),
            Self::Weekend => format!("P{count}WE"),
            Self::Week => format!("P{count}W"),
            Self::Fortnight => format!("P{count}FN"),
            Self::Month => format!("P{count}M"),
            Self::Quarter => format!("P{count}Q"),
            Self::Year => format!("P{count}Y"),
            Self::Decade => format!("P{count}DE"),
            Self::Century => format!("P{count}CE"),
        }
    }

    /// True for the units a clock counts.
    pub(in crate::extract::time) fn of_clock(self) -> bool {
        matches!(self, Self::Second | Self::Minute | Self::Hour)
    }
}

/// The day named, if there is one.
pub(in crate::extract::time) fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    in_range(NaiveDate::from_ymd_opt(year, month, day)?)
}

/// The first moment of a day.
pub(in crate::extract::time) fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

fn in_range(day: NaiveDate) -> Option<NaiveDate> {
    // The first day of the year 3000 ends the last interval.
    let is_end = (day.year(), day.ordinal()) == (3000, 1);
    (is_end || (1000..=2999).contains(&day.year())).then_some(day)
}

/// The same day `count` units on, or back where `count` is negative.
pub(in crate::extract::time) fn add(from: NaiveDate, count: i32, unit: Unit) -> Option<NaiveDate> {
    let days = |each: i32| {
        let total = count.checked_mul(each)?;
        let size = Days::new(u64::from(total.unsigned_abs()));
        if total < 0 {
            from.checked_sub_days(size)
        } else {
            from.checked_add_days(size)
        }
    };
    let months = |each: i32| {
        let total = count.checked_mul(each)?;
        let size = Months::new(total.unsigned_abs());
        if total < 0 {
            from.checked_sub_months(size)
        } else {
            from.checked_add_months(size)
        }
    };
    let day = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => Some(from),
        Unit::Day => days(1),
        Unit::Week | Unit::Weekend => days(7),
        Unit::Fortnight => days(14),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
        Unit::Decade => months(120),
        Unit::Century => months(1200),
    };
    in_range(day?)
}

/// The moment `count` units of the clock on.
pub(in crate::extract::time) fn add_clock(
    from: NaiveDateTime,
    count: i32,
    unit: Unit,
) -> Option<NaiveDateTime> {
    let seconds = match unit {
        Unit::Second => 1,
        Unit::Minute => 60,
        _ => 3600,
    };
    let moment = from.checked_add_signed(TimeDelta::try_seconds(i64::from(count) * seconds)?)?;
    in_range(moment.date()).map(|_| moment)
}

/// The first day of the unit that holds `day`.
pub(in crate::extract::time) fn floor(from: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    let year = from.year();
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Some(from),
        Unit::Week | Unit::Fortnight => weekday_of_week(from, Weekday::Mon),
        Unit::Weekend => weekday_of_week(from, Weekday::Sat),
        Unit::Month => day(year, from.month(), 1),
        Unit::Quarter => day(year, from.month0() / 3 * 3 + 1, 1),
        Unit::Year => day(year, 1, 1),
        Unit::Decade => day(year / 10 * 10, 1, 1),
        Unit::Century => day(year / 100 * 100, 1, 1),
    }
}

/// The weekday named of the week that holds `day`; weeks begin on Monday.
pub(in crate::extract::time) fn weekday_of_week(
    from: NaiveDate,
    weekday: Weekday,
) -> Option<NaiveDate> {
    let monday =
        from.checked_sub_days(Days::new(u64::from(from.weekday().num_days_from_monday())))?;
    in_range(monday.checked_add_days(Days::new(u64::from(weekday.num_days_from_monday())))?)
}

/// The first day on or after `from` that is the weekday named.
pub(in crate::extract::time) fn weekday_from(
    from: NaiveDate,
    weekday: Weekday,
) -> Option<NaiveDate> {
    in_range(from.checked_add_days(Days::new(u64::from(weekday.days_since(from.weekday()))))?)
}

/// The last day on or before `until` that is the weekday named.
pub(in crate::extract::time) fn weekday_until(
    until: NaiveDate,
    weekday: Weekday,
) -> Option<NaiveDate> {
    in_range(until.checked_sub_days(Days::new(u64::from(until.weekday().days_since(weekday))))?)
}

/// Easter Sunday of the western churches (the anonymous Gregorian algorithm).
pub(in crate::extract::time) fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let correction =
        (century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 19 * golden + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - correction - rest % 4) % 7;
    let late = (golden + 11 * correction + 22 * to_sunday) / 451;
    let days = correction + to_sunday - 7 * late + 114;
    day(
        year,
        u32::try_from(days / 31).ok()?,
        u32::try_from(days % 31 + 1).ok()?,
    )
}

#[cfg(test)]
mod tests {
    use super::{Unit, add, day, easter, floor};

    #[test]
    fn easter_is_where_the_churches_keep_it() {
        for (year, month, date) in [(2018, 4, 1), (2019, 4, 21), (2020, 4, 12), (2024, 3, 31)] {
            assert_eq!(easter(year), day(year, month, date));
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_dates() {
        let last = day(2999, 12, 31).and_then(|last| add(last, 2, Unit::Day));
        assert_eq!(last, None);
        assert_eq!(
            day(1000, 1, 1).and_then(|first| add(first, i32::MIN, Unit::Century)),
            None
        );
        assert_eq!(
            day(2024, 5, 8).and_then(|some| floor(some, Unit::Quarter)),
            day(2024, 4, 1)
        );
    }
}
