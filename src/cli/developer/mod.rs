//! Commands for evaluating and training the engines. They require the feature `developer-commands`: production images
//! are built without them.

mod check_worthiness;
mod commitments;
mod compare;
mod features;
mod odds;
mod speed;

use std::process::ExitCode;

use clap::Subcommand;

/// A developer command. Hidden from the help: the model card explains what they are for.
#[derive(Debug, Subcommand)]
pub(super) enum Developer {
    #[command(hide = true)]
    CheckWorthiness(check_worthiness::CheckWorthiness),
    #[command(hide = true)]
    Commitments(commitments::Commitments),
    #[command(hide = true)]
    Compare(compare::Compare),
    #[command(hide = true)]
    Features(features::FeaturesCommand),
    #[command(hide = true)]
    Odds(odds::Odds),
    #[command(hide = true)]
    Speed(speed::Speed),
}

impl Developer {
    /// Runs the command to completion.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::CheckWorthiness(command) => command.run(),
            Self::Commitments(command) => command.run(),
            Self::Compare(command) => command.run(),
            Self::Features(command) => command.run(),
            Self::Odds(command) => command.run(),
            Self::Speed(command) => command.run(),
        }
    }
}
