//! Files of claims.

use std::collections::BTreeSet;

use onrecord::proto::{
    Claim, ClaimFilter, EncodingType, ExportClaimsRequest, ExportFormat, GetActorRequest,
    GetArticleRequest, QuoteType,
};
use oxjsonld::JsonLdParser;
use serde_json::Value;

use super::{claims, export, request, server};
use crate::harness::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn json_lines_are_the_claims() {
    let server = server().await;
    let claims = claims(&server).await;
    let file = export(&server, request(ExportFormat::JsonLines))
        .await
        .expect("a file");
    assert!(file.text().ends_with('\n'));
    let lines: Vec<Value> = file
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), claims.len());
    for (line, claim) in lines.iter().zip(&claims) {
        assert_eq!(line["name"], claim.name);
        let content = claim.content.as_ref().expect("a content");
        assert_eq!(line["content"]["text"], content.text);
        assert_eq!(line["content"]["spans"][0]["end"], content.spans[0].end);
        assert_eq!(line["quoteType"], claim.quote_type().as_str_name());
        check_summaries(&server, line, claim).await;
    }
}

/// A line tells of its article and its actor what their own calls do.
async fn check_summaries(server: &TestServer, line: &Value, claim: &Claim) {
    let article = &line["articleSummary"];
    let request = GetArticleRequest {
        name: claim.article.clone(),
        ..GetArticleRequest::default()
    };
    let stored = server.client.get_article(request).await;
    let stored = stored.expect("an answer").article.expect("the article");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for (name, value) in [
        ("title", &stored.title),
        ("publisher", &stored.publisher),
        ("uri", &stored.uri),
        ("externalId", &stored.external_id),
        ("languageCode", &stored.language_code),
        ("state", &stored.state().as_str_name().to_owned()),
    ] {
        assert_eq!(text(&article[name]), *value, "{name}");
    }
    let authors = article["authors"].as_array().map_or(0, Vec::len);
    assert_eq!(authors, stored.authors.len());
    let dated = article.get("publishTime").is_some();
    assert_eq!(dated, stored.publish_time.is_some());
    if claim.actor.is_empty() {
        assert_eq!(line.get("actorSummary"), None);
        return;
    }
    let request = GetActorRequest {
        name: claim.actor.clone(),
    };
    let stored = server.client.get_actor(request).await.expect("an answer");
    let kind = stored.actor.expect("the actor").kind().as_str_name();
    assert_eq!(text(&line["actorSummary"]["kind"]), kind);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_has_the_same_fields_where_it_is_asked_for() {
    let server = server().await;
    let request = ExportClaimsRequest {
        include_defaults: true,
        ..request(ExportFormat::JsonLines)
    };
    let file = export(&server, request).await.expect("a file");
    let lines = file.text().lines();
    let lines: Vec<serde_json::Map<String, Value>> = lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(lines.len() > 8);
    for line in &lines {
        assert!(line.keys().eq(lines[0].keys()), "{line:?}");
        assert_eq!(line["etag"].as_str().map(str::is_empty), Some(false));
        assert_eq!(line["traces"], Value::Array(Vec::new()));
        let article = line["articleSummary"].as_object().expect("an object");
        assert!(article.contains_key("publishTime"), "{article:?}");
    }
    // Some of the sources are known, and some are not.
    let unknown = lines.iter().filter(|line| line["actorSummary"].is_null());
    assert!((1..lines.len()).contains(&unknown.count()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_and_a_unit_hold_for_an_export() {
    let server = server().await;
    let filter = ClaimFilter {
        quote_type: QuoteType::Direct.into(),
        ..ClaimFilter::default()
    };
    let expected = server.claims(filter.clone()).await;
    let request = ExportClaimsRequest {
        filter: Some(filter),
        encoding_type: EncodingType::Utf16.into(),
        ..request(ExportFormat::JsonLines)
    };
    let file = export(&server, request).await.expect("a file");
    let mut names = Vec::new();
    for line in file.text().lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let span = &line["content"]["spans"][0];
        let number = |field: &str| span[field].as_u64().unwrap_or_default();
        let text = span["text"].as_str().expect("a text");
        let units = text.encode_utf16().count() as u64;
        assert_eq!(number("end") - number("start"), units);
        names.push(line["name"].as_str().expect("a name").to_owned());
    }
    let expected: Vec<String> = expected.into_iter().map(|claim| claim.name).collect();
    assert_eq!(names, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_is_read_by_a_strict_reader() {
    let server = server().await;
    let claims = claims(&server).await;
    let file = export(&server, request(ExportFormat::Csv))
        .await
        .expect("a file");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .terminator(csv::Terminator::CRLF)
        .from_reader(file.bytes.as_slice());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .expect("a column")
    };
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), claims.len());
    let same = |cell: &str, value: &str| cell == value || cell.strip_prefix('\'') == Some(value);
    for (row, claim) in rows.iter().zip(&claims) {
        let content = claim.content.as_ref().expect("a content");
        for (name, value) in [
            ("name", &claim.name),
            ("article", &claim.article),
            ("actor", &claim.actor),
            ("actor_display_name", &claim.actor_display_name),
            ("content", &content.text),
        ] {
            assert!(same(&row[column(name)], value), "{name}: {value}");
        }
        let calculates = |cell: &str| {
            cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err()
        };
        assert!(!row.iter().any(calculates), "{row:?}");
        let number = |name: &str| row[column(name)].parse::<i32>().ok();
        assert_eq!(number("factuality"), claim.factuality);
        let spans = &content.spans;
        assert_eq!(number("content_start"), Some(spans[0].start));
        assert_eq!(number("content_end"), spans.last().map(|span| span.end));
    }
    let titles: BTreeSet<&str> = rows
        .iter()
        .map(|row| &row[column("article_title")])
        .collect();
    assert_eq!(titles, BTreeSet::from(["", "'=1+1", "A, \"b\" <c> & d"]));
    // What is no formula has no apostrophe.
    assert!(
        file.text()
            .contains(",Observer,https://example.org/a?b=c&d,")
    );
}

fn urn(name: &str) -> String {
    let (_, id) = name.split_once('/').expect("a resource name");
    format!("<urn:uuid:{id}>")
}

/// What a JSON-LD processor that loads nothing makes of the file: RDF statements.
fn statements(bytes: &[u8]) -> BTreeSet<(String, String, String)> {
    JsonLdParser::new()
        .for_slice(bytes)
        .map(|quad| {
            let quad = quad.expect("JSON-LD");
            let property = quad.predicate.as_str().replace("https://schema.org/", "");
            (quad.subject.to_string(), property, quad.object.to_string())
        })
        .collect()
}

fn check_statements(statements: &BTreeSet<(String, String, String)>, claim: &Claim) {
    let about = |subject: &str, property: &str| -> Vec<&str> {
        statements
            .iter()
            .filter(|(s, p, _)| s == subject && p == property)
            .map(|(_, _, object)| object.as_str())
            .collect()
    };
    let subject = urn(&claim.name);
    let kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    assert_eq!(about(&subject, kind), ["<https://schema.org/Claim>"]);
    let text = &claim.content.as_ref().expect("a content").text;
    let literal = oxrdf_literal(text);
    assert_eq!(about(&subject, "text"), [literal.as_str()]);
    let article = urn(&claim.article);
    assert_eq!(about(&subject, "appearance"), [article.as_str()]);
    assert_eq!(about(&article, kind), ["<https://schema.org/NewsArticle>"]);
    if !claim.actor.is_empty() {
        let actor = urn(&claim.actor);
        assert_eq!(about(&subject, "author"), [actor.as_str()]);
        let name = oxrdf_literal(&claim.actor_display_name);
        assert_eq!(about(&actor, "name"), [name.as_str()]);
    }
    let mut spoken_of: Vec<String> = claim.about_actors.iter().map(|name| urn(name)).collect();
    spoken_of.sort_unstable();
    assert_eq!(about(&subject, "about"), spoken_of);
}

/// A text as the processor prints a plain literal.
fn oxrdf_literal(text: &str) -> String {
    oxrdf::Literal::new_simple_literal(text).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn json_ld_is_a_graph_of_claims_to_a_processor() {
    let server = server().await;
    let claims = claims(&server).await;
    let file = export(&server, request(ExportFormat::JsonLd))
        .await
        .expect("a file");
    let statements = statements(&file.bytes);
    for claim in &claims {
        check_statements(&statements, claim);
    }
    let of_claims = statements
        .iter()
        .filter(|(_, _, object)| object == "<https://schema.org/Claim>");
    assert_eq!(of_claims.count(), claims.len());
    let dated = "\"2023-11-14T22:13:20Z\"^^<https://schema.org/DateTime>";
    let has = |property: &str, object: &str| {
        statements
            .iter()
            .any(|(_, p, o)| p == property && o == object)
    };
    assert!(has("datePublished", dated));
    assert!(has("headline", &oxrdf_literal("A, \"b\" <c> & d")));
}
