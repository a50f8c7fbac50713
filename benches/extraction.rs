//! How long one article takes to read: `cargo bench --bench extraction`, on one thread with `RAYON_NUM_THREADS=1`.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

mod samples;

use std::sync::atomic::AtomicBool;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use onrecord::domain::Document;
use onrecord::extract::{EngineKind, Options, extract};
use onrecord::text::Layout;

fn main() {
    divan::main();
}

#[divan::bench(args = [300, 800, 2_000], sample_count = 30, sample_size = 1)]
fn model(bencher: Bencher<'_, '_>, words: usize) {
    read(bencher, EngineKind::Model, words);
}

/// What the engine alone takes of it: everything else is the layout, who is who, and what follows from the spans.
#[divan::bench(args = [300, 800, 2_000], sample_count = 30, sample_size = 1)]
fn model_alone(bencher: Bencher<'_, '_>, words: usize) {
    let text = samples::text(words);
    let layout = Layout::new(&text, None);
    let stopped = AtomicBool::new(false);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        EngineKind::Model
            .attributor()
            .attribute(black_box(&layout), &stopped)
    });
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
