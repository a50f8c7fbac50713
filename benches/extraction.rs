//! How long one article takes to read, on one thread: `cargo bench --bench extraction`.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use onrecord::domain::Document;
use onrecord::extract::{Options, extract};

/// The sample articles of `serve --demo`.
const ARTICLES: &str = include_str!("../src/cli/demo.jsonl");

fn main() {
    divan::main();
}

/// Running text of about so many words, made of the sample articles one after the other.
fn article(words: usize) -> Document {
    let samples: Vec<String> = ARTICLES.lines().map(sample_text).collect();
    let paragraphs = samples
        .iter()
        .cycle()
        .flat_map(|sample| sample.split_inclusive("\n\n"));
    let (mut text, mut count) = (String::new(), 0);
    for paragraph in paragraphs {
        if count >= words {
            break;
        }
        text.push_str(paragraph);
        count += paragraph.split_whitespace().count();
    }
    Document {
        text,
        ..Document::default()
    }
}

fn sample_text(line: &str) -> String {
    let article: serde_json::Value = serde_json::from_str(line).expect("a sample is JSON");
    article["text"]
        .as_str()
        .expect("a sample has a text")
        .to_owned()
        + "\n\n"
}

#[divan::bench(args = [300, 800, 2_000, 170_000])]
fn words(bencher: Bencher<'_, '_>, words: usize) {
    let document = article(words);
    bencher
        .counter(BytesCount::of_str(&document.text))
        .bench(|| extract(black_box(&document), &Options::default()));
}
