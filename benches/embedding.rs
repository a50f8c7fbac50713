//! How long texts take to embed: `cargo bench --bench embedding`, on one thread with `RAYON_NUM_THREADS=1`.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

mod samples;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use onrecord::matching::embed;

/// Texts embedded in one go.
const TEXTS: usize = 20;

fn main() {
    divan::main();
}

/// Texts a second, each of so many words.
#[divan::bench(args = [20, 100], sample_count = 20, sample_size = 1)]
fn texts(bencher: Bencher<'_, '_>, words: usize) {
    let text = samples::text(words * TEXTS);
    let all: Vec<&str> = text.split_whitespace().collect();
    let texts: Vec<String> = all.chunks(words).map(|words| words.join(" ")).collect();
    let bencher = bencher.counter(ItemsCount::new(texts.len()));
    bencher.bench(|| embed(black_box(&texts)));
}
