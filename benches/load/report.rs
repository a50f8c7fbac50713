//! The figures as a table, and as JSON.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};

use super::run::{Outcome, Pace};

/// Header, and percentile.
const PERCENTILES: [(&str, f64); 4] =
    [("p50", 50.0), ("p95", 95.0), ("p99", 99.0), ("p99.9", 99.9)];

/// One run.
#[derive(Debug)]
pub struct Row {
    pub mix: String,
    pub pace: Pace,
    pub outcome: Outcome,
}

impl Row {
    fn pace(&self) -> String {
        match self.pace {
            Pace::Open(rate) => format!("{rate}/s"),
            Pace::Closed(callers) => format!("{callers} callers"),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "calls are far fewer than 2^53")]
    fn rate(&self) -> f64 {
        self.outcome.latencies.len() as f64 / self.outcome.elapsed.as_secs_f64()
    }

    fn ms(&self, percentile: f64) -> f64 {
        millis(self.outcome.latencies.value_at_percentile(percentile))
    }

    fn max_ms(&self) -> f64 {
        millis(self.outcome.latencies.max())
    }

    fn errors(&self) -> String {
        let errors = self.outcome.errors.iter();
        let counts: Vec<String> = errors
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        if counts.is_empty() {
            return "0".to_owned();
        }
        counts.join(", ")
    }

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![
            self.mix.clone(),
            self.pace(),
            self.outcome.latencies.len().to_string(),
            format!("{:.0}", self.rate()),
        ];
        cells.extend(PERCENTILES.map(|(_, p)| format!("{:.2}", self.ms(p))));
        cells.extend([format!("{:.2}", self.max_ms()), self.errors()]);
        cells
    }

    fn json(&self) -> Value {
        let mut row = json!({
            "mix": self.mix,
            "answers": self.outcome.latencies.len(),
            "answers_per_s": self.rate(),
            "max_ms": self.max_ms(),
            "errors": self.outcome.errors,
        });
        match self.pace {
            Pace::Open(rate) => row["calls_per_s"] = json!(rate),
            Pace::Closed(callers) => row["callers"] = json!(callers),
        }
        for (name, p) in PERCENTILES {
            row[format!("{name}_ms")] = json!(self.ms(p));
        }
        row
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "latencies are far below 2^53 µs"
)]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1e3
}

/// All runs, times in milliseconds.
pub fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let percentiles = PERCENTILES.map(|(name, _)| name);
    let header = ["mix", "calls", "answers", "answers/s"].into_iter();
    table.set_header(header.chain(percentiles).chain(["max ms", "errors"]));
    for row in rows {
        table.add_row(row.cells());
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// All runs, one object each.
pub fn json(rows: &[Row]) -> String {
    rows.iter().map(Row::json).collect::<Value>().to_string()
}
