//! "Yesterday" inside of a quotation counts from the day its words were spoken, not from the day the article appeared.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::domain::{Attributed, Span, TimeAnchor, TimeExpression};
use crate::text::Layout;

use super::time::{TimeView, recounted};

/// Counts the times quoted by claims from the day of the utterance, where that is known and not the day of publication,
/// `published`. What the words of a reporter count from stays.
pub(super) fn count_from_utterance(
    layout: &Layout<'_>,
    quoted: &[Span],
    times: &mut [TimeExpression],
    claims: &[Attributed],
    published: Option<DateTime<Tz>>,
    view: TimeView,
) {
    let Some(published) = published else { return };
    for claim in claims {
        let Some((day, sure)) = claim
            .utterance_time
            .and_then(|at| day_of(&times[at], published))
        else {
            continue;
        };
        for at in &claim.referenced_times {
            let time = &times[*at];
            if time.anchor != Some(TimeAnchor::Publish) || !is_quoted(quoted, time.span) {
                continue;
            }
            if let Some(mut counted) = recounted(layout, time.span, day, view) {
                weigh(&mut counted, sure);
                times[*at] = counted;
            }
        }
    }
}

/// The first moment of the day an utterance fell on, and how sure that is; `None` for more than a day and for the day of
/// publication.
fn day_of(time: &TimeExpression, published: DateTime<Tz>) -> Option<(DateTime<Tz>, f32)> {
    let zone = published.timezone();
    let (start, end) = time.reading.start.zip(time.reading.end)?;
    let local = |moment: DateTime<Utc>| moment.with_timezone(&zone);
    let day = local(start).date_naive();
    let is_day = local(end - TimeDelta::seconds(1)).date_naive() == day;
    if !is_day || day == published.date_naive() {
        return None;
    }
    let begin = day
        .and_hms_opt(0, 0, 0)?
        .and_local_timezone(zone)
        .earliest()?;
    Some((begin, time.reading.confidence))
}

fn is_quoted(quoted: &[Span], time: Span) -> bool {
    let at = quoted.partition_point(|quote| quote.end < time.end);
    quoted
        .get(at)
        .is_some_and(|quote| quote.start <= time.start && time.end <= quote.end)
}

/// A time is no surer than the day it counts from.
fn weigh(time: &mut TimeExpression, sure: f32) {
    let readings = std::iter::once(&mut time.reading).chain(&mut time.candidates);
    for reading in readings {
        reading.confidence *= sure;
    }
}
