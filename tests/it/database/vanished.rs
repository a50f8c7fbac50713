//! A server that vanishes in the middle of a transaction: others are held up no longer than a transaction may do
//! nothing.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use onrecord::client::Client;
use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{EngineKind, IngestArticleRequest, WatchClaimsRequest};
use sqlx::{ConnectOptions, Executor, PgConnection};

use super::PATIENCE;
use crate::harness::{Database, document};
use crate::process::Serve;

/// How long a transaction may do nothing here.
const IDLE: &str = "2";
/// Longer than that, and shorter than the default.
const SOON: Duration = Duration::from_secs(8);

/// Wakes a process that was stopped, so that it can be ended.
struct Stopped<'s>(&'s Serve);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        self.0.signal(Signal::SIGCONT);
    }
}

async fn until(connection: &mut PgConnection, what: &str, condition: &'static str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let met: bool = sqlx::query_scalar(condition)
            .fetch_one(&mut *connection)
            .await
            .expect("an answer");
        if met {
            return;
        }
        assert!(Instant::now() < deadline, "never {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn article(text: &str) -> IngestArticleRequest {
    IngestArticleRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        ..IngestArticleRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_vanishes_in_a_transaction_does_not_freeze_the_watchers_of_others() {
    let database = Database::create().await;
    let url = database.connect.to_url_lossy();
    let args = ["--propositions", "off", "--database-url", url.as_str()];
    let vanishing = Serve::spawn(&[&args[..], &["--database-idle-timeout", IDLE]].concat());
    let other = Serve::spawn(&args);
    let client = Client::connect(other.url()).await.expect("connect");
    let mut claims = ClaimServiceClient::connect(other.url())
        .await
        .expect("connect");
    let watch = claims.watch_claims(WatchClaimsRequest::default()).await;
    let mut watch = watch.expect("watch").into_inner();
    watch.message().await.expect("the first message");
    let mut looking = database.connection().await;
    let mut lock = database.connection().await;
    // Its transaction has written by then, and waits for the next table.
    let hold = "BEGIN; LOCK TABLE claims IN SHARE MODE";
    lock.execute(hold).await.expect("the lock");
    let doomed = Client::connect(vanishing.url()).await.expect("connect");
    let ingest = tokio::spawn(async move {
        let text = "“It is safe,” said Ann Lee. She added that it had been tested.";
        doomed.ingest_article(article(text)).await
    });
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                 AND application_name = 'onrecord' AND wait_event_type = 'Lock')";
    until(&mut looking, "a transaction that waits", waits).await;
    vanishing.signal(Signal::SIGSTOP);
    let _stopped = Stopped(&vanishing);
    lock.execute("ROLLBACK").await.expect("no lock");
    let idle = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                AND state = 'idle in transaction')";
    until(&mut looking, "a transaction that does nothing", idle).await;

    let vanished = Instant::now();
    client
        .ingest_article(article("“It goes on,” said Bo Dam."))
        .await
        .expect("another article");
    let told = async {
        while let Some(message) = watch.message().await.expect("a message") {
            if message.claim.is_some() {
                return;
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, told).await;
    told.expect("a change in time");
    eprintln!("watchers were told {:?} after", vanished.elapsed());
    assert!(vanished.elapsed() < SOON, "{:?}", vanished.elapsed());
    ingest.abort();
}
