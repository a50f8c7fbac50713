//! The commands that measure and train the engines. Behind the feature `developer-commands`: an image for production is
//! built without them.

mod check_worthiness;
mod commitments;
mod compare;
mod features;
mod odds;
mod speed;

use std::process::ExitCode;

use clap::Subcommand;

/// One of these commands. Hidden from the help: the model card says what they are for.
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
    /// Runs the command to its end.
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
