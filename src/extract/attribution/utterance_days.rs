//! "Yesterday" inside a quotation counts from the day its words were spoken, not from the day the article appeared.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::domain::{Attributed, Span, TimeAnchor, TimeExpression};
use crate::text::Layout;

use crate::extract::time::{TimeView, recounted};

/// Counts the times quoted by claims from the day of the utterance, where that is known and not the day of publication,
/// `published`. What the words of a reporter count from stays.
pub(in crate::extract) fn count_from_utterance(
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

#[cfg(test)]
mod tests {
    use crate::domain::{Document, Extraction, TimeAnchor};
    use crate::extract::{EngineKind, Options, extract};

    /// The text read as one of Wednesday, 8 May 2024, eight in the evening in New York.
    fn read(text: &str) -> Extraction {
        let document = Document {
            text: text.to_owned(),
            publish_time: "2024-05-09T00:00:00Z".parse().ok(),
            time_zone: Some(chrono_tz::America::New_York),
            ..Document::default()
        };
        let options = Options {
            engine: EngineKind::Rules,
            ..Options::default()
        };
        extract(&document, &options)
    }

    /// Words, value and anchor of every time.
    fn times(text: &str) -> Vec<(&str, String, Option<TimeAnchor>)> {
        let told = read(text).times.into_iter();
        told.map(|time| (time.span.slice(text), time.reading.timex, time.anchor))
            .collect()
    }

    #[test]
    fn quoted_days_count_from_the_day_they_were_spoken_of() {
        let (publish, utterance) = (Some(TimeAnchor::Publish), Some(TimeAnchor::Utterance));
        let monday = ("Monday", String::from("2024-05-06"), publish);
        for (text, day, value) in [
            (
                "“The bridge fell yesterday,” Ann Lee said on Monday.",
                "yesterday",
                "2024-05-05",
            ),
            (
                "“The bridge fell two weeks ago,” Ann Lee said on Monday.",
                "two weeks ago",
                "2024-W17",
            ),
            (
                "“We will vote tomorrow,” Ann Lee said on Monday.",
                "tomorrow",
                "2024-05-07",
            ),
        ] {
            let expected = vec![(day, value.to_owned(), utterance), monday.clone()];
            assert_eq!(times(text), expected, "{text}");
        }
        let claim = read("“The bridge fell yesterday,” Ann Lee said on Monday.")
            .claims
            .remove(0);
        assert_eq!(
            (claim.utterance_time, claim.referenced_times),
            (Some(1), vec![0])
        );
    }

    #[test]
    fn other_days_count_from_publication() {
        for text in [
            "Ann Lee said on Monday that the bridge fell yesterday.",
            "“The bridge fell yesterday,” Ann Lee said on Wednesday.",
            "“The bridge fell on May 3, 2016,” Ann Lee said on Monday.",
            "“The bridge fell three hours ago,” Ann Lee said on Monday.",
            "“The bridge fell yesterday,” Ann Lee said last week.",
        ] {
            let anchors = times(text);
            let is_utterance = |anchor| anchor == Some(TimeAnchor::Utterance);
            assert!(
                !anchors.iter().any(|time| is_utterance(time.2)),
                "{text} {anchors:?}"
            );
        }
    }

    #[test]
    fn a_day_counted_from_another_is_no_surer_than_that() {
        let read = read("“The bridge fell yesterday,” Ann Lee said on Monday.");
        assert!(read.times[0].reading.confidence < read.times[1].reading.confidence);
    }
}
