use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use rayon::prelude::*;

use crate::cli::input::Input;
use crate::cli::model::ModelFlag;
use crate::extract::model::{Features, Model};
use crate::text::Layout;

/// Time the model's encoder alone on the windows of a corpus (for developers)
///
/// Prints one line per round: wordpieces per second, counting the two that delimit each window.
#[derive(Debug, Args)]
pub struct Speed {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    model: ModelFlag,

    /// Number of threads that read windows
    #[arg(long, default_value_t = 1, value_name = "N")]
    threads: usize,

    /// Number of times all windows are read
    #[arg(long, default_value_t = 1, value_name = "N")]
    rounds: usize,
}

impl Speed {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        self.model.load()?;
        let features = self.input.corpus().map(|document| {
            let document = document?.document;
            let layout = Layout::new(&document.text, document.title.as_deref());
            anyhow::Ok(Features::new(&layout))
        });
        let features = features.collect::<Result<Vec<_>, _>>()?;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()?;
        for _ in 0..self.rounds {
            let start = Instant::now();
            let pieces: usize = pool.install(|| {
                let all = features.par_iter();
                all.map(|features| Model::current().encode_all(features))
                    .sum()
            });
            println!("{:.0} wordpieces/s", rate(pieces, start.elapsed()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for a person")]
fn rate(pieces: usize, time: Duration) -> f64 {
    pieces as f64 / time.as_secs_f64()
}
