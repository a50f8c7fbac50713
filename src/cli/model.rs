use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::extract::model::Model;

/// The weights used by the engine `model`.
#[derive(Debug, Clone, Args)]
pub(super) struct ModelFlag {
    /// Weights for the engine `model`, as written by models/training/export.py [default: those in the program]
    #[arg(long, env = "ONRECORD_MODEL", value_name = "FILE")]
    model: Option<PathBuf>,
}

impl ModelFlag {
    /// Loads the model up front, so that a bad file stops the command and the first document does not have to wait.
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
