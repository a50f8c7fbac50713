mod answer;
mod json;
mod sink;

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::encoding::Encoding;
use super::engine::Engine;
use super::input::{Input, InputDocument};
use super::model::ModelFlag;
use super::output::OutputFlag;
use super::progress::Progress;
use crate::api::convert::extraction::response;
use crate::api::convert::table::csv;
use crate::config::unit_interval;
use crate::extract::{MIN_CONFIDENCE, Options, TimeView, extract};
use crate::proto::ExtractClaimsResponse;
use crate::telemetry::report_notice;
use answer::{rows, table};
use json::Answer;
use sink::{Printed, Sink};

/// How many documents are read before their results are written.
const BATCH: usize = 256;

/// Read articles and print their claims, without a server
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord extract article.txt
  onrecord extract --format json < article.txt | jq '.claims[].content.text'
  onrecord extract --jsonl articles.jsonl --format jsonl --encoding utf32 > claims.jsonl
  onrecord extract articles.csv --format csv --bom > claims.csv
  onrecord extract articles.csv --format parquet --encoding utf32 --output claims.parquet")]
pub(super) struct Extract {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    model: ModelFlag,

    /// table for people; json, indented, or jsonl, one document per line, in the protobuf JSON mapping of
    /// ExtractClaimsResponse with the document's id; csv or parquet, one claim a row, as `export` writes them [default:
    /// table on a terminal, jsonl for JSON lines, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,

    #[command(flatten)]
    output: OutputFlag,

    /// Begin CSV with a byte order mark, by which Excel knows that it is UTF-8
    #[arg(long)]
    bom: bool,

    /// Write all fields in JSON, for data frames: those with their default value as well, and absent ones as null
    #[arg(long)]
    defaults: bool,

    /// Unit of the offsets in JSON, CSV and Parquet: bytes, UTF-16 code units or code points, as Python counts
    #[arg(long, value_enum, default_value = "utf8")]
    encoding: Encoding,

    /// Engine that reads the text: the trained model, or the rules, which are faster
    #[arg(long, value_enum, default_value = "model")]
    engine: Engine,

    /// Leave out claims with a confidence below this, from 0 to 1
    #[arg(long, default_value_t = MIN_CONFIDENCE, value_parser = unit_interval, value_name = "P")]
    min_confidence: f32,

    /// Show for each claim which rules and words decided its fields
    #[arg(long)]
    traces: bool,

    /// Which times to return: expressions returns all of them, as they are in the text; dates returns only those for
    /// a calendar or a timeline: a range as its two ends, "since May" as May, "Monday night" as Monday; durations,
    /// recurring times, times without a specific day and unresolved times are left out
    #[arg(long, value_enum, default_value = "expressions")]
    times: Times,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Times {
    Expressions,
    Dates,
}

impl From<Times> for TimeView {
    fn from(times: Times) -> Self {
        match times {
            Times::Expressions => Self::Expressions,
            Times::Dates => Self::Dates,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    #[value(alias = "json-lines")]
    Jsonl,
    Csv,
    Parquet,
}

impl Extract {
    /// Reads batches on all cores and writes results in input order. A document that cannot be read is reported on
    /// standard error and the rest continue; the exit code then indicates failure.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        if matches!(self.engine, Engine::Model) {
            self.model.load()?;
        }
        let format = self.format.unwrap_or_else(|| self.usual_format());
        self.check_flags(format)?;
        let mut sink = self.sink(format)?;
        let mut progress = Progress::of(&self.input);
        let mut documents = self.input.documents(progress.notices(), &progress.bar);
        let mut claims = 0;
        loop {
            let batch: Vec<_> = documents.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            let answers: Vec<_> = batch
                .into_par_iter()
                .map(|document| document.and_then(|document| self.answer(&document, format)))
                .collect();
            for answer in answers {
                match answer {
                    Ok((answer, count)) => {
                        claims += count;
                        progress.count();
                        let written = progress.bar.suspend(|| sink.write(&answer));
                        self.output.name_failure(written)?;
                    }
                    Err(error) => progress.fail(&error),
                }
            }
        }
        let (all, failed) = (progress.all(), progress.failed);
        drop(progress);
        self.output.name_failure(sink.finish())?;
        if all != 1 || failed > 0 {
            report_notice(&format!("{all} articles: {claims} claims, {failed} failed"));
        }
        Ok(if failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    fn check_flags(&self, format: Format) -> anyhow::Result<()> {
        anyhow::ensure!(
            !self.bom || format == Format::Csv,
            "--bom is for --format csv"
        );
        anyhow::ensure!(
            !self.defaults || matches!(format, Format::Json | Format::Jsonl),
            "--defaults is for --format json or jsonl"
        );
        Ok(())
    }

    fn sink(&self, format: Format) -> anyhow::Result<Sink> {
        let output = self.output.open()?;
        match format {
            Format::Table | Format::Json | Format::Jsonl => Ok(Sink::text(output)),
            Format::Csv => self.output.name_failure(Sink::csv(output, self.bom)),
            Format::Parquet => self.output.name_failure(Sink::parquet(output)),
        }
    }

    fn usual_format(&self) -> Format {
        match (self.output.is_terminal(), self.input.is_json_lines()) {
            (true, _) => Format::Table,
            (false, true) => Format::Jsonl,
            (false, false) => Format::Json,
        }
    }

    /// What is printed of a document, and how many claims it has.
    fn answer(&self, input: &InputDocument, format: Format) -> anyhow::Result<(Printed, usize)> {
        let options = Options {
            engine: self.engine.into(),
            min_confidence: self.min_confidence,
            traced: self.traces,
            times: self.times.into(),
        };
        let extraction = extract(&input.document, &options);
        let response = response(&extraction, &input.document.text, self.encoding.into());
        let count = response.claims.len();
        let json = || Answer::new(&input.id, &response, self.defaults);
        let printed = match format {
            Format::Table => Printed::Text(table(input, &response) + "\n"),
            Format::Json => Printed::Text(serde_json::to_string_pretty(&json()?)? + "\n"),
            Format::Jsonl => Printed::Text(serde_json::to_string(&json()?)? + "\n"),
            Format::Csv => Printed::Text(csv_rows(input, response)),
            Format::Parquet => Printed::Rows(rows(input, response)),
        };
        Ok((printed, count))
    }
}

fn csv_rows(input: &InputDocument, response: ExtractClaimsResponse) -> String {
    let mut text = String::new();
    for claim in rows(input, response) {
        csv::row(&claim, &mut text);
    }
    text
}
