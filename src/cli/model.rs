use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::extract::model::Model;

/// Which weights the engine `model` reads with.
#[derive(Debug, Clone, Args)]
pub(super) struct ModelFlag {
    /// Weights for the engine `model`, as models/training/export.py writes them [default: those in the program]
    #[arg(long, env = "ONRECORD_MODEL", value_name = "FILE")]
    model: Option<PathBuf>,
}

impl ModelFlag {
    /// Loads the model now, so that a bad file stops the command and the first document does not wait.
    pub(super) fn load(&self) -> anyhow::Result<()> {
        let Some(file) = &self.model else {
            let _ = Model::current();
            return Ok(());
        };
        let place = || format!("--model (or ONRECORD_MODEL) {}", file.display());
        let bytes = fs::read(file).with_context(place)?;
        Model::load(bytes).with_context(place)
    }
}
