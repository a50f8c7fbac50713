//! How the claims of one article stand to each other, in the answer of ExtractClaims.

use onrecord::proto::{
    ClaimRelation, EncodingType, EngineKind, ExtractClaimsRequest, ExtractClaimsResponse, Relation,
};

use crate::harness::{Ruler, TestServer, document, spans_in};

/// The crab takes four bytes, two code units and one code point.
const TEXT: &str = "🦀 Ann Lee said the old harbor bridge would close in May.\n\n\
    Bo Dam replied that the bridge was sound.\n\n\
    The old harbor bridge would close in May, Lee said.\n";

async fn extract(server: &TestServer, min_confidence: f32) -> ExtractClaimsResponse {
    let request = ExtractClaimsRequest {
        document: Some(document(TEXT)),
        engine: EngineKind::Rules.into(),
        encoding_type: EncodingType::Utf16.into(),
        min_confidence,
        ..Default::default()
    };
    let answer = server.client.extract_claims(request).await;
    answer.expect("extract")
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_repetitions_are_told_with_their_words() {
    let server = TestServer::with(None).await;
    let read = extract(&server, 0.0).await;
    let [answer, repetition] = &read.relations[..] else {
        panic!("{:?}", read.relations);
    };
    let ends = |one: &ClaimRelation| (one.r#type(), one.from.clone(), one.to.clone());
    let claim = |number: u32| format!("claims/local-{number}");
    assert_eq!(ends(answer), (Relation::RespondsTo, claim(2), claim(1)));
    assert_eq!(ends(repetition), (Relation::Repeats, claim(3), claim(1)));
    assert_eq!(answer.evidence_spans[0].text, "replied");
    assert!(answer.evidence.contains("Ann Lee") && answer.evidence.contains("replied"));
    assert!(repetition.evidence.contains("harbor bridge"));
    assert!(
        [answer, repetition]
            .iter()
            .all(|one| one.confidence > 0.5 && one.confidence <= 1.0)
    );

    let start =
        TEXT.encode_utf16().count() - TEXT[TEXT.find("replied").unwrap()..].encode_utf16().count();
    assert_eq!(
        answer.evidence_spans[0].start,
        i32::try_from(start).unwrap()
    );
    Ruler::new(TEXT).check(EncodingType::Utf16, &spans_in(&read));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_claims_there_is_no_relation() {
    let server = TestServer::with(None).await;
    let read = extract(&server, 1.0).await;
    assert!(read.claims.is_empty() && read.relations.is_empty());
}
