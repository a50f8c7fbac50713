//! Fills a migrated database with made-up articles, already read, and says how fast they were stored:
//! `cargo bench --bench archive -- --database-url postgres://… --articles 100000`.
//!
//! The same seed makes the same articles; ids are new each time.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

mod article;
mod cast;
mod sentence;
mod skew;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use onrecord::store::{PoolOptions, Store};
use sqlx::{Connection, PgConnection};

use article::World;
use words::Vocabulary;

/// Statistics for the planner, and the visibility map, which autovacuum would make some minutes later.
const TIDY_UP: &str = "VACUUM (ANALYZE)";

/// What to make
#[derive(Debug, Parser)]
struct Options {
    /// The database, as a postgres:// URL
    #[arg(long)]
    database_url: String,
    /// How many articles, of ten claims on average
    #[arg(long, default_value_t = 100_000)]
    articles: usize,
    /// How many actors there are to be quoted
    #[arg(long, default_value_t = 50_000)]
    actors: u32,
    /// Makes another archive
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many articles are stored at once
    #[arg(long, default_value_t = 8)]
    connections: u32,
    /// Files of JSON lines, whose `text` the claims are to sound like; otherwise their words are made up
    #[arg(long)]
    like: Vec<PathBuf>,
    /// A file of JSON lines, whose `text` is claimed besides, each line once, spread over the archive
    #[arg(long)]
    planted: Option<PathBuf>,
    /// What cargo passes
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    let store = Store::connect_url(
        &options.database_url,
        PoolOptions {
            max_connections: options.connections,
            // A database that stalls under the load makes the figure worse; it does not end the run.
            acquire_timeout: Duration::from_mins(10),
            statement_timeout: Duration::ZERO,
            max_write_connections: options.connections,
            ..PoolOptions::default()
        },
    );
    let store = store.expect("a postgres:// URL");
    let like: Vec<String> = options.like.iter().flat_map(|path| texts(path)).collect();
    let words = if like.is_empty() {
        Vocabulary::made_up(options.seed)
    } else {
        Vocabulary::of_texts(&like)
    };
    let planted = options.planted.as_deref().map_or_else(Vec::new, texts);
    let world = World::new(
        options.seed,
        options.articles,
        options.actors,
        words,
        planted,
    );
    let run = Arc::new(Run {
        world,
        store,
        next: AtomicUsize::new(0),
        claims: AtomicUsize::new(0),
        start: Instant::now(),
        articles: options.articles,
    });
    let workers: Vec<_> = (0..options.connections)
        .map(|_| tokio::spawn(Arc::clone(&run).work()))
        .collect();
    for worker in workers {
        worker.await.expect("every article is stored");
    }
    run.report(options.articles);
    let mut connection = PgConnection::connect(&options.database_url)
        .await
        .expect("the database");
    sqlx::query(TIDY_UP)
        .execute(&mut connection)
        .await
        .expect("statistics");
}

/// The texts of a file of JSON lines.
fn texts(path: &Path) -> Vec<String> {
    let lines = std::fs::read_to_string(path).expect("a file of JSON lines");
    let text = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line["text"].as_str().expect("a text").to_owned()
    };
    lines.lines().map(text).collect()
}

struct Run {
    world: World,
    store: Store,
    articles: usize,
    next: AtomicUsize,
    claims: AtomicUsize,
    start: Instant,
}

impl Run {
    /// Stores one article after the other until none is left.
    async fn work(self: Arc<Self>) {
        loop {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            if n >= self.articles {
                return;
            }
            if n > 0 && n.is_multiple_of(10_000) {
                self.report(n);
            }
            let article = self.world.article(n);
            let stored = self.store.ingest(&article).await.expect("stored");
            if stored.is_new() {
                let claims = article.extraction.claims.len();
                self.claims.fetch_add(claims, Ordering::Relaxed);
            }
        }
    }

    fn report(&self, articles: usize) {
        let claims = self.claims.load(Ordering::Relaxed);
        let elapsed = self.start.elapsed();
        println!(
            "{articles} articles, {claims} claims, {:.1} s, {:.0} claims/s",
            elapsed.as_secs_f64(),
            rate(claims, elapsed)
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "claims are far fewer than 2^53")]
fn rate(count: usize, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64()
}
