use std::io::{BufWriter, IsTerminal, Write, stdout};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::input::{Input, InputDocument};
use super::json::Answer;
use super::model::ModelFlag;
use super::progress::Progress;
use super::table;
use crate::api::convert::csv::{self, ArticleCells, ClaimRow};
use crate::api::convert::extraction::response;
use crate::api::convert::time::timestamp;
use crate::config::unit_interval;
use crate::extract::{EngineKind, MIN_CONFIDENCE, Options, TimeView, extract};
use crate::proto::{Actor, ExtractClaimsResponse};
use crate::telemetry::report_notice;
use crate::text::TextEncoding;

/// How many documents are read before their results are written.
const BATCH: usize = 256;

/// Read articles and print their claims, without a server
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord extract article.txt
  onrecord extract --format json < article.txt | jq '.claims[].content.text'
  onrecord extract --jsonl articles.jsonl --format jsonl --encoding utf32 > claims.jsonl
  onrecord extract articles.csv --format csv --bom > claims.csv")]
pub(super) struct Extract {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    model: ModelFlag,

    /// table for people; json, indented, or jsonl, one document per line, in the protobuf JSON mapping of
    /// ExtractClaimsResponse with the document's id; csv, one claim a row, as `export --format csv` [default: table on a
    /// terminal, jsonl for JSON lines, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Begin CSV with a byte order mark, by which Excel knows that it is UTF-8
    #[arg(long)]
    bom: bool,

    /// Unit of the offsets in JSON and CSV: bytes, UTF-16 code units or code points
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
    Jsonl,
    Csv,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Engine {
    Model,
    Rules,
}

impl From<Engine> for EngineKind {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Model => Self::Model,
            Engine::Rules => Self::Rules,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl From<Encoding> for TextEncoding {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Utf16 => Self::Utf16,
            Encoding::Utf32 => Self::Utf32,
        }
    }
}

impl Extract {
    /// Reads batches on all cores and writes results in input order. A document that cannot be read is reported on
    /// standard error and the rest continue; the exit code then indicates failure.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        if matches!(self.engine, Engine::Model) {
            self.model.load()?;
        }
        let format = self.format.unwrap_or_else(|| self.usual_format());
        anyhow::ensure!(
            !self.bom || format == Format::Csv,
            "--bom is for --format csv"
        );
        let mut progress = Progress::of(&self.input);
        let mut documents = self.input.documents(progress.notices(), &progress.bar);
        let mut out = BufWriter::new(stdout().lock());
        let mut claims = 0;
        if format == Format::Csv {
            write!(out, "{}", csv_header(self.bom))?;
        }
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
                        progress.bar.suspend(|| write!(out, "{answer}"))?;
                    }
                    Err(error) => progress.fail(&error),
                }
            }
        }
        let (all, failed) = (progress.all(), progress.failed);
        drop(progress);
        out.flush()?;
        if all != 1 || failed > 0 {
            report_notice(&format!("{all} articles: {claims} claims, {failed} failed"));
        }
        Ok(if failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    fn usual_format(&self) -> Format {
        match (stdout().is_terminal(), self.input.is_json_lines()) {
            (true, _) => Format::Table,
            (false, true) => Format::Jsonl,
            (false, false) => Format::Json,
        }
    }

    /// What is printed of a document, and how many claims it has.
    fn answer(&self, input: &InputDocument, format: Format) -> anyhow::Result<(String, usize)> {
        let options = Options {
            engine: self.engine.into(),
            min_confidence: self.min_confidence,
            traced: self.traces,
            times: self.times.into(),
        };
        let extraction = extract(&input.document, &options);
        let response = response(&extraction, &input.document.text, self.encoding.into());
        let answer = || Answer::new(&input.id, &response);
        let printed = match format {
            Format::Table => table(input, &response) + "\n",
            Format::Json => serde_json::to_string_pretty(&answer()?)? + "\n",
            Format::Jsonl => serde_json::to_string(&answer()?)? + "\n",
            Format::Csv => csv_rows(input, &response),
        };
        Ok((printed, response.claims.len()))
    }
}

/// What stands before the first row.
fn csv_header(bom: bool) -> String {
    let mut text = String::new();
    if bom {
        text.push(csv::BYTE_ORDER_MARK);
    }
    csv::header(&mut text);
    text
}

/// The claims of a document, a row each.
fn csv_rows(input: &InputDocument, response: &ExtractClaimsResponse) -> String {
    let document = &input.document;
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    let article = ArticleCells {
        external_id: input.id.clone(),
        title: known(&document.title),
        publisher: known(&document.publisher),
        uri: known(&document.uri),
        publish_time: document.publish_time.map(timestamp),
        language_code: known(&document.language_code),
        authors: document.authors.clone(),
        ..ArticleCells::default()
    };
    let mut text = String::new();
    for claim in &response.claims {
        let actor = response
            .actors
            .iter()
            .find(|actor| actor.name == claim.actor);
        let row = ClaimRow {
            claim,
            article: &article,
            actor_kind: actor.map_or_else(Default::default, Actor::kind),
            actor_gender: actor.map_or_else(Default::default, Actor::gender),
        };
        csv::row(&row, &mut text);
    }
    text
}

fn table(input: &InputDocument, response: &ExtractClaimsResponse) -> String {
    let claims = match response.claims.len() {
        0 => "no claims".to_owned(),
        1 => "1 claim".to_owned(),
        many => format!("{many} claims"),
    };
    let mut text = format!(
        "{}: {claims}\n",
        input.document.title.as_ref().unwrap_or(&input.id)
    );
    if !response.claims.is_empty() {
        text += &table::claims(&response.claims);
    }
    for diagnostic in &response.diagnostics {
        text += "\nnote: ";
        text += &diagnostic.message;
    }
    text
}
