use std::ops::Range;

use prost_types::Timestamp;

use crate::proto::{
    ActorSummary, ArticleSummary, Claim, Cue, Source, SourceClass, Span, TimeExpression,
};

/// A column and its value in one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The column's name.
    pub name: &'static str,
    /// Its value. That of a column is of the same type in every row.
    pub value: Value,
}

/// A value. What is empty or `None` is not known, or there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words, a name, or an enum's value without its prefix.
    Text(String),
    /// A whole number.
    Integer(Option<i32>),
    /// A number.
    Real(Option<f32>),
    /// A moment.
    Time(Option<Timestamp>),
    /// Several texts, of which some may be empty.
    Texts(Vec<String>),
    /// Positions in the text.
    Ranges(Vec<Range<i32>>),
}

/// The spelling of an enum's value without its prefix; empty for UNSPECIFIED.
macro_rules! spelled {
    ($value:expr, $prefix:literal) => {{
        let name = $value.as_str_name().trim_start_matches($prefix);
        if name == "UNSPECIFIED" { "" } else { name }
    }};
}

/// The columns of a claim, with what stands of its article and its actor in its summaries. New ones are added behind the
/// others.
#[must_use]
pub fn columns(claim: &Claim) -> [Column; 47] {
    let spans = Spans::of(claim);
    let utterance = claim.utterance_time.as_ref();
    let of_article = ArticleSummary::default();
    let of_article = claim.article_summary.as_ref().unwrap_or(&of_article);
    let of_actor = claim.actor_summary.unwrap_or_default();
    [
        text("name", &*claim.name),
        text("actor", &*claim.actor),
        text("actor_display_name", &*claim.actor_display_name),
        text(
            "source",
            claim.source.as_ref().map_or("", |source| &*source.text),
        ),
        text("source_class", source_class(claim)),
        text("cue", claim.cue.as_ref().map_or("", |cue| &*cue.text)),
        text("cue_lemma", cue_lemma(claim.cue.as_ref())),
        text("content", content(claim)),
        text("quote_type", spelled!(claim.quote_type(), "QUOTE_TYPE_")),
        text("kind", spelled!(claim.kind(), "CLAIM_KIND_")),
        text("certainty", spelled!(claim.certainty(), "CERTAINTY_")),
        text("polarity", spelled!(claim.polarity(), "POLARITY_")),
        text("reporter_stance", stance(claim)),
        real("check_worthiness", claim.check_worthiness),
        real("confidence", Some(claim.confidence)),
        text("review_state", review_state(claim)),
        text("parent_claim", &*claim.parent_claim),
        time("create_time", claim.create_time),
        text("article", &*claim.article),
        text("article_title", &*of_article.title),
        text("article_publisher", &*of_article.publisher),
        text("article_uri", &*of_article.uri),
        time("article_publish_time", of_article.publish_time),
        text("engine", engine(claim)),
        real("actor_confidence", actor_confidence(claim)),
        integer("factuality", claim.factuality),
        integer("source_start", start(spans.source)),
        integer("source_end", end(spans.source)),
        integer("cue_start", start(spans.cue)),
        integer("cue_end", end(spans.cue)),
        integer("content_start", start(spans.content)),
        integer("content_end", end(spans.content)),
        column("content_spans", Value::Ranges(ranges(spans.content))),
        text("utterance_time", utterance.map_or("", time_in_words)),
        time("utterance_start_time", utterance.and_then(|at| at.start)),
        time("utterance_end_time", utterance.and_then(|at| at.end)),
        texts("referenced_times", times(claim)),
        texts("about_actors", claim.about_actors.clone()),
        texts("addressees", addressees(claim)),
        texts("addressee_actors", addressee_actors(claim)),
        text("proposition", &*claim.proposition),
        text("actor_kind", actor_kind(of_actor)),
        text("actor_gender", spelled!(of_actor.gender(), "GENDER_")),
        text("article_external_id", &*of_article.external_id),
        text("article_language_code", &*of_article.language_code),
        texts("article_authors", of_article.authors.clone()),
        text("article_state", article_state(of_article)),
    ]
}

const fn column(name: &'static str, value: Value) -> Column {
    Column { name, value }
}

fn text(name: &'static str, value: impl Into<String>) -> Column {
    column(name, Value::Text(value.into()))
}

const fn integer(name: &'static str, value: Option<i32>) -> Column {
    column(name, Value::Integer(value))
}

const fn real(name: &'static str, value: Option<f32>) -> Column {
    column(name, Value::Real(value))
}

const fn time(name: &'static str, value: Option<Timestamp>) -> Column {
    column(name, Value::Time(value))
}

const fn texts(name: &'static str, value: Vec<String>) -> Column {
    column(name, Value::Texts(value))
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

fn start(spans: &[Span]) -> Option<i32> {
    spans.first().map(|span| span.start)
}

fn end(spans: &[Span]) -> Option<i32> {
    spans.last().map(|span| span.end)
}

fn ranges(spans: &[Span]) -> Vec<Range<i32>> {
    spans.iter().map(|span| span.start..span.end).collect()
}

fn source_class(claim: &Claim) -> &'static str {
    let source = claim.source.as_ref();
    let class = source.map_or(SourceClass::Unspecified, Source::source_class);
    spelled!(class, "SOURCE_CLASS_")
}

fn cue_lemma(cue: Option<&Cue>) -> &str {
    cue.map_or("", |cue| &cue.lemma)
}

fn content(claim: &Claim) -> &str {
    let content = claim.content.as_ref();
    content.map_or("", |content| &content.text)
}

fn stance(claim: &Claim) -> &'static str {
    spelled!(claim.reporter_stance(), "REPORTER_STANCE_")
}

fn review_state(claim: &Claim) -> &'static str {
    spelled!(claim.review_state(), "REVIEW_STATE_")
}

fn engine(claim: &Claim) -> String {
    let engine = claim.engine.as_ref();
    engine.map_or_else(String::new, |engine| {
        format!("{} {}", engine.name, engine.version)
    })
}

fn actor_confidence(claim: &Claim) -> Option<f32> {
    claim.part_confidence.and_then(|parts| parts.actor)
}

/// A time as a TIMEX3 value, or else in its own words.
fn time_in_words(time: &TimeExpression) -> &str {
    if time.timex.is_empty() {
        time.span.as_ref().map_or("", |span| &span.text)
    } else {
        &time.timex
    }
}

fn times(claim: &Claim) -> Vec<String> {
    let times = claim.referenced_times.iter().map(time_in_words);
    times.map(str::to_owned).collect()
}

fn addressees(claim: &Claim) -> Vec<String> {
    let addressees = claim.addressees.iter();
    addressees.map(|one| one.text.clone()).collect()
}

fn addressee_actors(claim: &Claim) -> Vec<String> {
    let addressees = claim.addressees.iter();
    addressees.map(|one| one.actor.clone()).collect()
}

fn actor_kind(actor: ActorSummary) -> &'static str {
    spelled!(actor.kind(), "ACTOR_KIND_")
}

fn article_state(article: &ArticleSummary) -> &'static str {
    spelled!(article.state(), "ARTICLE_STATE_")
}
