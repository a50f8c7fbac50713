//! What is judged of a claim, on the cases of `tests/golden/semantics-a.jsonl` and `-b.jsonl`, whose spans are given.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::attribution::bare::BareAttribution;
use super::attributor::Read;
use super::pipeline::{Options, understand};
use crate::domain::{Attributed, Document, Extraction, Span, TimeExpression};
use crate::text::Layout;

/// The half that the rules were made with, and the half that was not looked at then. Both are regression tests.
const SEEN: &str = include_str!("../../tests/golden/semantics-a.jsonl");
const UNSEEN: &str = include_str!("../../tests/golden/semantics-b.jsonl");

fn spans(text: &str, words: &Value) -> Vec<Span> {
    let words = words.as_str();
    words
        .map(|words| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        })
        .into_iter()
        .collect()
}

fn read(case: &Value) -> Extraction {
    let text = case["text"].as_str().unwrap();
    let document = Document {
        text: text.to_owned(),
        publish_time: case["publish_time"]
            .as_str()
            .map(|time| time.parse().unwrap()),
        ..Document::default()
    };
    let bare = BareAttribution {
        source: spans(text, &case["source"]),
        cue: spans(text, &case["cue"]),
        content: spans(text, &case["content"]),
        ..BareAttribution::default()
    };
    let layout = Layout::new(text, None);
    let read = Read {
        attributions: vec![bare],
        who: None,
        meaning: None,
    };
    understand(&document, layout, read, Options::default())
}

/// The fields of a claim as the cases write them.
fn fields(text: &str, read: &Extraction, claim: &Attributed) -> BTreeMap<&'static str, Value> {
    let time = |time: &TimeExpression| json!({"text": bare_words(time.span.slice(text)), "timex": time.reading.timex});
    let class = claim.source.as_ref().map(|source| source.class.to_string());
    let commitment = claim.commitment.unwrap();
    let times = claim.referenced_times.iter();
    BTreeMap::from([
        ("kind", json!(claim.kind.map(|kind| kind.to_string()))),
        ("certainty", json!(commitment.certainty.to_string())),
        ("polarity", json!(commitment.polarity.to_string())),
        ("source_class", json!(class.as_deref().unwrap_or("ARTICLE"))),
        (
            "reporter_stance",
            json!(
                claim
                    .reporter_stance
                    .map_or("NEUTRAL".to_owned(), |stance| stance.to_string())
            ),
        ),
        (
            "utterance",
            json!(claim.utterance_time.map(|at| time(&read.times[at]))),
        ),
        (
            "times",
            json!(times.map(|at| time(&read.times[*at])).collect::<Vec<_>>()),
        ),
    ])
}

/// Without what stands before the time itself: the cases name the words without their preposition.
fn bare_words(words: &str) -> &str {
    let lead = [
        "on ", "in ", "at ", "since ", "until ", "within ", "by ", "for ", "late ", "early ",
    ];
    let cut = lead.iter().find_map(|lead| words.strip_prefix(lead));
    cut.unwrap_or(words)
}

/// For each field the share of the cases where it is as written, and those where it is not.
fn score(cases: &str) -> BTreeMap<&'static str, (f64, Vec<String>)> {
    let mut wrong: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut count = 0.0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let read = read(&case);
        let text = case["text"].as_str().unwrap();
        count += 1.0;
        for (field, value) in fields(text, &read, &read.claims[0]) {
            let misses = wrong.entry(field).or_default();
            if value != case[field] {
                misses.push(format!("{field}: {value} and not {}: {text}", case[field]));
            }
        }
    }
    let share = |misses: &Vec<String>| {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred cases")]
        let misses = misses.len() as f64;
        1.0 - misses / count
    };
    wrong
        .into_iter()
        .map(|(field, misses)| (field, (share(&misses), misses)))
        .collect()
}

/// Of the half that was never looked at only the shares are told.
#[test]
fn nine_of_ten_cases_are_judged_as_written() {
    let mut low = Vec::new();
    for (half, cases) in [("seen", SEEN), ("unseen", UNSEEN)] {
        assert!(cases.lines().count() >= 150);
        for (field, (share, misses)) in score(cases) {
            println!("{half} {field} {:.1}", 100.0 * share);
            if share < 0.9 {
                low.push(format!("{half} {field} {share:.3}"));
                low.extend(misses.into_iter().filter(|_| half == "seen"));
            }
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}
