//! Bad values in requests: the reason that the schema documents, every field at fault by its path, and nothing stored.

mod calls;
mod corrections;
mod enums;
mod names;
mod pages;
mod propositions;
mod required;
mod reviews;

use onrecord::proto::ErrorReason::{
    self, InvalidField, NulCharacter, RequiredFieldMissing, TextTooLarge,
};
use onrecord::proto::{
    ClaimFilter, Document, ExtractClaimsRequest, IngestArticleRequest, ListClaimsRequest,
};
use prost_types::Timestamp;

use crate::harness::{MAX_TEXT_BYTES, TestServer, document, refused};

const ID: &str = "0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";

type Refusal = (Document, ErrorReason, &'static [&'static str]);

/// A good document, spoilt.
fn spoilt(spoil: impl FnOnce(&mut Document)) -> Document {
    let mut document = document("“The bridge is safe,” said Ann Lee.");
    spoil(&mut document);
    document
}

fn at(seconds: i64, nanos: i32) -> Timestamp {
    Timestamp { seconds, nanos }
}

fn bad_texts() -> Vec<Refusal> {
    let text: &[&str] = &["document.text"];
    vec![
        (spoilt(|d| d.text.clear()), RequiredFieldMissing, text),
        (
            spoilt(|d| d.text = "x".repeat(MAX_TEXT_BYTES + 1)),
            TextTooLarge,
            text,
        ),
        (
            spoilt(|d| d.text = "é".repeat(MAX_TEXT_BYTES / 2 + 1)),
            TextTooLarge,
            text,
        ),
        (spoilt(|d| d.text = "x".repeat(1 << 20)), TextTooLarge, text),
        (spoilt(|d| d.text.insert(3, '\0')), NulCharacter, text),
    ]
}

fn bad_strings() -> Vec<Refusal> {
    let (title, uri, publisher): (&[&str], &[&str], &[&str]) = (
        &["document.title"],
        &["document.uri"],
        &["document.publisher"],
    );
    let (language, zone): (&[&str], &[&str]) =
        (&["document.language_code"], &["document.time_zone"]);
    let nul = || "a\0b".to_owned();
    let authors = |bad: String| spoilt(|d| d.authors = vec!["Tom Pell".into(), bad]);
    let author: &[&str] = &["document.authors[1]"];
    vec![
        (spoilt(|d| d.title = nul()), NulCharacter, title),
        (spoilt(|d| d.uri = nul()), NulCharacter, uri),
        (spoilt(|d| d.publisher = nul()), NulCharacter, publisher),
        (spoilt(|d| d.language_code = nul()), NulCharacter, language),
        (spoilt(|d| d.time_zone = nul()), NulCharacter, zone),
        (authors(nul()), NulCharacter, author),
        (spoilt(|d| d.title = "x".repeat(2_001)), InvalidField, title),
        (spoilt(|d| d.uri = "x".repeat(2_001)), InvalidField, uri),
        (
            spoilt(|d| d.publisher = "x".repeat(501)),
            InvalidField,
            publisher,
        ),
        (authors("x".repeat(501)), InvalidField, author),
        (authors(String::new()), InvalidField, author),
        (
            spoilt(|d| d.authors = vec!["Tom Pell".into(); 101]),
            InvalidField,
            &["document.authors"],
        ),
        (
            spoilt(|d| d.language_code = "en-x-".to_owned() + &"a-".repeat(16)),
            InvalidField,
            language,
        ),
        (
            spoilt(|d| d.language_code = "en_GB".into()),
            InvalidField,
            language,
        ),
        (
            spoilt(|d| d.time_zone = "Mars/Olympus".into()),
            InvalidField,
            zone,
        ),
        (
            spoilt(|d| d.time_zone = "x".repeat(10_000)),
            InvalidField,
            zone,
        ),
    ]
}

fn bad_times() -> Vec<Refusal> {
    let bad = [
        (-62_135_596_801, 0),
        (253_402_300_800, 0),
        (i64::MAX, 0),
        (i64::MIN, 0),
        (0, -1),
        (59, 1_000_000_000),
    ];
    bad.map(|(seconds, nanos)| {
        let document = spoilt(|d| d.publish_time = Some(at(seconds, nanos)));
        let field: &[&str] = &["document.publish_time"];
        (document, InvalidField, field)
    })
    .to_vec()
}

