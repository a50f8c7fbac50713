use chrono::SecondsFormat;
use tonic::Status;

use super::claims::{ClaimWriter, Row};
use crate::domain::Passage;

/// Comma-separated values as specified by RFC 4180, with a header.
pub(super) struct Csv;

const COLUMNS: [&str; 25] = [
    "name",
    "actor",
    "actor_display_name",
    "source",
    "source_class",
    "cue",
    "cue_lemma",
    "content",
    "quote_type",
    "kind",
    "certainty",
    "polarity",
    "reporter_stance",
    "check_worthiness",
    "confidence",
    "review_state",
    "parent_claim",
    "create_time",
    "article",
    "article_title",
    "article_publisher",
    "article_uri",
    "article_publish_time",
    "engine",
    "actor_confidence",
];

impl ClaimWriter for Csv {
    fn begin(&mut self, text: &mut String) {
        line(&COLUMNS.map(str::to_owned), text);
    }

    fn claim(&mut self, row: &Row<'_>, text: &mut String) -> Result<(), Status> {
        line(&cells(row), text);
        Ok(())
    }

    fn end(&mut self, _: &mut String) {}
}

fn cells(row: &Row<'_>) -> [String; COLUMNS.len()] {
    let Row {
        claim,
        message,
        article,
        ..
    } = row;
    let content = message.content.as_ref();
    let time =
        |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let commitment = claim.commitment;
    [
        message.name.clone(),
        message.actor.clone(),
        message.actor_display_name.clone(),
        words(&claim.source),
        or_empty(claim.source_class),
        words(&claim.cue),
        claim.cue_lemma.clone().unwrap_or_default(),
        content
            .map(|content| content.text.clone())
            .unwrap_or_default(),
        claim.quote_type.to_string(),
        or_empty(claim.kind),
        or_empty(commitment.map(|commitment| commitment.certainty)),
        or_empty(commitment.map(|commitment| commitment.polarity)),
        or_empty(claim.reporter_stance),
        or_empty(claim.check_worthiness),
        claim.confidence.to_string(),
        claim.review_state.to_string(),
        message.parent_claim.clone(),
        time(claim.create_time),
        message.article.clone(),
        article.title.clone().unwrap_or_default(),
        article.publisher.clone().unwrap_or_default(),
        article.uri.clone().unwrap_or_default(),
        article.publish_time.map(time).unwrap_or_default(),
        format!("{} {}", claim.engine.name, claim.engine.version),
        or_empty(claim.actor_confidence),
    ]
}

fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn words(passages: &[Passage]) -> String {
    let words: Vec<&str> = passages
        .iter()
        .map(|passage| passage.text.as_str())
        .collect();
    words.join(" … ")
}

fn line<const N: usize>(cells: &[String; N], text: &mut String) {
    for (number, value) in cells.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        cell(value, text);
    }
    text.push_str("\r\n");
}

/// Writes a value so that CSV readers return it unchanged and spreadsheets do not evaluate it: article text is
/// untrusted, and a formula can exfiltrate a sheet's other cells.
fn cell(value: &str, text: &mut String) {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_quoted = value.contains([',', '"', '\r', '\n']);
    if is_quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    if is_quoted {
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{cell, line};

    #[test]
    fn values_are_quoted_where_they_have_to_be_and_calculate_nothing() {
        for (value, written) in [
            ("", ""),
            ("a b", "a b"),
            ("a,b", "\"a,b\""),
            ("“a” \"b\"", "\"“a” \"\"b\"\"\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("=1+1", "'=1+1"),
            ("@x,y", "\"'@x,y\""),
            ("-5", "'-5"),
        ] {
            let mut text = String::new();
            cell(value, &mut text);
            assert_eq!(text, written, "{value}");
        }
    }

    proptest! {
        #[test]
        fn a_reader_of_csv_gives_back_what_was_written(values: [String; 3]) {
            let mut text = String::new();
            line(&values, &mut text);
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(false)
                .from_reader(text.as_bytes());
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            // A line of empty cells is a record too: it still has its commas.
            prop_assert_eq!(records.len(), 1);
            for (read, value) in records[0].iter().zip(&values) {
                let guarded = format!("'{value}");
                prop_assert!(read == value || read == guarded);
            }
        }
    }
}
