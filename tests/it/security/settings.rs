//! Settings that do not fit together end the program before anything starts.

use super::pki::{Authority, Files, text};
use crate::process::run;

fn check_refused(args: &[&str], expect: &str) {
    let ran = run(&[&["serve"], args].concat());
    assert_eq!(ran.code, Some(1), "{args:?}: {}", ran.stderr);
    assert!(ran.stderr.contains(expect), "{args:?}: {}", ran.stderr);
    assert!(!ran.stdout.contains("serving"), "{args:?}");
}

#[test]
fn half_configured_tls_is_refused() {
    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let certificate = text(&files.path("server.pem"));
    let key = text(&files.path("server.key"));
    let missing = text(&files.path("missing.pem"));
    let other = text(&files.write("other.key", &authority.server().1));
    check_refused(&["--tls-cert", &certificate], "--tls-key");
    check_refused(&["--tls-key", &key], "--tls-cert");
    check_refused(
        &["--tls-client-ca", &certificate],
        "--tls-cert and --tls-key",
    );
    let serve = |certificate: &str, key: &str, expect: &str| {
        let args = ["--tls-cert", certificate, "--tls-key", key];
        check_refused(&args, expect);
    };
    serve(&missing, &key, "missing.pem");
    serve(&certificate, &missing, "missing.pem");
    serve(&certificate, &certificate, "no private key");
    serve(&key, &key, "no certificate");
    serve(&certificate, &other, "other.key");
}

#[test]
fn an_open_server_for_others_has_to_be_asked_for() {
    check_refused(&["--listen", "0.0.0.0:0"], "--auth none");
    check_refused(&["--listen", "[::]:0"], "--auth none");
    let keys = ["--auth", "none", "--auth-keys", "keys"];
    check_refused(&keys, "contradicts");
    check_refused(&["--auth-keys", "/nowhere/keys"], "/nowhere/keys");
    check_refused(&["--auth-issuer", "https://a.example"], "--auth-audience");
    let plain = ["--auth-issuer", "http://a.example", "--auth-audience", "b"];
    check_refused(&plain, "https://");
    check_refused(&["--demo", "--auth-keys", "keys"], "--demo");
}
