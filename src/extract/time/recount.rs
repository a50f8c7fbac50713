//! Expressions read once more, counted from another day than that of publication.

use chrono::{DateTime, Days};
use chrono_tz::Tz;

use crate::domain::{Span, TimeAnchor, TimeExpression};
use crate::text::Layout;

use super::reader::Reader;
use super::times::finish;
use super::view::TimeView;
use super::words::words;

/// How many tokens around an expression decide how it is read: its own and those of the verb that tells past or future.
const AROUND: usize = 40;

/// The expression `span`, which counted from publication, counted from `day`, the first moment of a day in its local
/// time. `None` if it does not count from a day alone, as "three hours ago" does not.
pub(in crate::extract) fn recounted(
    layout: &Layout<'_>,
    span: Span,
    day: DateTime<Tz>,
    view: TimeView,
) -> Option<TimeExpression> {
    let morning = read(layout, span, day, view)?;
    let next = day.checked_add_days(Days::new(1))?;
    let evening = read(layout, span, next - chrono::TimeDelta::minutes(1), view)?;
    (morning == evening && morning.anchor == Some(TimeAnchor::Publish)).then_some(TimeExpression {
        anchor: Some(TimeAnchor::Utterance),
        ..morning
    })
}

fn read(
    layout: &Layout<'_>,
    span: Span,
    now: DateTime<Tz>,
    view: TimeView,
) -> Option<TimeExpression> {
    let at = layout
        .sentences
        .partition_point(|sentence| sentence.span.end <= span.start);
    let tokens = layout.sentences.get(at)?.tokens.clone();
    let first = layout.token_from(span.start);
    let begin = tokens.start.max(first.saturating_sub(AROUND));
    let words = words(layout, begin..tokens.end.min(first + AROUND));
    let reader = Reader {
        words: &words,
        now: Some(now.naive_local()),
        named: None,
    };
    let from = words.partition_point(|word| word.span.start < span.start);
    // A range's last end is not where the range begins, but reads alone as it does there.
    let (found, _) = reader.in_view(view, from)?;
    let own = |words: &std::ops::Range<usize>| {
        Span::new(
            reader.words[words.start].span.start,
            reader.words[words.end - 1].span.end,
        )
    };
    let mut found = found.into_iter();
    let (time, _) = found.find(|(_, words)| own(words) == span)?;
    Some(finish(span, time, now.timezone()))
}
