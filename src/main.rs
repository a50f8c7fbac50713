//! The `onrecord` program: reads the command line and hands over to [`onrecord::cli`].

use std::io;
use std::process::ExitCode;

use clap::Parser;
use onrecord::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match onrecord::cli::run(cli) {
        Ok(code) => code,
        // Whoever read our output has had enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("onrecord: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
