//! Runs the cases of `tests/golden/rules.jsonl`.
//!
//! One case a line: `name`, `text`, an optional `title`, the `claims` expected in order (`source`, `cue` and `actor` by
//! their words or null, the pieces of `content`, the quotation `type`) and the codes of the `diagnostics`.

use serde_json::{Value, json};

use super::{EngineKind, Options, extract};
use crate::domain::{Attributed, Document, Extraction, Span};

const CASES: &str = include_str!("../../tests/golden/rules.jsonl");

fn words(text: &str, spans: &[Span]) -> Vec<String> {
    spans
        .iter()
        .map(|span| span.slice(text).to_owned())
        .collect()
}

fn claim(text: &str, read: &Extraction, claim: &Attributed) -> Value {
    json!({
        "source": claim.source.as_ref().map(|source| words(text, &source.spans).join(" ")),
        "cue": claim.cue.as_ref().map(|cue| words(text, &cue.spans).join(" ")),
        "content": words(text, &claim.content),
        "type": claim.quote_type.to_string(),
        "actor": claim.actor.map(|actor| read.actors[actor].display_name.as_str()),
    })
}

#[test]
fn every_golden_case_is_read_as_written() {
    let options = Options {
        engine: EngineKind::Rules,
        ..Options::default()
    };
    let mut wrong = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let title = case["title"].as_str().map(str::to_owned);
        let document = Document {
            text: text.to_owned(),
            title,
            ..Document::default()
        };
        let read = extract(&document, &options);
        let claims: Vec<Value> = read
            .claims
            .iter()
            .map(|one| claim(text, &read, one))
            .collect();
        let codes: Vec<String> = read
            .diagnostics
            .iter()
            .map(|one| one.code.to_string())
            .collect();
        if json!(claims) != case["claims"] || json!(codes) != case["diagnostics"] {
            wrong.push(format!("{}: {} {codes:?}", case["name"], json!(claims)));
        }
    }
    assert!(CASES.lines().count() >= 40);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
