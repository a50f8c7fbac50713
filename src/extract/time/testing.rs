//! What the tests of time expressions share.

use chrono::TimeZone;
use chrono_tz::Tz;

use crate::domain::TimeExpression;
use crate::text::Layout;

use super::{TimeView, times};

/// The times of a text that appeared at noon of a day, in UTC.
pub(super) fn published_on(
    (year, month, day): (i32, u32, u32),
    text: &str,
    view: TimeView,
) -> Vec<TimeExpression> {
    let publish = Tz::UTC
        .with_ymd_and_hms(year, month, day, 12, 0, 0)
        .single();
    times(&Layout::new(text, None), publish, view)
}

/// The times of a text of Wednesday, 11 May 2016, as "words=value".
pub(super) fn read(text: &str) -> String {
    let found = published_on((2016, 5, 11), text, TimeView::Expressions);
    shown(text, &found, "=").join(" | ")
}

/// The words of each time and its value, with `between` between them.
pub(super) fn shown(text: &str, found: &[TimeExpression], between: &str) -> Vec<String> {
    let shown =
        |time: &TimeExpression| format!("{}{between}{}", time.span.slice(text), time.reading.timex);
    found.iter().map(shown).collect()
}
