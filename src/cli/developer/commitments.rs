use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::domain::{Certainty, Commitment, Polarity, Span};
use crate::extract::commitment_to;
use crate::text::Layout;

/// Print the commitment to each event of a corpus, for evaluation (for developers)
#[derive(Debug, Args)]
pub struct Commitments {
    /// JSON lines: {"id", "text", "target"}, the target as [start, end] in code points
    file: PathBuf,

    /// Use a plain list of modals, hedges and negations instead, as a baseline
    #[arg(long)]
    word_list: bool,
}

/// If any of these is in the sentence, the event is at most possible.
const HEDGES: &[&str] = &[
    "may",
    "might",
    "can",
    "could",
    "would",
    "should",
    "must",
    "will",
    "perhaps",
    "maybe",
    "possibly",
    "probably",
    "likely",
    "possible",
    "probable",
    "apparently",
    "allegedly",
    "seem",
    "seems",
    "appear",
    "appears",
    "suggest",
    "suggests",
    "believe",
    "believes",
    "think",
    "thinks",
];
/// If any of these is shortly before the event, it is negated.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "without", "nobody", "none", "neither", "nor", "cannot", "n't", "hardly",
    "few",
];
/// How many words before the event a negation may be.
const MAX_STEPS: usize = 3;

#[derive(Deserialize)]
struct Case {
    id: String,
    text: String,
    target: (usize, usize),
}

#[derive(Serialize)]
struct Row {
    id: String,
    certainty: String,
    polarity: String,
}

impl Commitments {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let file =
            File::open(&self.file).with_context(|| format!("opening {}", self.file.display()))?;
        let mut out = BufWriter::new(stdout().lock());
        for (number, line) in (1..).zip(BufReader::new(file).lines()) {
            let case: Case =
                serde_json::from_str(&line?).with_context(|| format!("in line {number}"))?;
            let layout = Layout::new(&case.text, None);
            let target = Span::new(
                byte_of(&case.text, case.target.0),
                byte_of(&case.text, case.target.1),
            );
            let commitment = if self.word_list {
                by_word_list(&layout, target)
            } else {
                commitment_to(&layout, target)
            };
            let row = Row {
                id: case.id,
                certainty: commitment.certainty.to_string(),
                polarity: commitment.polarity.to_string(),
            };
            serde_json::to_writer(&mut out, &row)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The baseline: a list of words, without grammar.
fn by_word_list(layout: &Layout<'_>, event: Span) -> Commitment {
    let at = layout.token_from(event.start);
    let sentence = layout
        .sentences
        .partition_point(|sentence| sentence.tokens.end <= at);
    let Some(tokens) = layout.sentences.get(sentence).map(|own| own.tokens.clone()) else {
        return Commitment::STATED;
    };
    let is =
        |token: usize, list: &[&str]| list.contains(&layout.word(token).to_lowercase().as_str());
    let contracted =
        |token: usize| layout.word(token).ends_with("n't") || layout.word(token).ends_with("n’t");
    let hedged = tokens.clone().any(|token| is(token, HEDGES));
    let mut before = tokens.start.max(at.saturating_sub(MAX_STEPS))..at;
    let negated = before.any(|token| is(token, NEGATIONS) || contracted(token));
    Commitment {
        certainty: if hedged {
            Certainty::Possible
        } else {
            Certainty::Certain
        },
        polarity: if negated {
            Polarity::Negative
        } else {
            Polarity::Positive
        },
    }
}

/// The byte offset of a code point; the end of the text for the one after the last.
fn byte_of(text: &str, point: usize) -> usize {
    text.char_indices()
        .nth(point)
        .map_or(text.len(), |(at, _)| at)
}
