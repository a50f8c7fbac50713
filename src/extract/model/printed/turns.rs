//! Transcripts of conversations: paragraphs that begin with who speaks, "LEE: It is over." A label counts where several
//! stand in a text and somebody speaks twice, so that a line like "UPDATE: It rained." is nobody's; or where paragraphs
//! side by side begin with labels of different people.

use std::collections::{HashMap, HashSet};

use crate::domain::Span;
use crate::extract::lexicon::nouns::is_one_of;
use crate::extract::model::reading::Reading;
use crate::text::Layout;

use super::label::{is_kicker, is_name, is_office};

const MARKS: &[char] = &['"', '“', '‘', '\''];
const LONGEST_LABEL: usize = 40;
/// Words of people who speak to each other.
const OWN_WORDS: &[&str] = &[
    "i", "me", "my", "we", "us", "our", "you", "your", "i'm", "i’m", "we're", "we’re",
];

/// What one person says in a conversation, up to the end of the paragraph.
#[derive(Debug)]
struct Turn {
    speaker: Span,
    colon: Span,
    words: Span,
    /// Where its paragraph stands among the others.
    block: usize,
    form: Form,
}

/// How a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// "ANN LEE"
    Capitals,
    /// "Ann Lee"
    Name,
    /// "Q" and "A"
    Letter,
}

/// The turns of the conversations in a text, in text order.
#[derive(Debug, Default)]
pub(in crate::extract::model) struct Turns(Vec<Turn>);

impl Turns {
    pub(in crate::extract::model) fn new(layout: &Layout<'_>) -> Self {
        let blocks = layout.blocks.iter().enumerate();
        let turns: Vec<Turn> = blocks
            .filter_map(|(index, block)| turn(layout.text, block.span, index))
            .collect();
        let said = said_in_runs(layout.text, &turns);
        let speaker = |turn: &Turn| turn.speaker.slice(layout.text);
        let of = |form: Form| turns.iter().filter(move |turn| turn.form == form);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for turn in of(Form::Capitals) {
            *counts.entry(speaker(turn)).or_default() += 1;
        }
        let in_capitals = counts.len() > 1 && counts.values().any(|times| *times > 1);
        let letters: HashSet<&str> = of(Form::Letter).map(speaker).collect();
        let is_turn = |turn: &Turn| match turn.form {
            Form::Capitals => in_capitals || said.contains(&turn.block),
            Form::Name => said.contains(&turn.block),
            Form::Letter => letters.len() > 1,
        };
        Self(turns.into_iter().filter(is_turn).collect())
    }

    /// True if the name of who speaks stands in `span`, in front of a turn.
    pub(in crate::extract::model) fn begin_in(&self, span: Span) -> bool {
        let first = self
            .0
            .partition_point(|turn| turn.speaker.start < span.start);
        self.0
            .get(first)
            .is_some_and(|turn| turn.speaker.start < span.end)
    }

    /// Puts the turns in the place of what was read at their colons.
    pub(in crate::extract::model) fn settle(&self, readings: &mut Vec<Reading>) {
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

/// The blocks of conversations that are recognised by their position: labels of different people side by side.
fn said_in_runs(text: &str, turns: &[Turn]) -> HashSet<usize> {
    let mut said = HashSet::new();
    let names = capitalised(text, turns);
    for run in turns.chunk_by(|a, b| a.block + 1 == b.block) {
        let speakers: HashSet<&str> = run.iter().map(|turn| turn.speaker.slice(text)).collect();
        let people = run.iter().all(|turn| is_person(text, turn, &names));
        let talk = run.iter().all(|turn| turn.form == Form::Capitals)
            || run.iter().any(|turn| is_talk(turn.words.slice(text)));
        if speakers.len() > 1 && people && talk {
            said.extend(run.iter().map(|turn| turn.block));
        }
    }
    said
}

/// The capitalised words of a text in which labels of one word may name somebody, in capitals.
fn capitalised(text: &str, turns: &[Turn]) -> HashSet<String> {
    if turns.iter().all(|turn| turn.form != Form::Capitals) {
        return HashSet::new();
    }
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mixed = words
        .filter(|word| word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase));
    mixed.map(str::to_uppercase).collect()
}

/// True for the label of somebody: more than one word, an office, or a name that the text has elsewhere in small letters.
fn is_person(text: &str, turn: &Turn, names: &HashSet<String>) -> bool {
    const ENDS: &[char] = &['.', '?', '!', '…', ')', ']', '"', '”', '’'];
    let speaker = turn.speaker.slice(text);
    let mut words = speaker.split_whitespace();
    let is_somebody = turn.form == Form::Letter
        || words.clone().count() > 1
        || is_office(speaker)
        || turn.form == Form::Capitals && names.contains(speaker);
    turn.words.slice(text).ends_with(ENDS) && is_somebody && !words.any(is_kicker)
}

/// True for words that ask or that speak of oneself or to somebody.
fn is_talk(words: &str) -> bool {
    words.contains('?')
        || words
            .split_whitespace()
            .any(|word| is_one_of(word, OWN_WORDS))
}

fn turn(text: &str, block: Span, index: usize) -> Option<Turn> {
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
    let form = form(label, speaker)?;
    (apart && !words.is_empty()).then(|| Turn {
        speaker: Span::new(start, start + speaker.len()),
        colon: Span::new(start + label.len(), start + label.len() + 1),
        words,
        block: index,
        form,
    })
}

/// A name in capitals, "ANN LEE" or "SEN. O’DAM (R)", or one in mixed letters of a few words, or a letter.
fn form(label: &str, speaker: &str) -> Option<Form> {
    let capitals = speaker.chars().filter(|c| c.is_uppercase()).count();
    let is_plain = |c: char| c.is_uppercase() || matches!(c, ' ' | '.' | '-' | '\'' | '’');
    if label.len() > LONGEST_LABEL {
        None
    } else if matches!(speaker, "Q" | "A") {
        Some(Form::Letter)
    } else if capitals > 1 && speaker.chars().all(is_plain) {
        Some(Form::Capitals)
    } else if capitals > 1 && is_name(speaker) && !speaker.contains(',') {
        Some(Form::Name)
    } else {
        None
    }
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
    fn turns_side_by_side_are_a_conversation() {
        check(
            "THE PRESIDENT: Thank you. (Applause.) We won. [Laughter]\n\nAUDIENCE MEMBER: Sit down!",
            &[
                ("THE PRESIDENT", "Thank you. (Applause.) We won. [Laughter]"),
                ("AUDIENCE MEMBER", "Sit down!"),
            ],
        );
        check(
            "Tide Magazine: How long have you been here?\n\nOskar Brenne: I came in 1988.",
            &[
                ("Tide Magazine", "How long have you been here?"),
                ("Oskar Brenne", "I came in 1988."),
            ],
        );
        check(
            "Q: Do you get lonely?\nA: No.",
            &[("Q", "Do you get lonely?"), ("A", "No.")],
        );
        check(
            "OKAFOR: Is it over?\n\nMODERATOR: It is.\n\nOkafor left.",
            &[("OKAFOR", "Is it over?"), ("MODERATOR", "It is.")],
        );
    }

    #[test]
    fn a_box_of_facts_is_no_conversation() {
        check("Best Actor: Ann Lee.\n\nBest Film: The Pier.", &[]);
        check("WHAT: A walk.\n\nWHERE: The pier.", &[]);
        check("Opening Hours: Call us.\n\nTicket Prices: Ask us.", &[]);
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
