use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::extract::check_worthiness_of;

/// Print the check-worthiness of each sentence of a corpus, for evaluation (for developers)
#[derive(Debug, Args)]
pub struct CheckWorthiness {
    /// JSON lines: {"id", "text"}
    file: PathBuf,
}

#[derive(Deserialize)]
struct Sentence {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    score: f32,
}

impl CheckWorthiness {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let file =
            File::open(&self.file).with_context(|| format!("opening {}", self.file.display()))?;
        let mut out = BufWriter::new(stdout().lock());
        for (number, line) in (1..).zip(BufReader::new(file).lines()) {
            let sentence: Sentence =
                serde_json::from_str(&line?).with_context(|| format!("in line {number}"))?;
            let row = Row {
                score: check_worthiness_of(&sentence.text),
                id: sentence.id,
            };
            serde_json::to_writer(&mut out, &row)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}
