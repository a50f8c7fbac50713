//! What the README says is so: its examples are run as they stand there, and its table of settings is that of `serve`.

mod examples;

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use onrecord::cli::Cli;

use crate::process::{DataDir, Serve};
use examples::{Example, difference, examples};

const ADDRESS: &str = "localhost:50051";
/// Stands in the output between those of two examples.
const BORDER: &str = "--- the next example ---";

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    fs::read_to_string(path).expect("README.md")
}

/// True if grpcurl can be run. Where it must be there, its lack is a failure.
fn have_grpcurl() -> bool {
    if Command::new("grpcurl").arg("-version").output().is_ok() {
        return true;
    }
    assert!(
        env::var_os("ONRECORD_REQUIRE_GRPCURL").is_none(),
        "grpcurl is not on the PATH and ONRECORD_REQUIRE_GRPCURL is set"
    );
    // Not by `eprintln!`, which a passing test keeps to itself.
    let line = "SKIPPED: the README's examples were NOT run, for grpcurl is not on the PATH";
    writeln!(io::stderr(), "\n{line}\n").expect("write to standard error");
    false
}

/// Runs the examples in one shell, as somebody would who pastes them one after the other, and returns what each
/// printed.
fn run(examples: &[Example], server: &Serve) -> Vec<String> {
    let mut script = "exec 2>&1\n".to_owned();
    for example in examples {
        script += &example
            .commands
            .replace(ADDRESS, &server.address.to_string());
        script.extend(["echo '", BORDER, "'\n"]);
    }
    let program = Path::new(env!("CARGO_BIN_EXE_onrecord"))
        .parent()
        .expect("a directory");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(program.to_owned()).chain(env::split_paths(&path)));
    let dir = tempfile::tempdir().expect("a directory");
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("PATH", path.expect("a search path"))
        .current_dir(dir.path())
        .output()
        .expect("run sh");
    let output = String::from_utf8(output.stdout).expect("UTF-8");
    output
        .split_inclusive(&format!("{BORDER}\n"))
        .map(|part| part.replace(BORDER, ""))
        .collect()
}

#[test]
fn the_examples_print_what_it_says() {
    let examples = examples(&readme());
    let calls: usize = examples
        .iter()
        .map(|example| example.commands.matches("grpcurl ").count())
        .sum();
    assert!(
        examples.len() >= 8 && calls >= 8,
        "only {calls} calls in {} examples",
        examples.len()
    );
    if !have_grpcurl() {
        return;
    }
    let dir = DataDir::new();
    let server = Serve::start(&dir, &["--demo"]);
    let demo = server.wait_for_output("Ctrl-C ends the server");
    assert!(
        demo.contains("Ann Lee") && demo.contains("grpcurl -plaintext"),
        "{demo}"
    );

    let outputs = run(&examples, &server);
    assert_eq!(outputs.len(), examples.len());
    for (example, output) in examples.iter().zip(outputs) {
        if let Some(difference) = difference(&example.output, &output) {
            panic!("{}\n{difference}\nin:\n{output}", example.commands);
        }
    }
}

/// The cells of the rows whose second cell is a variable: flag, variable and default.
fn settings(readme: &str) -> Vec<[String; 3]> {
    let rows = readme.lines().filter(|line| line.starts_with("| `--"));
    rows.map(|row| {
        let mut cells = row
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned());
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
    .collect()
}

#[test]
fn the_settings_are_those_of_serve() {
    let mut cli = Cli::command();
    cli.build();
    let serve = cli.find_subcommand("serve").expect("the command");
    let documented = settings(&readme());
    let mut count = 0;
    for argument in serve.get_arguments() {
        let (Some(flag), Some(variable)) = (argument.get_long(), argument.get_env()) else {
            continue;
        };
        count += 1;
        let flag = format!("`--{flag}`");
        let row = documented.iter().find(|row| row[0] == flag);
        let row = row.unwrap_or_else(|| panic!("{flag} is not in the README"));
        assert_eq!(row[1], format!("`{}`", variable.to_string_lossy()));
        if let [default] = argument.get_default_values() {
            assert_eq!(row[2], format!("`{}`", default.to_string_lossy()), "{flag}");
        } else {
            assert!(!row[2].is_empty(), "{flag} has no default in the README");
        }
    }
    assert_eq!(
        count,
        documented.len(),
        "the README has settings that serve has not"
    );
    assert!(count > 10, "the settings are elsewhere");
}
