//! The time expressions of a text, in UTC.

use chrono::DateTime;
use chrono_tz::Tz;

use crate::domain::{Span, TimeAnchor, TimeExpression, TimeReading};
use crate::text::Layout;

use super::calendar::value::{Reading, Time};
use super::calendar::zone::utc;
use super::reader::{Named, Reader};
use super::view::TimeView;
use super::{starts, words};

/// How sure a reading is that counts from the text alone.
const SURE_OF_TEXT: f32 = 0.95;

/// How sure a reading is that counts from publication.
const SURE_OF_PUBLISH: f32 = 0.85;

/// The share of the best of several readings.
const BEST_SHARE: f32 = 0.75;

/// The time expressions of a text in text order; `publish` is when it was published, in its local time.
#[must_use]
pub fn times(
    layout: &Layout<'_>,
    publish: Option<DateTime<Tz>>,
    view: TimeView,
) -> Vec<TimeExpression> {
    let zone = publish.map_or(Tz::UTC, |publish| publish.timezone());
    let now = publish.map(|publish| publish.naive_local());
    let mut found = Vec::new();
    let mut named: Option<Named> = None;
    for sentence in &layout.sentences {
        let words = words::words(layout, sentence.tokens.clone());
        named = named.map(Named::of_sentence_before);
        let mut at = 0;
        while at < words.len() {
            let reader = Reader {
                words: &words,
                now,
                named,
            };
            let found_here = starts::may_begin(&words[at])
                .then(|| reader.in_view(view, at))
                .flatten();
            let Some((here, next)) = found_here else {
                at += 1;
                continue;
            };
            for (time, own) in here {
                let span = Span::new(words[own.start].span.start, words[own.end - 1].span.end);
                named = named_by(&time).or(named);
                found.push(finish(span, time, zone));
            }
            at = next;
        }
    }
    found
}

/// The time later words such as "two days later" may count from; a number of units names none.
fn named_by(time: &Time) -> Option<Named> {
    let is_length = time.best()?.timex.is_length();
    let day = time.first_day().filter(|_| !is_length)?;
    Some(Named {
        day,
        granularity: time.granularity?,
        in_sentence: true,
    })
}

/// The expression as the domain knows it, in UTC. Readings that hold no moment, "the last 0 weeks", are left out.
pub(super) fn finish(span: Span, time: Time, zone: Tz) -> TimeExpression {
    let readings = time.readings.into_iter();
    let mut readings: Vec<TimeReading> = readings
        .map(|reading| in_zone(reading, zone))
        .filter(holds_a_moment)
        .collect();
    let placed = readings
        .first()
        .is_some_and(|best| best.start.is_some() || best.end.is_some());
    let total = match (placed, time.anchor) {
        (false, _) => 0.0,
        (true, TimeAnchor::Text) => SURE_OF_TEXT,
        (true, _) => SURE_OF_PUBLISH,
    };
    share(&mut readings, total);
    let mut readings = readings.into_iter();
    TimeExpression {
        span,
        reading: readings.next().unwrap_or(UNKNOWN),
        granularity: time.granularity,
        anchor: placed.then_some(time.anchor),
        candidates: readings.collect(),
    }
}

/// What nothing is known of.
const UNKNOWN: TimeReading = TimeReading {
    timex: String::new(),
    start: None,
    end: None,
    confidence: 0.0,
};

/// Shares the confidence among the readings: most of it goes to the first.
fn share(readings: &mut [TimeReading], total: f32) {
    let Some((best, others)) = readings.split_first_mut() else {
        return;
    };
    best.confidence = if others.is_empty() {
        total
    } else {
        total * BEST_SHARE
    };
    let count = f32::from(u8::try_from(others.len()).unwrap_or(u8::MAX));
    for other in others {
        other.confidence = (total - best.confidence) / count;
    }
}

