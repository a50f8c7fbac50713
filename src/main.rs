//! The `onrecord` program: reads the command line and hands over to [`onrecord::cli`].

use std::io;
use std::process::ExitCode;

use onrecord::telemetry::report_failure;

fn main() -> ExitCode {
    let cli = match onrecord::cli::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match onrecord::cli::run(cli) {
        Ok(code) => code,
        // Whoever read our output has had enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report_failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
