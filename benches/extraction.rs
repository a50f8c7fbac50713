//! How long one article takes to read: `cargo bench --bench extraction`, on one thread with `RAYON_NUM_THREADS=1`.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

mod samples;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use onrecord::domain::Document;
use onrecord::extract::{EngineKind, Options, extract};

fn main() {
    divan::main();
}

#[divan::bench(args = [300, 800, 2_000], sample_count = 30, sample_size = 1)]
fn model(bencher: Bencher<'_, '_>, words: usize) {
    read(bencher, EngineKind::Model, words);
}

#[divan::bench(args = [300, 800, 2_000, 170_000])]
fn rules(bencher: Bencher<'_, '_>, words: usize) {
    read(bencher, EngineKind::Rules, words);
}

fn read(bencher: Bencher<'_, '_>, engine: EngineKind, words: usize) {
    let document = Document {
        text: samples::text(words),
        ..Document::default()
    };
    let options = Options {
        engine,
        ..Options::default()
    };
    bencher
        .counter(BytesCount::of_str(&document.text))
        .bench(|| extract(black_box(&document), &options));
}
