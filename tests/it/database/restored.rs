//! The restore drill: a dump restored into a fresh database is sound, and a server serves it.

use std::process::Command;

use onrecord::proto::ClaimFilter;
use sqlx::postgres::PgConnectOptions;

use super::verified::verify;
use crate::harness::{Database, NEWS, TestServer};

/// One of PostgreSQL's programs, told where the database is.
fn program(name: &str, connect: &PgConnectOptions) -> Command {
    let mut command = Command::new(name);
    let host = connect.get_socket().map_or_else(
        || connect.get_host().to_owned(),
        |socket| socket.display().to_string(),
    );
    command.args(["-h", &host, "-p", &connect.get_port().to_string()]);
    command.args(["-U", connect.get_username()]);
    command.args(["-d", connect.get_database().expect("a name")]);
    command
}

fn run(command: &mut Command) {
    let output = command.output().expect("run it");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_dump_is_sound_and_served() {
    if Command::new("pg_dump").arg("--version").output().is_err() {
        eprintln!("SKIPPED: the restore drill was NOT made, for pg_dump is not on the PATH");
        return;
    }
    let server = TestServer::start().await;
    server.ingest_text(NEWS).await;
    server.ingest_text("“It is safe,” said Ann Lee.").await;
    let claims = server.claims(ClaimFilter::default()).await;
    let database = server.database.as_ref().expect("a database");
    let dir = tempfile::tempdir().expect("a directory");
    let dump = dir.path().join("dump");
    run(program("pg_dump", &database.connect)
        .args(["-Fc", "-f"])
        .arg(&dump));
    let fresh = Database::create_empty().await;
    run(program("pg_restore", &fresh.connect)
        .args(["--no-owner", "--exit-on-error"])
        .arg(&dump));
    let verified = verify(&fresh);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let restored = TestServer::on(fresh).await;
    assert_eq!(restored.claims(ClaimFilter::default()).await, claims);
    restored.ingest_text("“It goes on,” said Ann Lee.").await;
    assert_eq!(
        restored.claims(ClaimFilter::default()).await.len(),
        claims.len() + 1
    );
}
