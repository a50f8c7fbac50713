//! Which time expression says when a claim was uttered, and which its content speaks of.

use crate::domain::{Span, TimeExpression};
use crate::extract::time::Timex;
use crate::text::Layout;

use super::bare::BareAttribution;

/// Maximum distance of the time of the utterance from the cue, in bytes: "said in an interview with Acme on Monday".
const MAX_DISTANCE: usize = 80;

/// Maximum number of times of one content: a text of a megabyte may contain nothing else.
const MAX_REFERENCED: usize = 50;

/// The times of one claim, as indices into those of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::extract) struct ClaimTimes {
    /// When the words were spoken.
    pub utterance: Option<usize>,
    /// What the content speaks of, in text order: the first of them.
    pub referenced: Vec<usize>,
}

/// The times of an attribution. `times` are those of the text, in text order.
pub(in crate::extract) fn claim_times(
    layout: &Layout<'_>,
    times: &[TimeExpression],
    bare: &BareAttribution,
) -> ClaimTimes {
    ClaimTimes {
        utterance: utterance(layout, times, bare),
        referenced: inside(times, &bare.content),
    }
}

/// The times that stand inside `spans`, which are in text order.
fn inside(times: &[TimeExpression], spans: &[Span]) -> Vec<usize> {
    let mut found = Vec::new();
    for span in spans {
        let first = times.partition_point(|time| time.span.start < span.start);
        let last = times.partition_point(|time| time.span.start < span.end);
        let inside = (first..last).filter(|at| times[*at].span.end <= span.end);
        found.extend(inside.take(MAX_REFERENCED - found.len()));
    }
    found
}

/// The time beside the cue, in its sentence and outside source and content. Of two the nearer one; a length of time,
/// "for three days", is none, nor is what begins after or before the words of another clause.
fn utterance(
    layout: &Layout<'_>,
    times: &[TimeExpression],
    bare: &BareAttribution,
) -> Option<usize> {
    let cue = *bare.cue.first()?;
    let sentence = layout
        .sentences
        .partition_point(|sentence| sentence.span.end <= cue.start);
    let sentence = layout.sentences.get(sentence)?.span;
    let begin = sentence.start.max(cue.start.saturating_sub(MAX_DISTANCE));
    let end = sentence.end.min(cue.end + MAX_DISTANCE);
    let first = times.partition_point(|time| time.span.start < begin);
    let last = times.partition_point(|time| time.span.start < end);
    let is_free = |at: &usize| {
        let time = times[*at].span;
        let taken = bare.source.iter().chain(&bare.content).chain(&bare.cue);
        !taken.into_iter().any(|span| span.overlaps(time))
    };
    let distance = |at: &usize| {
        let time = times[*at].span;
        if time.start >= cue.end {
            time.start - cue.end
        } else {
            cue.start.saturating_sub(time.end)
        }
    };
    (first..last)
        .filter(is_free)
        .filter(|at| {
            let time = &times[*at];
            is_date(time) && is_adverb(layout, time.span) && is_near(layout, time.span, cue, bare)
        })
        .min_by_key(distance)
}

/// False for a time that belongs to a noun or another verb: "the 2012 nominee said", "Lee, mayor since May, said".
fn is_adverb(layout: &Layout<'_>, time: Span) -> bool {
    const LEADS: &[&str] = &[
        "a", "after", "an", "before", "between", "by", "from", "her", "his", "its", "since",
        "starting", "than", "the", "their", "till", "until", "’s", "'s",
    ];
    const DEEDS: &[&str] = &[
        "appointed",
        "arrested",
        "born",
        "convicted",
        "died",
        "elected",
        "founded",
        "held",
        "killed",
        "retired",
        "took",
    ];
    let first = layout.token_from(time.start);
    let word = |back: usize| first.checked_sub(back).map_or("", |at| layout.word(at));
    let is_lead = |word: &str| LEADS.contains(&word.to_lowercase().as_str());
    let deed = if matches!(word(1), "in" | "on" | "late" | "early") {
        word(2)
    } else {
        word(1)
    };
    // What is named with an article names itself: "the next day".
    let names_itself = layout.word(first) == "the";
    !(is_lead(word(1)) || is_lead(layout.word(first)) && !names_itself || DEEDS.contains(&deed))
}

/// False for lengths of time and for what recurs.
fn is_date(time: &TimeExpression) -> bool {
    let timex = Timex::from(time.reading.timex.as_str());
    !timex.is_length() && (time.reading.start.is_some() || timex.is_of_no_year())
}

