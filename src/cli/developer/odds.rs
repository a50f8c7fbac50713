use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use clap::Args;
use serde::Serialize;

use crate::cli::input::Input;
use crate::cli::model::ModelFlag;
use crate::domain::Span;
use crate::extract::model::{Model, RawOdds};
use crate::text::{Layout, OffsetMap, TextEncoding};

/// Print the attributions of a corpus with the model's raw odds, to calibrate it (for developers)
#[derive(Debug, Args)]
pub struct Odds {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    model: ModelFlag,
}

#[derive(Serialize)]
struct Row {
    id: String,
    attributions: Vec<Attribution>,
}

/// Spans are [start, end] in code points.
#[derive(Serialize)]
struct Attribution {
    source: Vec<(usize, usize)>,
    cue: Vec<(usize, usize)>,
    content: Vec<(usize, usize)>,
    odds: RawOdds,
}

impl Odds {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        self.model.load()?;
        let mut out = BufWriter::new(stdout().lock());
        for document in self.input.corpus() {
            let input = document?;
            let document = &input.document;
            let layout = Layout::new(&document.text, document.title.as_deref());
            let offsets = OffsetMap::new(&document.text, TextEncoding::Utf32);
            let points = |spans: &[Span]| {
                let point = |at| offsets.to_encoded(at);
                spans
                    .iter()
                    .map(|span| (point(span.start), point(span.end)))
                    .collect()
            };
            let readings = Model::current().read(&layout, &AtomicBool::new(false));
            let attributions = readings.iter().map(|reading| Attribution {
                source: points(&reading.source),
                cue: points(&reading.cue),
                content: points(&reading.content),
                odds: reading.odds,
            });
            let row = Row {
                id: input.id,
                attributions: attributions.collect(),
            };
            serde_json::to_writer(&mut out, &row)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}
