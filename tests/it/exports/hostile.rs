//! Files of claims whose texts and articles are random, with all that means something to a format.

use std::collections::BTreeMap;

use onrecord::proto::{Article, Claim, ClaimFilter, Document, ExportFormat};
use oxjsonld::JsonLdParser;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::{export, request};
use crate::harness::TestServer;

const ARTICLES: usize = 40;
const HOSTILE: &str = "(\\PC|[\"'<>&;,=+@\\\\\r\n\t\u{1}\u{85}\u{202e}\u{2028}\u{fffe}-]|</script>|\\]\\]>|\\{\\}|&#0;){0,30}";

/// What is stored: the articles and the claims, by name.
struct Stored {
    server: TestServer,
    articles: BTreeMap<String, Article>,
    claims: BTreeMap<String, Claim>,
}

impl Stored {
    async fn random() -> Self {
        let server = TestServer::start().await;
        let mut runner = TestRunner::default();
        let mut random = || {
            let tree = HOSTILE.new_tree(&mut runner).expect("a pattern");
            tree.current()
        };
        let mut articles = BTreeMap::new();
        for _ in 0..ARTICLES {
            let document = Document {
                text: format!("Ann Lee said that {} was safe.", random()),
                title: random(),
                publisher: random(),
                uri: random(),
                ..Document::default()
            };
            let article = server.ingest(document).await;
            articles.insert(article.name.clone(), article);
        }
        let claims = server.claims(ClaimFilter::default()).await;
        assert!(claims.len() > ARTICLES / 4, "{}", claims.len());
        let claims = claims.into_iter();
        Self {
            claims: claims.map(|claim| (claim.name.clone(), claim)).collect(),
            articles,
            server,
        }
    }

    async fn export(&self, format: ExportFormat) -> Vec<u8> {
        let file = export(&self.server, request(format)).await;
        file.expect("a file").bytes
    }

    fn content(&self, claim: &str) -> &str {
        let content = self.claims[claim].content.as_ref();
        &content.expect("a content").text
    }
}

fn check_json_lines(stored: &Stored, file: &[u8]) {
    let text = std::str::from_utf8(file).expect("UTF-8");
    // A line ends with a line feed and with nothing else that some programs take for an end.
    let lines: Vec<&str> = text.split_terminator('\n').collect();
    assert_eq!(lines.len(), stored.claims.len());
    for line in lines {
        let claim: Value = serde_json::from_str(line).expect("JSON");
        let name = claim["name"].as_str().expect("a name");
        assert_eq!(claim["content"]["text"], stored.content(name));
    }
}

fn check_csv(stored: &Stored, file: &[u8]) {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(file);
    let rows: Vec<BTreeMap<String, String>> = reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect();
    assert_eq!(rows.len(), stored.claims.len());
    for row in rows {
        let article = &stored.articles[&row["article"]];
        for (column, value) in [
            ("content", stored.content(&row["name"])),
            ("article_title", &article.title),
            ("article_publisher", &article.publisher),
            ("article_uri", &article.uri),
        ] {
            let cell = &row[column];
            assert!(cell == value || *cell == format!("'{value}"), "{cell:?}");
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}

fn check_json_ld(stored: &Stored, file: &[u8]) {
    for statement in JsonLdParser::new().for_slice(file) {
        statement.expect("JSON-LD");
    }
    let file: Value = serde_json::from_slice(file).expect("JSON");
    let graph = file["@graph"].as_array().expect("a graph");
    assert_eq!(graph.len(), stored.claims.len());
    for claim in graph {
        let name = claim["identifier"].as_str().expect("a name");
        assert_eq!(claim["text"], stored.content(name));
        let shown = &claim["appearance"];
        let article = &stored.articles[shown["identifier"].as_str().expect("a name")];
        for (value, expected) in [
            (&shown["headline"], &article.title),
            (&shown["url"], &article.uri),
            (&shown["publisher"]["name"], &article.publisher),
        ] {
            assert_eq!(value.as_str().unwrap_or_default(), expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_texts_hold_every_file_says_the_same() {
    let stored = Stored::random().await;
    check_json_lines(&stored, &stored.export(ExportFormat::JsonLines).await);
    check_csv(&stored, &stored.export(ExportFormat::Csv).await);
    check_json_ld(&stored, &stored.export(ExportFormat::JsonLd).await);
    let network = stored.export(ExportFormat::Graphml).await;
    let network = std::str::from_utf8(&network).expect("UTF-8");
    roxmltree::Document::parse(network).expect("XML");
}
