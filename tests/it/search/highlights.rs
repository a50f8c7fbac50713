use onrecord::proto::{EncodingType, SearchClaimsRequest};

use super::{query, search};
use crate::harness::{ENCODINGS, Ruler, TestServer, spans_in};

/// Each with words to search for and the words that are to be marked.
const TEXTS: [(&str, &str, &[&str]); 6] = [
    (
        "é😀 “We close bridges, not hope,” said Ann Lee.",
        "bridge closing",
        &["close", "bridges"],
    ),
    (
        "😀 “It is safe,” said Ann Lee, “and it always was safe.”",
        "safe",
        &["safe", "safe"],
    ),
    (
        "“A <b>quay</b> & a quay,” said Ann Lee.",
        "quay",
        &["quay", "quay"],
    ),
    (
        "“Well-known harbours: http://quay.example/port,” said Ann Lee.",
        "known harbour",
        &["known", "harbours"],
    ),
    (
        "“The ÉCLAIR is sold out \u{2}today\u{3},” said Ann Lee.",
        "éclair today",
        &["ÉCLAIR", "today"],
    ),
    (
        "“Ferries &amp; trains run,” said Ann Lee.",
        "ferry train -plane",
        &["Ferries", "trains"],
    ),
];

async fn check(
    server: &TestServer,
    encoding: EncodingType,
    text: &str,
    words: &str,
    marked: &[&str],
) {
    let request = SearchClaimsRequest {
        encoding_type: encoding.into(),
        ..query(words)
    };
    let response = search(server, request).await;
    assert!(!response.hits.is_empty(), "{words}: nothing found");
    let ruler = Ruler::new(text);
    let mut marks = Vec::new();
    for hit in &response.hits {
        let content = hit.claim.as_ref().and_then(|claim| claim.content.as_ref());
        let content = &content.expect("a content").spans;
        for mark in &hit.highlights {
            let mut around = content.iter();
            assert!(
                around.any(|span| span.start <= mark.start && mark.end <= span.end),
                "{mark:?} is not in the content"
            );
        }
        marks.extend(hit.highlights.clone());
    }
    marks.sort_by_key(|mark| mark.start);
    assert_eq!(ruler.check(encoding, &marks), marked, "{words}");
    ruler.check(encoding, &spans_in(&response));
}

#[tokio::test(flavor = "multi_thread")]
async fn highlights_are_exact_in_every_encoding() {
    for (text, words, marked) in TEXTS {
        let server = TestServer::start().await;
        server.ingest_text(text).await;
        for encoding in ENCODINGS {
            check(&server, encoding, text, words, marked).await;
        }
    }
}
