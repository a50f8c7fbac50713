//! Claims that are deleted while they are assigned to propositions.

use std::time::{Duration, Instant};

use onrecord::matching::Depth;
use onrecord::server::ServerOptions;
use sqlx::{Executor, PgConnection};

use super::PATIENCE;
use crate::harness::TestServer;

async fn count(connection: &mut PgConnection, query: &'static str) -> i64 {
    let counted = sqlx::query_scalar(query).fetch_one(connection).await;
    counted.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_deleted_meanwhile_holds_up_no_other() {
    let server = TestServer::start().await;
    let same = "The new harbour bridge of Ostbridge will reopen on the first of May";
    server
        .ingest_text(&format!("“{same},” said Ann Lee."))
        .await;
    // The later one: the first may count as the original that the other one duplicates.
    let gone = server
        .ingest_text(&format!("“{same},” said Tom Pell."))
        .await;
    let database = server.database.as_ref().expect("a database");
    let mut deleting = database.connection().await;
    let mut looking = database.connection().await;
    deleting.execute("BEGIN").await.expect("begin");
    sqlx::query("DELETE FROM articles WHERE id = $1::uuid")
        .bind(gone.name.trim_start_matches("articles/"))
        .execute(&mut deleting)
        .await
        .expect("delete");
    let options = ServerOptions {
        propositions: Some(Depth::Words),
        ..TestServer::options()
    };
    let _worker = TestServer::launch(Some(database.store()), options).await;
    let deadline = Instant::now() + PATIENCE;
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while count(&mut looking, waiting).await == 0 {
        assert!(Instant::now() < deadline, "nobody waits for the deletion");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    deleting.execute("COMMIT").await.expect("commit");
    let deleted = Instant::now();
    let left = "SELECT count(*) FROM unsettled_claims u JOIN claims c ON c.id = u.claim_id";
    while count(&mut looking, left).await > 0 {
        assert!(deleted.elapsed() < PATIENCE, "claims still wait");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    eprintln!(
        "all claims were assigned {:?} after the deletion",
        deleted.elapsed()
    );
    assert!(
        deleted.elapsed() < Duration::from_secs(9),
        "{:?}",
        deleted.elapsed()
    );
}
