//! Transcripts of conversations: paragraphs that begin with who speaks, "LEE: It is over." A label counts where several
//! stand in a text and somebody speaks twice, so that a line like "UPDATE: It rained." is nobody's.

use std::collections::HashMap;

use crate::domain::Span;
use crate::text::Layout;

use super::reading::Reading;

const MARKS: &[char] = &['"', '“', '‘', '\''];
const LONGEST_LABEL: usize = 40;

/// What one person says in a conversation, up to the end of the paragraph.
#[derive(Debug)]
struct Turn {
    speaker: Span,
    colon: Span,
    words: Span,
}

/// The turns of the conversations in a text, in text order.
#[derive(Debug, Default)]
pub(super) struct Turns(Vec<Turn>);

impl Turns {
    pub(super) fn new(layout: &Layout<'_>) -> Self {
        let blocks = layout.blocks.iter();
        let turns: Vec<Turn> = blocks
            .filter_map(|block| turn(layout.text, block.span))
            .collect();
        let mut speaks: HashMap<&str, usize> = HashMap::new();
        for turn in &turns {
            *speaks.entry(turn.speaker.slice(layout.text)).or_default() += 1;
        }
        let is_conversation = speaks.len() > 1 && speaks.values().any(|times| *times > 1);
        Self(if is_conversation { turns } else { Vec::new() })
    }

    /// True if the name of who speaks stands in `span`, in front of a turn.
    pub(super) fn begin_in(&self, span: Span) -> bool {
        let first = self
            .0
            .partition_point(|turn| turn.speaker.start < span.start);
        self.0
            .get(first)
            .is_some_and(|turn| turn.speaker.start < span.end)
    }

    /// Puts the turns in the place of what was read at their colons.
    pub(super) fn settle(&self, readings: &mut Vec<Reading>) {
        let is_colon = |cue: &Span| {
            let at = self.0.partition_point(|turn| turn.colon.end <= cue.start);
            self.0.get(at).is_some_and(|turn| turn.colon.overlaps(*cue))
        };
        readings.retain(|reading| !reading.cue.iter().any(is_colon));
        let turns = self.0.iter();
        readings
            .extend(turns.map(|turn| Reading::as_printed(turn.speaker, turn.colon, turn.words)));
    }
}

fn turn(text: &str, block: Span) -> Option<Turn> {
    let words = block.slice(text);
    let inner = words.trim_start_matches(MARKS);
    let quoted = inner.len() < words.len();
    let label = &inner[..inner.find(':')?];
    let said = inner[label.len() + 1..].trim_start();
    let apart = inner[label.len() + 1..].starts_with(char::is_whitespace);
    let end = if quoted && said.matches(['"', '“', '”']).count() == 1 {
        said.trim_end_matches(['"', '”'])
    } else {
        said
    };
    let start = block.end - inner.len();
    let words = Span::new(block.end - said.len(), block.end - said.len() + end.len());
    let speaker = label.split('(').next().unwrap_or_default().trim_end();
    (apart && is_label(label, speaker) && !words.is_empty()).then(|| Turn {
        speaker: Span::new(start, start + speaker.len()),
        colon: Span::new(start + label.len(), start + label.len() + 1),
        words,
    })
}

/// True for a name in capitals, "ANN LEE" or "SEN. O’DAM (R)".
fn is_label(label: &str, speaker: &str) -> bool {
    let capitals = speaker.chars().filter(|c| c.is_uppercase()).count();
    label.len() <= LONGEST_LABEL
        && capitals > 1
        && speaker
            .chars()
            .all(|c| c.is_uppercase() || matches!(c, ' ' | '.' | '-' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use crate::text::Layout;

    fn check(text: &str, expect: &[(&str, &str)]) {
        let mut readings = Vec::new();
        Turns::new(&Layout::new(text, None)).settle(&mut readings);
        let found: Vec<_> = readings.iter().map(|reading| reading.words(text)).collect();
        assert_eq!(found, expect, "{text}");
        assert!(
            readings
                .iter()
                .all(|reading| reading.cue[0].slice(text) == ":")
        );
    }

    #[test]
    fn a_conversation_has_turns() {
        check(
            "LEE: Is it over?\n\nSEN. O’DAM (R): It is: all of it.\n\nLEE: “All”?",
            &[
                ("LEE", "Is it over?"),
                ("SEN. O’DAM", "It is: all of it."),
                ("LEE", "“All”?"),
            ],
        );
        check(
            "\"LEE: Is it over?\n\n\"DAM: It is.\n\n\"LEE: Thank you.\"",
            &[
                ("LEE", "Is it over?"),
                ("DAM", "It is."),
                ("LEE", "Thank you."),
            ],
        );
    }

    #[test]
    fn other_colons_are_nobody_s() {
        check("UPDATE: It rained.\n\nCORRECTION: It did not.", &[]);
        check("UPDATE: It rained.\n\nUPDATE: It did not.", &[]);
        check("LEE: One.\n\nDAM: Two.", &[]);
        check("Lee: One.\n\nDam: Two.\n\nLee: Three.", &[]);
        check("A: One.\n\nB: Two.\n\nA: Three.", &[]);
        check("LEE:One.\n\nDAM:Two.\n\nLEE:Three.", &[]);
        check("LEE:\n\nDAM: \n\nLEE:", &[]);
    }
}
