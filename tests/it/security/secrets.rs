//! Secrets stay out of logs and out of the list of processes.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use onrecord::client::{Client, ClientOptions};
use onrecord::proto::ErrorReason;
use onrecord::server::{Scope, new_key};

use super::issuer::{AUDIENCE, Issuer, SigningKey};
use super::pki::{Authority, Files, extract, reason, text};
use crate::process::{DataDir, Serve, program, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_everything_has_no_secret() {
    let signing = SigningKey::new("one", Algorithm::ES256);
    let issuer = Issuer::start(&[&signing]).await;
    let (authority, files) = (Authority::new(), Files::new());
    let (certificate, private) = authority.server();
    files.write_server(&(certificate, private.clone()));
    let (key, line) = new_key("desk", &[Scope::Extract, Scope::Write]).expect("a key");
    let keys = text(&files.write("keys", &line));
    let certificate = text(&files.path("server.pem"));
    let private_file = text(&files.path("server.key"));
    let issuer_url = issuer.url();
    let dir = DataDir::new();
    let server = Serve::start(
        &dir,
        &[
            &["--log", "trace"],
            &["--tls-cert", &certificate, "--tls-key", &private_file][..],
            &["--auth-keys", &keys],
            &["--auth-issuer", &issuer_url, "--auth-audience", AUDIENCE],
        ]
        .concat(),
    );
    let url = format!("https://localhost:{}", server.address.port());
    let call = async |token: &str| {
        let credentials = files.trust(&authority).with_token(token);
        let options = ClientOptions {
            deadline: Duration::from_mins(1),
            ..ClientOptions::default()
        };
        let client = Client::connect_as(url.clone(), options, credentials).await;
        reason(extract(&client.expect("connect")).await)
    };
    let token = signing.sign(&issuer.claims("extract"));
    let denied = signing.sign(&issuer.claims("read"));
    let wrong = "onrecord_a-key-that-is-not-known";
    assert_eq!(call(&key).await, None);
    assert_eq!(call(&token).await, None);
    assert_eq!(call(&denied).await, Some(ErrorReason::PermissionDenied));
    assert_eq!(call(wrong).await, Some(ErrorReason::Unauthenticated));

    let ca = text(&files.write("ca.pem", authority.pem()));
    let article = text(&files.write("article.txt", "Ann Lee said the bridge was safe."));
    let ingest = [
        "--log", "trace", "ingest", "--server", &url, "--ca", &ca, &article,
    ];
    let ran = program(&ingest)
        .env("ONRECORD_TOKEN", key.as_str())
        .output();
    let ran = ran.expect("run onrecord");
    assert!(ran.status.success());

    let log = wait_for("the log of the last call", || {
        Some(server.log()).filter(|log| log.contains("ingest_article"))
    });
    assert!(log.contains("TRACE"), "the log has not everything");
    let arguments = std::fs::read(format!("/proc/{}/cmdline", server.pid())).unwrap_or_default();
    let body: Vec<&str> = private
        .lines()
        .filter(|line| !line.contains("-----"))
        .collect();
    let hash = line.split(' ').nth(1).expect("a hash");
    let shown = [
        log,
        String::from_utf8_lossy(&ran.stderr).into_owned(),
        String::from_utf8_lossy(&arguments).into_owned(),
    ];
    for text in shown {
        for secret in [key.as_str(), &token, &denied, wrong, hash]
            .iter()
            .chain(&body)
        {
            let found = text.lines().find(|line| line.contains(secret));
            assert_eq!(found, None);
        }
    }
}