fn in_zone(reading: Reading, zone: Tz) -> TimeReading {
    TimeReading {
        timex: reading.timex.into(),
        start: reading.start.and_then(|start| utc(start, zone)),
        end: reading.end.and_then(|end| utc(end, zone)),
        confidence: 0.0,
    }
}

fn holds_a_moment(reading: &TimeReading) -> bool {
    let sides = reading.start.zip(reading.end);
    sides.is_none_or(|(start, end)| start < end)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, TimeZone};
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use crate::domain::{TimeAnchor, TimeExpression};
    use crate::text::Layout;

    use super::{TimeView, times};

    /// Wednesday, 8 May 2024, noon in New York.
    fn publish() -> Option<DateTime<Tz>> {
        let noon = NaiveDate::from_ymd_opt(2024, 5, 8)?.and_hms_opt(12, 0, 0)?;
        chrono_tz::America::New_York
            .from_local_datetime(&noon)
            .single()
    }

    fn read(text: &str) -> Vec<TimeExpression> {
        times(&Layout::new(text, None), publish(), TimeView::Expressions)
    }

    /// Every expression as its words and the value most likely meant.
    fn values(text: &str) -> Vec<(String, String)> {
        values_of(text, read(text))
    }

    fn values_of(text: &str, times: Vec<TimeExpression>) -> Vec<(String, String)> {
        let value = |time: TimeExpression| (time.span.slice(text).into(), time.reading.timex);
        times.into_iter().map(value).collect()
    }

    #[test]
    fn expressions_have_values() {
        for (text, expected) in [
            ("He spoke on Monday.", &[("Monday", "2024-05-06")][..]),
            ("She will speak on Monday.", &[("Monday", "2024-05-13")]),
            (
                "The vote was on March 3, 2016.",
                &[("March 3, 2016", "2016-03-03")],
            ),
            (
                "It closed on the 4th of January 2019.",
                &[("the 4th of January 2019", "2019-01-04")],
            ),
            (
                "Rain fell last week and yesterday.",
                &[("last week", "2024-W18"), ("yesterday", "2024-05-07")],
            ),
            (
                "Profit grew in the third quarter of 2015.",
                &[("the third quarter of 2015", "2015-Q3")],
            ),
            (
                "It was fashion in the nineties.",
                &[("the nineties", "199")],
            ),
            (
                "They met in the 18th century.",
                &[("the 18th century", "17")],
            ),
            (
                "She moved there in summer 2015.",
                &[("summer 2015", "2015-SU")],
            ),
            (
                "The fair was held on Labor Day 2023.",
                &[("Labor Day 2023", "2023-09-04")],
            ),
            ("It took three days.", &[("three days", "P3D")]),
            ("He swims every Monday.", &[("every Monday", "XXXX-WXX-1")]),
            ("They left two years ago.", &[("two years ago", "2022")]),
            (
                "Sales since February 2022 are flat.",
                &[("since February 2022", "2022-02")],
            ),
            (
                "The park is shut until June 2024.",
                &[("until June 2024", "2024-06")],
            ),
            (
                "He ruled from 1990 to 1994.",
                &[("from 1990 to 1994", "1990/1994")],
            ),
            ("It won in the 2012-13 season.", &[("2012-13", "2012/2013")]),
            ("It won in the 2011-12 season.", &[("2011-12", "2011/2012")]),
            (
                "The fair is to be held on June 3.",
                &[("June 3", "2024-06-03")],
            ),
            (
                "Crowds filled the park throughout the weekend.",
                &[("the weekend", "2024-W18-WE")],
            ),
            (
                "The song had drawn thousands by Friday.",
                &[("Friday", "2024-05-03")],
            ),
            ("They meet on a Monday.", &[("Monday", "XXXX-WXX-1")]),
            ("It was rare in the 1930’s.", &[("the 1930’s", "193")]),
            ("Both lost 20-17 on Sunday.", &[("Sunday", "2024-05-05")]),
            (
                "A man was hit by a car on Sunday.",
                &[("Sunday", "2024-05-05")],
            ),
            (
                "The lift needs repair by Sunday.",
                &[("Sunday", "2024-05-12")],
            ),
            (
                "The siren went off at 3 pm on Monday.",
                &[("at 3 pm on Monday", "2024-05-06T15:00")],
            ),
        ] {
            let expected: Vec<(String, String)> = expected
                .iter()
                .map(|(words, value)| ((*words).into(), (*value).into()))
                .collect();
            assert_eq!(values(text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_words_are_no_times() {
        for text in [
            "They may march a second time in the fall of the king.",
            "The team sat down and won 3 to 1 with 450 points.",
            "Some 2000 people paid $1999 each.",
        ] {
            assert_eq!(values(text), [], "{text:?}");
        }
    }

    #[test]
    fn days_begin_where_the_article_was_published() {
        let time = read("It snowed yesterday.").remove(0);
        let shown =
            |moment: Option<DateTime<chrono::Utc>>| moment.map(|moment| moment.to_rfc3339());
        assert_eq!(
            shown(time.reading.start).as_deref(),
            Some("2024-05-07T04:00:00+00:00")
        );
        assert_eq!(
            shown(time.reading.end).as_deref(),
            Some("2024-05-08T04:00:00+00:00")
        );
        assert_eq!(time.anchor, Some(TimeAnchor::Publish));
    }

    #[test]
    fn a_time_may_count_from_one_named_before() {
        let found = read("The bridge fell on March 3, 2016. Two days later it was rebuilt.");
        assert_eq!(found[1].reading.timex, "2016-03-05");
        assert_eq!(found[1].anchor, Some(TimeAnchor::Text));
    }

    #[test]
    fn without_a_date_of_publication_only_full_dates_have_one() {
        let text = "He came on Monday, stayed for the last two weeks and left on March 3, 2016.";
        let found = times(&Layout::new(text, None), None, TimeView::Expressions);
        assert_eq!(found.len(), 3);
        for time in &found[..2] {
            assert_eq!((time.reading.start, time.reading.end), (None, None));
            assert!(time.reading.confidence <= 0.0 && time.anchor.is_none());
        }
        assert_eq!(found[0].reading.timex, "XXXX-WXX-1");
        assert!(found[2].reading.start.is_some());
    }

    fn check_invariants(text: &str) {
        for (publish, view) in [
            (publish(), TimeView::Expressions),
            (None, TimeView::Expressions),
            (publish(), TimeView::Dates),
        ] {
            let found = times(&Layout::new(text, None), publish, view);
            for pair in found.windows(2) {
                assert!(pair[0].span.end <= pair[1].span.start, "{text:?}");
            }
            for time in found {
                let readings = std::iter::once(&time.reading).chain(&time.candidates);
                let total: f32 = readings.clone().map(|reading| reading.confidence).sum();
                assert!(total <= 1.0, "{text:?}");
                for reading in readings {
                    let ordered = reading
                        .start
                        .zip(reading.end)
                        .is_none_or(|(start, end)| start < end);
                    assert!(ordered, "{text:?} {reading:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,120}") {
            check_invariants(&text);
        }

        #[test]
        fn any_mix_of_time_words_is_read(words in prop::collection::vec(prop::sample::select(&[
            "monday", "Sun", "may", "May", "the", "of", "in", "last", "next", "this", "2016", "2999", "1000", "9999", "31",
            "0", "12", "3rd", "first", "week", "weekend", "years", "centuries", "decades", "ago", "later", "from", "to",
            "-", "/", ":", ".", ",", "pm", "noon", "night", "until", "since", "before", "after", "end", "early", "mid",
            "century", "quarter", "Q3", "H2", "90s", "nineties", "summer", "Easter", "christmas", "every", "half", "an",
            "hour", "today", "tonight", "between", "and", "at", "on", "9999 years", "two", "thousand", "twenty",
        ][..]), 0..12), tight in any::<bool>()) {
            check_invariants(&words.join(if tight { "" } else { " " }));
        }
    }
}
