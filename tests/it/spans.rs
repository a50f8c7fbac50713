//! The promise that everything else rests on: a span's text is exactly what stands between its ends, in every unit, for
//! any text whatever.

mod stored;
pub mod texts;

use std::cell::Cell;
use std::env;

use onrecord::api::convert::extraction::response;
use onrecord::domain;
use onrecord::extract::{EngineKind, Options, extract};
use onrecord::proto::{
    self, Claim, EncodingType, ExtractClaimsRequest, ExtractClaimsResponse, Span,
};

use crate::harness::{
    ENCODINGS, MAX_TEXT_BYTES, NEWS, Ruler, TestServer, document, for_all, for_all_async, spans_in,
};
use texts::{any_text, long_texts, sendable_text};

/// Checks everything that the schema promises of an answer's spans, and returns their texts.
fn check_response(
    ruler: &Ruler,
    encoding: EncodingType,
    answer: &ExtractClaimsResponse,
) -> Vec<String> {
    answer.claims.iter().for_each(check_claim);
    check_in_order(answer.blocks.iter().flat_map(|block| &block.span), true);
    check_in_order(
        answer.mentions.iter().flat_map(|mention| &mention.span),
        false,
    );
    check_in_order(answer.times.iter().flat_map(|time| &time.span), false);
    for (place, claim) in answer.claims.iter().enumerate() {
        assert_eq!(claim.name, format!("claims/local-{}", place + 1));
    }
    let names: Vec<&str> = answer
        .actors
        .iter()
        .map(|actor| actor.name.as_str())
        .collect();
    for named in answer.claims.iter().map(|claim| &claim.actor) {
        assert!(
            named.is_empty() || names.contains(&named.as_str()),
            "{named}"
        );
    }
    ruler.check(encoding, &spans_in(answer))
}

/// Checks what is promised of one claim, local or stored.
fn check_claim(claim: &Claim) {
    let content = claim.content.as_ref().expect("a claim has content");
    let words: Vec<&str> = content
        .spans
        .iter()
        .map(|span| span.text.as_str())
        .collect();
    assert!(!words.is_empty());
    assert_eq!(content.text, words.join(" … "));
    check_in_order(&content.spans, true);
    if let Some(source) = &claim.source {
        assert!(!source.spans.is_empty());
        check_in_order(&source.spans, true);
    }
    if let Some(cue) = &claim.cue {
        assert!(!cue.spans.is_empty());
        check_in_order(&cue.spans, true);
    }
    assert_eq!(claim.actor.is_empty(), claim.actor_display_name.is_empty());
    assert!((0.0..=1.0).contains(&claim.confidence));
}

/// Checks that spans stand in text order, and that they do not overlap where they must not.
fn check_in_order<'s>(spans: impl IntoIterator<Item = &'s Span>, disjoint: bool) {
    let mut bound = 0;
    for span in spans {
        assert!(bound <= span.start, "{span:?} begins before {bound}");
        bound = if disjoint { span.end } else { span.start };
    }
}

/// Reads a text as the service does, without a network, and checks it in all encodings. Returns how many claims there
/// are.
fn check(engine: EngineKind, text: &str) -> usize {
    let document = domain::Document {
        text: text.to_owned(),
        ..domain::Document::default()
    };
    let options = Options {
        engine,
        ..Options::default()
    };
    let extraction = extract(&document, &options);
    let ruler = Ruler::new(text);
    let [utf8, utf16, utf32] = ENCODINGS.map(|encoding| {
        check_response(
            &ruler,
            encoding,
            &response(&extraction, text, encoding.into()),
        )
    });
    assert_eq!(utf8, utf16);
    assert_eq!(utf8, utf32);
    extraction.claims.len()
}

#[test]
fn spans_are_exact_in_any_text() {
    let claims = Cell::new(0);
    for_all(10_000, &any_text(), |text| {
        claims.set(claims.get() + check(EngineKind::Rules, &text));
    });
    assert!(
        claims.get() > 2_000,
        "only {} claims were looked at",
        claims.get()
    );
}

/// `ONRECORD_FUZZ_CASES` asks for more texts than a test run has time for.
#[test]
fn spans_of_the_model_are_exact_in_any_text() {
    let cases = env::var("ONRECORD_FUZZ_CASES");
    let cases = cases.map_or(60, |cases| cases.parse().expect("a number"));
    for_all(cases, &any_text(), |text| {
        check(EngineKind::Model, &text);
    });
}

#[test]
fn spans_are_exact_in_news() {
    for engine in [EngineKind::Model, EngineKind::Rules] {
        assert!(check(engine, NEWS) >= 7);
        assert!(check(engine, &NEWS.replace('\n', "\r\n")) >= 7);
        assert!(check(engine, &NEWS.replace('\n', "\u{2028}")) > 0);
    }
}

#[test]
fn spans_are_exact_in_long_texts_and_lines() {
    for text in long_texts() {
        check(EngineKind::Rules, &text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_are_exact_over_the_network() {
    let server = TestServer::with(None).await;
    let check = async |text: String| {
        let ruler = Ruler::new(&text);
        let mut texts = Vec::new();
        for encoding in ENCODINGS {
            let request = ExtractClaimsRequest {
                document: Some(document(&text)),
                encoding_type: encoding.into(),
                engine: proto::EngineKind::Rules.into(),
                ..Default::default()
            };
            let answer = server.client.extract_claims(request).await.expect("read");
            texts.push(check_response(&ruler, encoding, &answer));
        }
        assert!(texts.iter().all(|others| *others == texts[0]));
    };
    for_all_async(300, &sendable_text(), check);
    check(NEWS.repeat(MAX_TEXT_BYTES / NEWS.len())).await;
}