/// True where nothing but source, content and a few words stand between a time and the cue: no other clause.
fn is_near(layout: &Layout<'_>, time: Span, cue: Span, bare: &BareAttribution) -> bool {
    let between = if time.start >= cue.end {
        Span::new(cue.end, time.start)
    } else {
        Span::new(time.end.min(cue.start), cue.start)
    };
    let taken = bare.source.iter().chain(&bare.content);
    let own = |at: usize| taken.clone().any(|span| span.start <= at && at < span.end);
    let tokens = layout.token_from(between.start)..layout.token_from(between.end);
    !tokens
        .filter(|token| !own(layout.tokens[*token].span.start))
        .any(|token| {
            matches!(
                layout.word(token),
                ";" | "who" | "which" | "when" | "after" | "before"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::claim_times;
    use crate::domain::{Span, TimeExpression, TimeReading};
    use crate::extract::attribution::bare::BareAttribution;
    use crate::extract::time::{TimeView, times};
    use crate::text::Layout;

    fn span(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap();
        Span::new(start, start + words.len())
    }

    /// The words of the time of the utterance and of those in the content, where all of `days` are times.
    fn read<'t>(text: &'t str, content: &str, days: &[&str]) -> (Option<&'t str>, Vec<&'t str>) {
        let layout = Layout::new(text, None);
        let times: Vec<TimeExpression> = days
            .iter()
            .map(|day| TimeExpression {
                span: span(text, day),
                reading: TimeReading {
                    timex: String::new(),
                    start: None,
                    end: None,
                    confidence: 0.0,
                },
                granularity: None,
                anchor: None,
                candidates: Vec::new(),
            })
            .collect();
        let bare = BareAttribution {
            source: vec![span(text, "Ann Lee")],
            cue: vec![span(text, "said")],
            content: vec![span(text, content)],
            ..BareAttribution::default()
        };
        let found = claim_times(&layout, &times, &bare);
        let words = |at: usize| times[at].span.slice(text);
        (
            found.utterance.map(words),
            found.referenced.into_iter().map(words).collect(),
        )
    }

    #[test]
    fn the_time_beside_the_cue_is_that_of_the_utterance() {
        let text = "Ann Lee said on Monday that it rained on Sunday.";
        let read_both = read(text, "that it rained on Sunday", &["Monday", "Sunday"]);
        assert_eq!(read_both, (Some("Monday"), vec!["Sunday"]));
        let text = "On Friday, Ann Lee said it rained.";
        assert_eq!(read(text, "it rained", &["Friday"]).0, Some("Friday"));
        let text = "“It rained,” Ann Lee said late Tuesday.";
        assert_eq!(read(text, "“It rained,”", &["Tuesday"]).0, Some("Tuesday"));
    }

    #[test]
    fn a_time_of_a_noun_or_another_verb_is_not_that_of_the_utterance() {
        for (text, day) in [
            ("The 2012 nominee Ann Lee said it rained.", "2012"),
            ("Ann Lee, mayor since Monday, said it rained.", "Monday"),
            ("Ann Lee, elected in May, said it rained.", "May"),
            ("Since Monday Ann Lee said it rained.", "Since Monday"),
        ] {
            assert_eq!(read(text, "it rained", &[day]).0, None, "{text}");
        }
        let text = "Speaking in Bath on Monday, Ann Lee said it rained.";
        assert_eq!(read(text, "it rained", &["Monday"]).0, Some("Monday"));
    }

    #[test]
    fn of_very_many_times_the_first_are_told() {
        let content = "on Sunday ".repeat(200);
        let text = format!("Ann Lee said it rained {content}and stopped.");
        let layout = Layout::new(&text, None);
        let times = times(&layout, None, TimeView::default());
        let bare = BareAttribution {
            cue: vec![span(&text, "said")],
            content: vec![span(&text, "it rained"), span(&text, content.trim_end())],
            ..BareAttribution::default()
        };
        assert_eq!(times.len(), 200);
        assert_eq!(claim_times(&layout, &times, &bare).referenced.len(), 50);
    }

    #[test]
    fn the_time_of_another_clause_is_not() {
        let text = "It rained, said Ann Lee, who left on Monday.";
        assert_eq!(read(text, "It rained", &["Monday"]).0, None);
        let text = "Ann Lee said it rained. On Monday it snowed.";
        assert_eq!(read(text, "it rained", &["Monday"]).0, None);
    }
}
