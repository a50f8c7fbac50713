//! The commands as a person or a script meets them: what they print, and how they end.

mod extract;
mod server;
mod tables;

use std::net::TcpListener;

use crate::process::{run, run_with_input};

const COMMANDS: [&str; 9] = [
    "serve",
    "extract",
    "ingest",
    "import-claim-reviews",
    "reextract",
    "migrate",
    "verify",
    "mend-actors",
    "health",
];

#[test]
fn every_command_teaches_itself_with_an_example() {
    let overview = run(&["--help"]);
    assert_eq!(overview.code, Some(0));
    for command in COMMANDS {
        assert!(overview.stdout.contains(command), "{}", overview.stdout);
        let help = run(&[command, "--help"]);
        assert_eq!(help.code, Some(0), "{command}");
        assert!(help.stdout.contains("Example"), "{}", help.stdout);
        assert!(
            help.stdout.contains(&format!("onrecord {command}")),
            "{}",
            help.stdout
        );
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let check = |args: &[&str], part: &str| {
        let ran = run(args);
        assert!(matches!(ran.code, Some(1 | 2)), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(part), "{args:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
    };
    check(&["extract", "--min-confidence", "2"], "--min-confidence");
    check(&["extract", "--encoding", "latin1"], "--encoding");
    check(&["extract", "--engine", "oracle"], "--engine");
    check(&["extract", "no-such-file"], "cannot open no-such-file");
    check(&["ingest", "--server", "not a url"], "--server");
    check(
        &["import-claim-reviews", "no-such-file"],
        "cannot read no-such-file",
    );
    check(&["ingest", "--in-flight", "0"], "--in-flight");
    check(&["reextract"], "--requested-by");
    check(&["health", "--server", "ftp://127.0.0.1:1"], "--server");
    check(&["migrate"], "--database-url");
    check(&["mend-actors"], "--database-url");
    check(&["--log", "a=b=c", "health"], "ONRECORD_LOG");
}

/// The port is taken here: a server that asked for it first would complain about that.
#[test]
fn a_server_checks_its_settings_before_it_takes_the_port() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let check = |args: &[&str], part: &str| {
        let ran = run(&[&["serve", "--listen", &address], args].concat());
        assert!(matches!(ran.code, Some(1 | 2)), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(part), "{args:?}: {ran:?}");
    };
    check(&["--max-in-flight", "0"], "--max-in-flight");
    check(&["--max-text-bytes", "0"], "--max-text-bytes");
    check(&["--request-timeout", "soon"], "--request-timeout");
    check(&["--database-url", "nonsense"], "--database-url");
    check(&[], &format!("cannot listen on {address}"));
}

#[test]
fn nothing_read_is_an_answer_too() {
    let ran = run_with_input(&["extract", "--format", "table"], "It rained.");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains("no claims"), "{}", ran.stdout);
}
