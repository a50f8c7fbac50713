//! Whether the candidates of `MatchClaims` hold the right claim, in an archive into which it was planted:
//! `cargo bench --bench recall -- --database-url postgres://… --planted CLAIMS --queries QUERIES`.
//!
//! By words alone, without vectors, and before candidates are compared. The archive comes from the bench `archive` with
//! the same file of planted claims.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use onrecord::store::{ClaimFilter, PoolOptions, Store};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Length of the longest text that MatchClaims takes, in bytes.
const MAX_TEXT: usize = 2_000;

/// What to ask
#[derive(Debug, Parser)]
struct Options {
    /// The database, as a postgres:// URL
    #[arg(long)]
    database_url: String,
    /// The claims that were planted: JSON lines with `id` and `text`
    #[arg(long)]
    planted: PathBuf,
    /// What to look for: JSON lines with `text` and `relevant`, the ids of claims that say the same
    #[arg(long)]
    queries: PathBuf,
    /// What cargo passes
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Deserialize)]
struct Planted {
    id: String,
    text: String,
}

#[derive(Deserialize)]
struct Query {
    text: String,
    relevant: Vec<String>,
}

/// What became of a query.
struct Asked {
    is_found: bool,
    took: Duration,
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    let store = Store::connect_url(&options.database_url, PoolOptions::default());
    let store = store.expect("a postgres:// URL");
    let planted: Vec<Planted> = lines(&options.planted);
    let planted: HashMap<&str, &str> = planted
        .iter()
        .map(|claim| (claim.id.as_str(), claim.text.as_str()))
        .collect();
    let queries: Vec<Query> = lines(&options.queries);
    let shares = store.word_shares().await.expect("a sample of words");
    let mut asked = Vec::new();
    for query in &queries {
        let text = &query.text[..query.text.floor_char_boundary(MAX_TEXT)];
        let begun = Instant::now();
        let words = store.match_words(text, &shares).await.expect("words");
        let mut found = HashSet::new();
        if let Some(words) = words {
            let filter = ClaimFilter::default();
            let candidates = store.match_candidates(&words, &filter, None).await;
            for candidate in candidates.expect("candidates") {
                let passages = candidate.content.iter().map(|one| one.text.as_str());
                found.insert(unquoted(&passages.collect::<Vec<_>>().join(" ")));
            }
        }
        let took = begun.elapsed();
        let mut right = query
            .relevant
            .iter()
            .map(|id| unquoted(planted[id.as_str()]));
        let is_found = right.any(|text| found.iter().any(|claim| claim.contains(&text)));
        asked.push(Asked { is_found, took });
    }
    report("even lines", asked.iter().step_by(2));
    report("odd lines", asked.iter().skip(1).step_by(2));
    report("all", asked.iter());
}

/// The archive puts some of the planted words in quotation marks.
fn unquoted(text: &str) -> String {
    text.replace(['“', '”'], "")
}

fn lines<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = std::fs::read_to_string(path).expect("a file of JSON lines");
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("the fields of this kind of line"))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "queries are few")]
fn report<'a>(name: &str, asked: impl Iterator<Item = &'a Asked>) {
    let asked: Vec<&Asked> = asked.collect();
    let found = asked.iter().filter(|one| one.is_found).count();
    let mut took: Vec<f64> = asked
        .iter()
        .map(|one| one.took.as_secs_f64() * 1e3)
        .collect();
    took.sort_by(f64::total_cmp);
    let at = |per_cent: usize| took[(took.len() - 1) * per_cent / 100];
    println!(
        "{name}: {found} of {} found, {:.1} %; p50 {:.1} ms, p99 {:.1} ms",
        asked.len(),
        100.0 * found as f64 / asked.len() as f64,
        at(50),
        at(99)
    );
}
