//! A transaction that does not end holds watchers back: the log says which.

use sqlx::{ConnectOptions, Executor};

use crate::harness::Database;
use crate::process::{Serve, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_watchers_back_is_named() {
    let database = Database::create().await;
    let elsewhere = Database::create().await;
    let url = database.connect.to_url_lossy();
    let server = Serve::spawn(&["--propositions", "off", "--database-url", url.as_str()]);
    let connect = elsewhere.connect.clone().application_name("a report");
    let mut holder = connect.connect().await.expect("connect");
    let begin = "BEGIN; CREATE TEMPORARY TABLE t (n integer); INSERT INTO t VALUES (1)";
    holder.execute(begin).await.expect("a transaction");
    let log = wait_for("the warning", || {
        let log = server.log();
        log.contains("application_name \"a report\"").then_some(log)
    });
    let line = log
        .lines()
        .find(|line| line.contains("a report"))
        .expect("the warning");
    assert!(line.contains("WARN"), "{line}");
    assert!(line.contains("in another database"), "{line}");
    assert!(
        line.contains(elsewhere.connect.get_database().expect("a name")),
        "{line}"
    );
}
