//! Commands that call a server which asks who calls.

use crate::process::{DataDir, Ran, Serve, program, run};

use super::pki::{Authority, Files, text};

/// Runs a command with this in its environment.
fn run_with(args: &[&str], name: &str, value: &str) -> Ran {
    let output = program(args).env(name, value).output();
    output.expect("run onrecord").into()
}

#[test]
fn a_key_from_the_command_line_opens_a_server() {
    let made = run(&["key", "desk", "--scopes", "read,write"]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let [key, line] = made.stdout.lines().collect::<Vec<_>>()[..] else {
        panic!("{}", made.stdout)
    };
    assert!(key.starts_with("onrecord_") && !line.contains(key));

    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let keys = text(&files.write("keys", line));
    let certificate = text(&files.path("server.pem"));
    let private = text(&files.path("server.key"));
    let dir = DataDir::new();
    let secure = [
        "--tls-cert",
        &certificate,
        "--tls-key",
        &private,
        "--auth-keys",
        &keys,
    ];
    let server = Serve::start(&dir, &secure);
    let url = format!("https://localhost:{}", server.address.port());
    let ca = text(&files.write("ca.pem", authority.pem()));
    let article = text(&files.write("article.txt", "Ann Lee said the bridge was safe."));
    let token = text(&files.write("token", &format!("{key}\n")));

    let ingest = ["ingest", "--server", &url, "--ca", &ca, &article];
    let ran = run(&[&ingest[..], &["--token-file", &token]].concat());
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    let ran = run(&ingest);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stderr.contains("no key and no token"), "{}", ran.stderr);
    let export = ["export", "--server", &url, "--ca", &ca, "--format", "csv"];
    let ran = run_with(&export, "ONRECORD_TOKEN", key);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("Ann Lee"), "{}", ran.stdout);
    let ran = run_with(&export, "ONRECORD_TOKEN", "wrong");
    assert!(ran.stderr.contains("not known"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("wrong"), "{}", ran.stderr);

    // Health is open, to those who trust the server.
    let ran = run(&["health", "--server", &url, "--ca", &ca]);
    assert_eq!((ran.code, ran.stdout.trim()), (Some(0), "Serving"));
    let ran = run(&["health", "--server", &url]);
    assert_ne!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn a_token_is_not_sent_where_others_can_read_it() {
    let export = [
        "export",
        "--server",
        "http://onrecord.example:1",
        "--format",
        "csv",
    ];
    let ran = run_with(&export, "ONRECORD_TOKEN", "secret-token");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("https://"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("secret-token"), "{}", ran.stderr);
}

#[test]
fn a_key_needs_a_name_and_scopes() {
    for args in [
        &["key"][..],
        &["key", "desk"],
        &["key", "two words", "--scopes", "read"],
        &["key", "#desk", "--scopes", "read"],
        &["key", "desk", "--scopes", "reed"],
        &["key", "desk", "--scopes", ""],
    ] {
        let ran = run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.stdout);
    }
}
