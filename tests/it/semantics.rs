//! What a claim means and when: in the answer, in the store, and when it is read again.

use onrecord::proto::{
    Certainty, Claim, ClaimFilter, ClaimKind, DecisionTrace, Document, EncodingType, EngineKind,
    ExtractClaimsRequest, ExtractClaimsResponse, Polarity, ReextractArticleRequest, TimeAnchor,
    TimeGranularity, TimeView,
};
use prost_types::Timestamp;

use crate::harness::{TestServer, document};

const TEXT: &str = "Mayor Ann Lee said on Monday that the bridge may reopen next week.\n\n\
    Bo Dam denied that it was unsafe. “We will repair it,” he promised.\n";
/// 8 May 2024, a Wednesday, 23:30 in London and 9 May in Auckland.
const WEDNESDAY: i64 = 1_715_207_400;
const DAY: i64 = 86_400;
/// The first moment of Monday, 6 May 2024, in UTC.
const MONDAY: i64 = 1_714_953_600;

fn dated(time_zone: &str) -> Document {
    Document {
        publish_time: Some(Timestamp {
            seconds: WEDNESDAY,
            nanos: 0,
        }),
        time_zone: time_zone.to_owned(),
        ..document(TEXT)
    }
}

async fn extract(server: &TestServer, document: Document) -> ExtractClaimsResponse {
    let request = ExtractClaimsRequest {
        document: Some(document),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let answer = server.client.extract_claims(request).await;
    answer.expect("extract")
}

/// Where the utterance begins and ends, in seconds.
fn uttered(claim: &Claim) -> (i64, i64) {
    let time = claim.utterance_time.as_ref().expect("a time");
    let seconds = |time: &Option<Timestamp>| time.as_ref().expect("known").seconds;
    (seconds(&time.start), seconds(&time.end))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_tells_its_kind_how_sure_and_when() {
    let server = TestServer::with(None).await;
    let read = extract(&server, dated("")).await;
    let [may, denied, promised] = &read.claims[..] else {
        panic!("{:?}", read.claims);
    };
    assert_eq!(may.certainty(), Certainty::Possible);
    assert_eq!(
        (may.polarity(), may.factuality),
        (Polarity::Positive, Some(1))
    );
    assert_eq!(denied.kind(), ClaimKind::Denial);
    assert_eq!(denied.polarity(), Polarity::Negative);
    assert_eq!(promised.kind(), ClaimKind::Commitment);
    assert_eq!(
        (promised.certainty(), promised.factuality),
        (Certainty::Certain, Some(3))
    );
    assert!(
        read.claims
            .iter()
            .all(|claim| claim.check_worthiness.is_some())
    );

    assert_eq!(uttered(may), (MONDAY, MONDAY + DAY));
    let next_week = &may.referenced_times[0];
    assert_eq!(next_week.timex, "2024-W20");
    assert_eq!(next_week.granularity(), TimeGranularity::Week);
    assert_eq!(next_week.anchor(), TimeAnchor::Publish);
    assert_eq!(read.times.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_those_of_the_articles_zone() {
    let server = TestServer::with(None).await;
    let here = extract(&server, dated("Pacific/Auckland")).await;
    assert_eq!(
        uttered(&here.claims[0]),
        (MONDAY - DAY / 2, MONDAY + DAY / 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_publish_time_nothing_is_guessed() {
    let server = TestServer::with(None).await;
    let read = extract(&server, document(TEXT)).await;
    assert_eq!(read.times.len(), 2);
    for time in &read.times {
        assert_eq!(
            (&time.start, &time.end, time.confidence),
            (&None, &None, 0.0)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_what_was_read() {
    let server = TestServer::start().await;
    let article = server.ingest(dated("Europe/London")).await;
    let stored = server.claims(ClaimFilter::default()).await;
    let read = extract(&server, dated("Europe/London")).await;
    let meaning = |claim: &Claim| {
        (
            (
                claim.kind,
                claim.certainty,
                claim.polarity,
                claim.factuality,
            ),
            claim.utterance_time.clone(),
            claim.referenced_times.clone(),
            claim.check_worthiness,
        )
    };
    let of = |claims: &[Claim]| claims.iter().map(meaning).collect::<Vec<_>>();
    assert_eq!(of(&stored), of(&read.claims));

    let request = ReextractArticleRequest {
        name: article.name,
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let again = server
        .client
        .reextract_article(request)
        .await
        .expect("again");
    assert_eq!(again.unchanged_claim_count, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_told_why() {
    let server = TestServer::with(None).await;
    let mut request = ExtractClaimsRequest {
        document: Some(document(format!("😀 {TEXT}"))),
        engine: EngineKind::Rules.into(),
        encoding_type: EncodingType::Utf16.into(),
        include_traces: true,
        ..Default::default()
    };
    let answer = server.client.extract_claims(request.clone()).await;
    let read = answer.expect("extract");
    let why = |claim: usize, field: &str| {
        let traces = &read.claims[claim].traces;
        let trace = traces.iter().find(|trace| trace.field == field);
        trace.cloned().expect("a trace")
    };
    let words = |trace: &DecisionTrace| -> Vec<String> {
        let words = trace.evidence.iter().map(|span| span.text.clone());
        words.collect()
    };
    let may = why(0, "factuality");
    assert_eq!(
        (may.rule.as_str(), words(&may)),
        ("content-modality", vec!["may".to_owned()])
    );
    // The emoji is two code units and four bytes.
    let at = TEXT.find("may").expect("there") + "😀 ".encode_utf16().count();
    assert_eq!(may.evidence[0].start, i32::try_from(at).expect("short"));
    let denied = why(1, "kind");
    assert_eq!(
        (denied.rule.as_str(), words(&denied)),
        ("cue-lexicon", vec!["denied".to_owned()])
    );
    let he = why(2, "actor");
    assert_eq!(
        (he.rule.as_str(), words(&he)),
        ("pronoun", vec!["Bo Dam".to_owned(), "he".to_owned()])
    );

    request.include_traces = false;
    let answer = server.client.extract_claims(request).await;
    let claims = answer.expect("extract").claims;
    assert!(claims.iter().all(|claim| claim.traces.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_asks_for_dates_alone() {
    let server = TestServer::with(None).await;
    let text = "Ann Lee said it rained from 2010 to 2014, for two hours.";
    let mut request = ExtractClaimsRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    for (view, expect) in [
        (
            TimeView::Unspecified,
            vec!["from 2010 to 2014", "two hours"],
        ),
        (TimeView::Dates, vec!["2010", "2014"]),
    ] {
        request.time_view = view.into();
        let answer = server.client.extract_claims(request.clone()).await;
        let times = answer.expect("extract").times;
        let words = times.iter().filter_map(|time| time.span.as_ref());
        let words: Vec<&str> = words.map(|span| span.text.as_str()).collect();
        assert_eq!(words, expect, "{view:?}");
    }
}
