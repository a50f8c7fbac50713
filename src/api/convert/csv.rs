//! Claims as rows of comma-separated values (RFC 4180): one row a claim, with what is known of its article and actor.

use prost_types::Timestamp;

use crate::proto::{ActorKind, ArticleState, Claim, Gender, SourceClass, Span, TimeExpression};

/// What of an article stands in each of its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleCells {
    /// The caller's own id.
    pub external_id: String,
    /// The headline.
    pub title: String,
    /// The outlet.
    pub publisher: String,
    /// The address.
    pub uri: String,
    /// When it was published.
    pub publish_time: Option<Timestamp>,
    /// The language.
    pub language_code: String,
    /// The authors.
    pub authors: Vec<String>,
    /// Its state.
    pub state: ArticleState,
}

/// A claim to be written.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRow<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Its article.
    pub article: &'a ArticleCells,
    /// The kind of its actor.
    pub actor_kind: ActorKind,
    /// The gender of its actor.
    pub actor_gender: Gender,
}

/// The columns. New ones are added behind the others.
const COLUMNS: [&str; 47] = [
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
    "factuality",
    "source_start",
    "source_end",
    "cue_start",
    "cue_end",
    "content_start",
    "content_end",
    "content_spans",
    "utterance_time",
    "utterance_start_time",
    "utterance_end_time",
    "referenced_times",
    "about_actors",
    "addressees",
    "addressee_actors",
    "proposition",
    "actor_kind",
    "actor_gender",
    "article_external_id",
    "article_language_code",
    "article_authors",
    "article_state",
];

/// Marks a file as UTF-8 for programs that take it for something else without, such as Excel.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Writes the names of the columns.
pub fn header(text: &mut String) {
    line(&COLUMNS.map(str::to_owned), text);
}

/// Writes a claim.
pub fn row(row: &ClaimRow<'_>, text: &mut String) {
    line(&cells(row), text);
}

/// The spelling of an enum's value without its prefix; empty for UNSPECIFIED.
macro_rules! spelled {
    ($value:expr, $prefix:literal) => {{
        let name = $value.as_str_name().trim_start_matches($prefix);
        if name == "UNSPECIFIED" {
            String::new()
        } else {
            name.to_owned()
        }
    }};
}

fn cells(row: &ClaimRow<'_>) -> [String; COLUMNS.len()] {
    let ClaimRow { claim, article, .. } = row;
    let spans = Spans::of(claim);
    let utterance = claim.utterance_time.as_ref();
    let source_class = claim
        .source
        .as_ref()
        .map_or(0, |source| source.source_class);
    let source_class = SourceClass::try_from(source_class).unwrap_or_default();
    let engine = claim.engine.as_ref();
    let actor_confidence = claim.part_confidence.and_then(|parts| parts.actor);
    [
        claim.name.clone(),
        claim.actor.clone(),
        claim.actor_display_name.clone(),
        words(spans.source),
        spelled!(source_class, "SOURCE_CLASS_"),
        words(spans.cue),
        claim
            .cue
            .as_ref()
            .map_or_else(String::new, |cue| cue.lemma.clone()),
        claim
            .content
            .as_ref()
            .map_or_else(String::new, |content| content.text.clone()),
        spelled!(claim.quote_type(), "QUOTE_TYPE_"),
        spelled!(claim.kind(), "CLAIM_KIND_"),
        spelled!(claim.certainty(), "CERTAINTY_"),
        spelled!(claim.polarity(), "POLARITY_"),
        spelled!(claim.reporter_stance(), "REPORTER_STANCE_"),
        or_empty(claim.check_worthiness),
        claim.confidence.to_string(),
        spelled!(claim.review_state(), "REVIEW_STATE_"),
        claim.parent_claim.clone(),
        or_empty(claim.create_time),
        claim.article.clone(),
        article.title.clone(),
        article.publisher.clone(),
        article.uri.clone(),
        or_empty(article.publish_time),
        engine.map_or_else(String::new, |engine| {
            format!("{} {}", engine.name, engine.version)
        }),
        or_empty(actor_confidence),
        or_empty(claim.factuality),
        start(spans.source),
        end(spans.source),
        start(spans.cue),
        end(spans.cue),
        start(spans.content),
        end(spans.content),
        ranges(spans.content),
        utterance.map_or_else(String::new, time),
        or_empty(utterance.and_then(|time| time.start)),
        or_empty(utterance.and_then(|time| time.end)),
        list(claim.referenced_times.iter().map(time)),
        list(claim.about_actors.iter().cloned()),
        list(claim.addressees.iter().map(|one| words(&one.spans))),
        list(claim.addressees.iter().map(|one| one.actor.clone())),
        claim.proposition.clone(),
        spelled!(row.actor_kind, "ACTOR_KIND_"),
        spelled!(row.actor_gender, "GENDER_"),
        article.external_id.clone(),
        article.language_code.clone(),
        list(article.authors.iter().cloned()),
        spelled!(article.state, "ARTICLE_STATE_"),
    ]
}

/// The spans of a claim's parts.
struct Spans<'a> {
    source: &'a [Span],
    cue: &'a [Span],
    content: &'a [Span],
}

impl<'a> Spans<'a> {
    fn of(claim: &'a Claim) -> Self {
        Self {
            source: claim.source.as_ref().map_or(&[], |source| &source.spans),
            cue: claim.cue.as_ref().map_or(&[], |cue| &cue.spans),
            content: claim.content.as_ref().map_or(&[], |content| &content.spans),
        }
    }
}

fn words(spans: &[Span]) -> String {
    let words: Vec<&str> = spans.iter().map(|span| span.text.as_str()).collect();
    words.join(" … ")
}

fn start(spans: &[Span]) -> String {
    or_empty(spans.first().map(|span| span.start))
}

fn end(spans: &[Span]) -> String {
    or_empty(spans.last().map(|span| span.end))
}

fn ranges(spans: &[Span]) -> String {
    list(
        spans
            .iter()
            .map(|span| format!("{}:{}", span.start, span.end)),
    )
}

/// A time as a TIMEX3 value, or else in its own words.
fn time(time: &TimeExpression) -> String {
    if time.timex.is_empty() {
        time.span
            .as_ref()
            .map_or_else(String::new, |span| span.text.clone())
    } else {
        time.timex.clone()
    }
}

/// Several values in one cell.
fn list(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join("; ")
}

fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
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

/// Whether a value is a number in digits, which calculates nothing whatever its sign.
fn is_number(value: &str) -> bool {
    let digits = value.trim_start_matches('-');
    digits.starts_with(|first: char| first.is_ascii_digit()) && value.parse::<f64>().is_ok()
}

/// Writes a value so that CSV readers return it unchanged and spreadsheets do not evaluate it: article text is
/// untrusted, and a formula can exfiltrate a sheet's other cells.
fn cell(value: &str, text: &mut String) {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(value);
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
            ("-5", "-5"),
            ("--5", "'--5"),
            ("-5+2", "'-5+2"),
            ("-inf", "'-inf"),
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
