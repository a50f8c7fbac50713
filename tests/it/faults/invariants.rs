//! What must hold after a round, whatever went wrong in it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use sqlx::{ConnectOptions, PgConnection};
use tokio::task::block_in_place;

use super::RECOVERY;
use super::ledger::{Ledger, text};
use super::postgres::Postgres;
use super::servers::Server;
use super::watcher::Watcher;
use super::writes::ingest;
use crate::process::run;

const AT_ONCE: usize = 8;
const POLL: Duration = Duration::from_millis(20);

/// Checks that what is stored agrees with itself.
pub fn verify(postgres: &Postgres, ledger: &Ledger) {
    let url = postgres.connect_options().to_url_lossy().to_string();
    let ran = block_in_place(|| run(&["verify", "--database-url", &url]));
    if ran.code != Some(0) {
        ledger.violation(format!("onrecord verify: {ran:?}"));
    }
}

/// Checks that everything acknowledged is there, once.
pub async fn nothing_is_lost(connection: &mut PgConnection, ledger: &Ledger) {
    let texts = texts(connection).await;
    let retracted = "SELECT 'articles/' || id FROM articles WHERE state = 'RETRACTED'";
    let retracted = names(connection, retracted).await;
    let reviews = names(connection, "SELECT reason FROM claim_reviews").await;
    let changes = names(connection, "SELECT reason FROM actor_changes").await;
    let mut lost = Vec::new();
    let mut records = ledger.records();
    let has = |name: &String, text: &str| texts.get(name).is_some_and(|all| all.contains(text));
    for (number, name) in &records.articles {
        if !has(name, &text(*number)) {
            lost.push(format!("document {number}, stored as {name}"));
        }
    }
    for (name, text) in &records.corrections {
        if !has(name, text) {
            lost.push(format!("a correction of {name}"));
        }
    }
    for name in &records.retractions {
        if !retracted.contains(name) {
            lost.push(format!("the retraction of {name}"));
        }
    }
    for (what, acknowledged, there) in [
        ("review", &records.reviews, &reviews),
        ("change", &records.changes, &changes),
    ] {
        for reason in acknowledged {
            let count = there.iter().filter(|other| *other == reason).count();
            if count != 1 {
                lost.push(format!("{what} {reason} is there {count} times"));
            }
        }
    }
    // One line, however many.
    if let Some(first) = lost.first() {
        let count = lost.len();
        records.violations.push(format!(
            "acknowledged, but not there once: {first}; {count} in all"
        ));
    }
}

/// Every text that each article has or had.
async fn texts(connection: &mut PgConnection) -> BTreeMap<String, BTreeSet<String>> {
    let all = "SELECT 'articles/' || id, text FROM articles \
               UNION ALL SELECT 'articles/' || article_id, text FROM article_revisions";
    let rows: Vec<(String, String)> = sqlx::query_as(all)
        .fetch_all(connection)
        .await
        .expect("read the texts");
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in rows {
        texts.entry(name).or_default().insert(text);
    }
    texts
}

async fn names(connection: &mut PgConnection, query: &'static str) -> Vec<String> {
    let rows = sqlx::query_scalar(query).fetch_all(connection);
    rows.await.expect("read the names")
}

/// Checks that each of these documents is stored once, by sending it again.
pub async fn nothing_is_doubled(server: &Server, ledger: &Ledger, from: usize) {
    let acknowledged = ledger.records().articles.clone().split_off(&from);
    let client = server.client().await;
    let again = stream::iter(acknowledged).map(|(number, name)| {
        let client = client.clone();
        async move { (number, name, client.ingest_article(ingest(number)).await) }
    });
    let mut again = again.buffer_unordered(AT_ONCE);
    while let Some((number, name, answer)) = again.next().await {
        match answer {
            Ok(response) => {
                let now = response.article.unwrap_or_default().name;
                if response.created || now != name {
                    ledger.violation(format!("document {number} was {name}, and is {now} now"));
                }
            }
            Err(status) => ledger.violation(format!("document {number} again: {status:?}")),
        }
    }
}

/// Checks that a watcher is told of every claim that is there, once.
pub async fn nothing_is_missed(
    connection: &mut PgConnection,
    watchers: &[Watcher; 2],
    ledger: &Ledger,
) {
    let claims = names(connection, "SELECT 'claims/' || id FROM claims").await;
    let deadline = Instant::now() + RECOVERY;
    for watcher in watchers {
        while !watcher.missing(&claims).is_empty() && Instant::now() < deadline {
            tokio::time::sleep(POLL).await;
        }
        let (missing, doubled) = (watcher.missing(&claims), watcher.doubled());
        if !missing.is_empty() {
            let (count, all) = (missing.len(), claims.len());
            ledger.violation(format!("a watcher was not told of {count} of {all} claims"));
        }
        if !doubled.is_empty() {
            ledger.violation(format!("a watcher was told twice of {}", doubled.len()));
        }
    }
}
