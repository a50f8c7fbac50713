//! The `onrecord` program: reads the command line and hands over to [`onrecord::cli`].

use std::process::ExitCode;

use clap::Parser;
use onrecord::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match onrecord::cli::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("onrecord: {error:#}");
            ExitCode::FAILURE
        }
    }
}
