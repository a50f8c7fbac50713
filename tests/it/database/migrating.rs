//! Migrating: one at a time, and what was interrupted is mended.

use std::io::Read;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::Signal;
use sqlx::{ConnectOptions, Executor, PgConnection};

use crate::harness::{Database, TestServer};
use crate::process::{program, run, send_signal, wait_for};

fn migrate(url: &str) -> Child {
    let mut command = program(&["migrate", "--database-url", url]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("start onrecord")
}

#[tokio::test(flavor = "multi_thread")]
async fn four_at_once_run_one_after_the_other_twelve_times_over() {
    let mut waited = false;
    for _ in 0..12 {
        let database = Database::create_empty().await;
        let url = database.connect.to_url_lossy().to_string();
        let children: Vec<Child> = (0..4).map(|_| migrate(&url)).collect();
        let mut applied = 0;
        for child in children {
            let ran = child.wait_with_output().expect("wait");
            let (stdout, stderr) = (
                String::from_utf8_lossy(&ran.stdout).into_owned(),
                String::from_utf8_lossy(&ran.stderr).into_owned(),
            );
            assert!(ran.status.success(), "{stderr}");
            applied += usize::from(stdout.contains("applied 0001"));
            waited |= stderr.contains("waiting for another migration");
        }
        assert_eq!(applied, 1, "one of them applies the migrations");
    }
    assert!(waited, "the others say that they wait");
}

/// The indexes that are not valid.
async fn invalid(connection: &mut PgConnection) -> Vec<String> {
    let query = "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid";
    sqlx::query_scalar(query)
        .fetch_all(connection)
        .await
        .expect("the indexes")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_whose_build_was_interrupted_is_built_again() {
    let database = Database::create().await;
    let url = database.connect.to_url_lossy().to_string();
    let mut connection = database.connection().await;
    let versions = "SELECT count(*) FROM _sqlx_migrations";
    let before: i64 = sqlx::query_scalar(versions)
        .fetch_one(&mut connection)
        .await
        .expect("a count");
    // As if this index was not built yet.
    connection
        .execute(
            "DROP INDEX claims_by_check_worthiness; DELETE FROM _sqlx_migrations WHERE version = 37",
        )
        .await
        .expect("undo");
    let mut old = database.connection().await;
    // The build waits for every transaction that may see the table as it was.
    old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM claims")
        .await
        .expect("an old transaction");
    let mut child = migrate(&url);
    let mut looking = database.connection().await;
    while invalid(&mut looking).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    send_signal(&child, Signal::SIGKILL);
    child.wait().expect("it ends");
    // Postgres notices that the client has gone.
    let building =
        "SELECT count(*) FROM pg_stat_progress_create_index WHERE datname = current_database()";
    for _ in 0..200 {
        let count: i64 = sqlx::query_scalar(building)
            .fetch_one(&mut looking)
            .await
            .expect("a count");
        if count == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(invalid(&mut looking).await, ["claims_by_check_worthiness"]);

    let mut again = migrate(&url);
    thread::sleep(Duration::from_secs(1));
    old.execute("ROLLBACK").await.expect("no transaction");
    let mut stderr = String::new();
    let status = wait_for("the migration", || again.try_wait().expect("a child"));
    let mut pipe = again.stderr.take().expect("a pipe");
    pipe.read_to_string(&mut stderr).expect("its words");
    assert!(status.success(), "{stderr}");
    assert!(invalid(&mut looking).await.is_empty());
    let exists = "SELECT count(*) FROM pg_class WHERE relname = 'claims_by_check_worthiness'";
    let count: i64 = sqlx::query_scalar(exists)
        .fetch_one(&mut looking)
        .await
        .expect("a count");
    assert_eq!(count, 1);
    let applied: i64 = sqlx::query_scalar(versions)
        .fetch_one(&mut looking)
        .await
        .expect("a count");
    assert_eq!(applied, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_counts_as_built_but_is_not_is_reported_and_built() {
    let database = Database::create().await;
    let url = database.connect.to_url_lossy().to_string();
    let mut connection = database.connection().await;
    let spoil =
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'claims_by_words'::regclass";
    connection.execute(spoil).await.expect("spoil an index");
    let server = TestServer::on(database).await;
    let mut health = crate::health::client(&server).await;
    let serving = crate::health::status(&mut health, "onrecord.v1.ClaimService").await;
    assert_eq!(
        serving,
        tonic_health::pb::health_check_response::ServingStatus::NotServing
    );
    let ran = run(&["migrate", "--database-url", &url]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.contains("claims_by_words"), "{ran:?}");
    assert!(invalid(&mut connection).await.is_empty());
    crate::health::until(
        &mut health,
        "onrecord.v1.ClaimService",
        tonic_health::pb::health_check_response::ServingStatus::Serving,
    )
    .await;
}
