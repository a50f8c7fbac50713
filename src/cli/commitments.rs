use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::domain::Span;
use crate::extract::commitment_to;
use crate::text::Layout;

/// Print how far each event of a corpus is committed to, to measure it (for developers)
#[derive(Debug, Args)]
pub(super) struct Commitments {
    /// JSON lines: {"id", "text", "target"}, the target as [start, end] in code points
    file: PathBuf,
}

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
            let commitment = commitment_to(&layout, target);
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

/// Where a code point begins; the end of the text behind its last.
fn byte_of(text: &str, point: usize) -> usize {
    text.char_indices()
        .nth(point)
        .map_or(text.len(), |(at, _)| at)
}