fn several_bad_fields() -> Vec<Refusal> {
    vec![
        (
            spoilt(|d| {
                d.time_zone = "nowhere".into();
                d.publisher = "\0".into();
                d.text.clear();
            }),
            RequiredFieldMissing,
            &["document.text", "document.publisher", "document.time_zone"],
        ),
        (
            spoilt(|d| {
                d.publish_time = Some(at(0, -1));
                d.title = "\0".into();
            }),
            NulCharacter,
            &["document.title", "document.publish_time"],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_document_is_neither_read_nor_stored() {
    let server = TestServer::start().await;
    let client = &server.client;
    let bad = [
        bad_texts(),
        bad_strings(),
        bad_times(),
        several_bad_fields(),
    ]
    .concat();
    for (document, reason, fields) in bad {
        let extract = ExtractClaimsRequest {
            document: Some(document.clone()),
            ..Default::default()
        };
        refused(client.extract_claims(extract), reason, fields).await;
        let ingest = IngestArticleRequest {
            document: Some(document),
            ..Default::default()
        };
        refused(client.ingest_article(ingest), reason, fields).await;
    }
    let absent = client.extract_claims(ExtractClaimsRequest::default());
    refused(absent, RequiredFieldMissing, &["document"]).await;
    let absent = client.ingest_article(IngestArticleRequest::default());
    refused(absent, RequiredFieldMissing, &["document"]).await;
    for (request_id, reason) in [("x".repeat(129), InvalidField), ("\0".into(), NulCharacter)] {
        let ingest = IngestArticleRequest {
            document: Some(spoilt(|_| ())),
            request_id,
            ..Default::default()
        };
        refused(client.ingest_article(ingest), reason, &["request_id"]).await;
    }
    let rows = server.database.as_ref().expect("a database").rows().await;
    assert!(
        rows.len() >= 6 && rows.values().all(|rows| *rows == 0),
        "{rows:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_values_are_taken_and_kept() {
    let server = TestServer::start().await;
    let largest = Document {
        text: "é".repeat(MAX_TEXT_BYTES / 2),
        title: "é".repeat(1_000),
        uri: "u".repeat(2_000),
        publisher: "p".repeat(500),
        authors: vec!["a".repeat(500); 100],
        language_code: "en-x-aaaaaaaa-bbbbbbbb-cccccccc-ddd".into(),
        publish_time: Some(at(253_402_300_799, 999_999_999)),
        time_zone: "America/Argentina/ComodRivadavia".into(),
        external_id: "e".repeat(500),
    };
    let request = IngestArticleRequest {
        document: Some(largest.clone()),
        request_id: "r".repeat(128),
        ..Default::default()
    };
    let response = server.client.ingest_article(request).await.expect("taken");
    let article = response.article.expect("an article");
    let kept = (
        article.title,
        article.uri,
        article.publisher,
        article.authors,
    );
    assert_eq!(
        kept,
        (
            largest.title,
            largest.uri,
            largest.publisher,
            largest.authors
        )
    );
    assert_eq!(article.language_code, largest.language_code);
    assert_eq!(article.time_zone, largest.time_zone);
    assert_eq!(article.publish_time, Some(at(253_402_300_799, 999_999_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_too_long_is_told_its_length_and_the_limit() {
    let server = TestServer::with(None).await;
    let request = ExtractClaimsRequest {
        document: Some(spoilt(|d| d.text = "x".repeat(100_000))),
        ..Default::default()
    };
    let call = server.client.extract_claims(request);
    let fault = refused(call, TextTooLarge, &["document.text"]).await;
    assert_eq!(fault.metadata["actual_bytes"], "100000");
    assert_eq!(fault.metadata["max_bytes"], MAX_TEXT_BYTES.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn confidences_lie_between_zero_and_one() {
    let server = TestServer::start().await;
    for bad in [f32::NAN, f32::INFINITY, -1.0, -f32::EPSILON, 1.0001, 2.0] {
        let request = ExtractClaimsRequest {
            document: Some(spoilt(|_| ())),
            min_confidence: bad,
            ..Default::default()
        };
        let call = server.client.extract_claims(request);
        refused(call, InvalidField, &["min_confidence"]).await;
        let filter = ClaimFilter {
            min_confidence: bad,
            ..Default::default()
        };
        let call = server.client.list_claims(filtered(filter));
        refused(call, InvalidField, &["filter.min_confidence"]).await;
        let filter = ClaimFilter {
            min_actor_confidence: bad,
            ..Default::default()
        };
        let call = server.client.list_claims(filtered(filter));
        refused(call, InvalidField, &["filter.min_actor_confidence"]).await;
        let filter = ClaimFilter {
            min_check_worthiness: bad,
            ..Default::default()
        };
        let call = server.client.list_claims(filtered(filter));
        refused(call, InvalidField, &["filter.min_check_worthiness"]).await;
    }
}

fn filtered(filter: ClaimFilter) -> ListClaimsRequest {
    ListClaimsRequest {
        filter: Some(filter),
        ..Default::default()
    }
}
