//! Transactions that commit in another order than they begin.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use onrecord::proto::ClaimChangeKind;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinHandle;

use super::Watch;
use crate::harness::TestServer;

/// Stores one more claim of an article, like its first.
const COPY: &str = "INSERT INTO claims (id, article_id, ordinal, sort_time, source, cue, content, quote_type, confidence, \
                      engine_name, engine_version) \
     SELECT gen_random_uuid(), article_id, $1, sort_time, source, cue, content, quote_type, confidence, engine_name, \
            engine_version FROM claims WHERE ordinal = 0 LIMIT 1 RETURNING id::text";

async fn copy(connection: &mut PgConnection, ordinal: i32) -> String {
    let id: String = sqlx::query_scalar(COPY)
        .bind(ordinal)
        .fetch_one(connection)
        .await
        .expect("store a claim");
    format!("claims/{id}")
}

async fn connection(server: &TestServer) -> PgConnection {
    let database = server.database.as_ref().expect("a database");
    database.connection().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_committed_late_is_not_passed_over() {
    let server = TestServer::start().await;
    server.ingest_text("“It is late,” said Ann Lee.").await;
    let [mut slow, mut quick, mut broken] = [
        connection(&server).await,
        connection(&server).await,
        connection(&server).await,
    ];
    let mut watch = Watch::all(&server).await;
    let mut slow = slow.begin().await.expect("begin");
    let first = copy(&mut slow, 1).await;
    let mut broken = broken.begin().await.expect("begin");
    copy(&mut broken, 2).await;
    let second = copy(&mut quick, 3).await;
    watch.is_silent().await;
    slow.commit().await.expect("commit");
    // The other is in the way still, for whoever resumes, too.
    let mut resumed = Watch::after(&server, &watch.token).await;
    assert_eq!(watch.created(1).await, std::slice::from_ref(&first));
    watch.is_silent().await;
    broken.rollback().await.expect("roll back");
    assert_eq!(watch.created(1).await, std::slice::from_ref(&second));
    assert_eq!(resumed.created(2).await, [first, second]);
}

const WRITERS: i32 = 6;
const TRANSACTIONS: i32 = 25;

/// Stores claims in transactions that take their time and often fail, and notes those that were committed.
async fn write(mut connection: PgConnection, writer: i32, committed: Arc<Mutex<BTreeSet<String>>>) {
    for number in 0..TRANSACTIONS {
        let mut tx = connection.begin().await.expect("begin");
        let mut stored = Vec::new();
        for part in 0..fastrand::i32(1..4) {
            let ordinal = 1 + (writer * TRANSACTIONS + number) * 4 + part;
            stored.push(copy(&mut tx, ordinal).await);
            // Nothing waits for this: it makes the transactions overlap.
            tokio::time::sleep(Duration::from_millis(fastrand::u64(0..20))).await;
        }
        if fastrand::u8(0..4) == 0 {
            tx.rollback().await.expect("roll back");
        } else {
            tx.commit().await.expect("commit");
            committed.lock().expect("no panic").extend(stored);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_however_often_the_watch_breaks() {
    let server = TestServer::start().await;
    server.ingest_text("“It is late,” said Ann Lee.").await;
    let token = Watch::all(&server).await.token;
    let mut steady = Watch::after(&server, &token).await;
    let committed = Arc::new(Mutex::new(BTreeSet::new()));
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let connection = connection(&server).await;
        writers.push(tokio::spawn(write(connection, writer, committed.clone())));
    }
    let mut token = token;
    let mut seen = Vec::new();
    let mut breaks = 0;
    while !writers.iter().all(JoinHandle::is_finished)
        || seen.len() < committed.lock().expect("no panic").len()
    {
        let mut watch = Watch::after(&server, &token).await;
        for _ in 0..fastrand::usize(0..8) {
            let next = tokio::time::timeout(Duration::from_millis(300), watch.change());
            let Ok((kind, name)) = next.await else { break };
            assert_eq!(kind, ClaimChangeKind::Created);
            seen.push(name);
            token.clone_from(&watch.token);
        }
        breaks += 1;
    }
    for writer in writers {
        writer.await.expect("no panic");
    }
    let committed = committed.lock().expect("no panic").clone();
    let in_one_go = steady.created(committed.len()).await;
    assert!(breaks > 10, "{breaks}");
    assert_eq!(seen, in_one_go, "in the same order");
    assert_eq!(BTreeSet::from_iter(seen), committed);
    steady.is_silent().await;
}
