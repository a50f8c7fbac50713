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
        match &self.model {
            Some(file) => Model::load(file)
                .with_context(|| format!("--model (or ONRECORD_MODEL) {}", file.display()))?,
            None => _ = Model::current(),
        }
        Ok(())
    }
}
