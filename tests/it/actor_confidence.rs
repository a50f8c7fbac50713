//! How sure a claim is of its actor: what is read, stored and filtered by.

mod by_hand;
mod watched;

use onrecord::proto::ErrorReason::InvalidField;
use onrecord::proto::{
    Claim, ClaimFilter, CorrectArticleRequest, EngineKind, ExportClaimsRequest, ExportFormat,
    ExtractClaimsRequest, ListRevisionClaimsRequest, ListSourcingStatsRequest, MatchClaimsRequest,
    ReextractArticleRequest, ReextractArticleResponse, SearchClaimsRequest, SourcingGroup,
};

use crate::harness::{NEWS, TestServer, document, refused};

/// Names, a pronoun, a description, and a source that is nobody.
const TEXT: &str = "Ann Lee said the quay was safe. She added that the quay would open. Bo Dam denied that the quay \
    was dry. The harbour master said the quay was wet. Residents said the quay was closed.";

fn sure(claim: &Claim) -> Option<f32> {
    claim.part_confidence.and_then(|parts| parts.actor)
}

fn at_least(min_actor_confidence: f32) -> ClaimFilter {
    ClaimFilter {
        min_actor_confidence,
        ..ClaimFilter::default()
    }
}

/// Every claim, with and without an actor.
async fn all(server: &TestServer) -> Vec<Claim> {
    server.claims(ClaimFilter::default()).await
}

/// The names of the claims that are this sure of their actors.
fn names_of(claims: &[Claim], min: f32) -> Vec<String> {
    let fitting = claims
        .iter()
        .filter(|claim| sure(claim).is_some_and(|sure| sure >= min));
    fitting.map(|claim| claim.name.clone()).collect()
}

/// Thresholds on and between the confidences of claims.
fn thresholds(claims: &[Claim]) -> Vec<f32> {
    let mut found: Vec<f32> = claims.iter().filter_map(sure).collect();
    found.extend([f32::MIN_POSITIVE, 0.5, 1.0]);
    found
}

async fn reread(server: &TestServer, article: &str) -> ReextractArticleResponse {
    let request = ReextractArticleRequest {
        name: article.to_owned(),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let answer = server.client.reextract_article(request).await;
    answer.expect("read again")
}

/// Forgets the confidences, as if a version that knew of none had stored the claims.
async fn forget(server: &TestServer) {
    let database = server.database.as_ref().expect("a database");
    let forgotten = sqlx::query("UPDATE claims SET actor_confidence = NULL")
        .execute(&mut database.connection().await)
        .await;
    forgotten.expect("an update");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_engine_says_how_sure_it_is_where_there_is_an_actor() {
    let server = TestServer::with(None).await;
    for engine in [EngineKind::Rules, EngineKind::Model] {
        let request = ExtractClaimsRequest {
            document: Some(document(format!("{TEXT}\n\n{NEWS}"))),
            engine: engine.into(),
            ..Default::default()
        };
        let read = server.client.extract_claims(request).await.expect("read");
        assert!(read.claims.iter().any(|claim| sure(claim).is_some()));
        for claim in &read.claims {
            assert_eq!(sure(claim).is_some(), !claim.actor.is_empty(), "{claim:?}");
            assert!(sure(claim).is_none_or(|sure| sure > 0.0 && sure <= 1.0));
            let judges_words = claim
                .part_confidence
                .is_some_and(|parts| parts.source > 0.0);
            assert_eq!(judges_words, engine == EngineKind::Model, "{claim:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_stored_where_the_actor_is() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let request = ExtractClaimsRequest {
        document: Some(document(TEXT)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let read = server.client.extract_claims(request).await.expect("read");
    let stored = all(&server).await;
    assert_eq!(read.claims.len(), stored.len());
    for (read, stored) in read.claims.iter().zip(&stored) {
        let expected = sure(read).filter(|_| !stored.actor.is_empty());
        assert_eq!(sure(stored), expected, "{stored:?}");
    }
    assert!(stored.iter().any(|claim| sure(claim).is_some()));
    assert!(stored.iter().any(|claim| claim.part_confidence.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_searches_and_matches_leave_out_who_is_less_sure() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claims = all(&server).await;
    assert_eq!(server.claims(at_least(0.0)).await, claims);
    for min in thresholds(&claims) {
        let mut expected = names_of(&claims, min);
        let listed = server.claims(at_least(min)).await;
        let listed: Vec<String> = listed.into_iter().map(|claim| claim.name).collect();
        assert_eq!(listed, expected, "{min}");

        let search = SearchClaimsRequest {
            query: "quay".to_owned(),
            filter: Some(at_least(min)),
            ..Default::default()
        };
        let found = server.client.search_claims(search).await.expect("found");
        let hits = found.hits.into_iter().filter_map(|hit| hit.claim);
        let mut hits: Vec<String> = hits.map(|claim| claim.name).collect();
        hits.sort_unstable();
        expected.sort_unstable();
        assert_eq!(hits, expected, "{min}");

        let request = MatchClaimsRequest {
            text: "The quay was safe.".to_owned(),
            filter: Some(at_least(min)),
            ..Default::default()
        };
        let matched = server.client.match_claims(request).await.expect("matched");
        let mut matched = matched.matches.into_iter().filter_map(|one| one.claim);
        assert!(matched.all(|claim| expected.contains(&claim.name)), "{min}");

        let request = ListSourcingStatsRequest {
            group_by: SourcingGroup::Kind.into(),
            filter: Some(ClaimFilter {
                article: claims[0].article.clone(),
                ..at_least(min)
            }),
            ..Default::default()
        };
        let stats = server.client.list_sourcing_stats(request).await;
        let rows = stats.expect("counted").rows;
        let counted: i64 = rows.iter().map(|row| row.claim_count).sum();
        assert_eq!(usize::try_from(counted), Ok(expected.len()), "{min}");
    }
}

async fn export(server: &TestServer, format: ExportFormat, filter: ClaimFilter) -> String {
    let request = ExportClaimsRequest {
        filter: Some(filter),
        format: format.into(),
        ..Default::default()
    };
    let pieces = server.client.export_claims(request).await;
    let mut pieces = pieces.expect("a file");
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.message().await.expect("a piece") {
        bytes.extend(piece.data);
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_hold_it_and_filter_by_it() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let claims = all(&server).await;
    for min in thresholds(&claims) {
        let lines = export(&server, ExportFormat::JsonLines, at_least(min)).await;
        let mut names = Vec::new();
        for line in lines.lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let actor = line["partConfidence"]["actor"].as_f64().expect("a number");
            assert!(actor >= f64::from(min) - 1e-6, "{line}");
            names.push(line["name"].as_str().expect("a name").to_owned());
        }
        assert_eq!(names, names_of(&claims, min));
    }
    let table = export(&server, ExportFormat::Csv, ClaimFilter::default()).await;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let column = header.iter().position(|name| name == "actor_confidence");
    let column = column.expect("a column");
    for (row, claim) in reader.records().zip(&claims) {
        let cell = row.expect("a row")[column].parse().ok();
        assert_eq!(cell, sure(claim));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_of_an_earlier_version_is_judged_when_it_is_read_again() {
    let server = TestServer::start().await;
    let article = server.ingest_text(TEXT).await;
    let before = all(&server).await;
    forget(&server).await;
    let old = all(&server).await;
    assert!(old.iter().all(|claim| claim.part_confidence.is_none()));
    assert!(server.claims(at_least(f32::MIN_POSITIVE)).await.is_empty());
    assert_eq!(server.claims(at_least(0.0)).await, old);

    let answer = reread(&server, &article.name).await;
    let after = all(&server).await;
    let changed = names_of(&after, f32::MIN_POSITIVE);
    assert_eq!(answer.updated_claims, changed);
    assert_eq!(
        after.iter().map(sure).collect::<Vec<_>>(),
        before.iter().map(sure).collect::<Vec<_>>()
    );
    assert_eq!(reread(&server, &article.name).await.updated_claims.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_reads_it_anew_and_the_former_text_keeps_it() {
    let server = TestServer::start().await;
    let article = server.ingest_text(TEXT).await;
    let before = all(&server).await;
    let request = CorrectArticleRequest {
        name: article.name.clone(),
        text: format!("Corrected. {TEXT}"),
        engine: EngineKind::Rules.into(),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    server
        .client
        .correct_article(request)
        .await
        .expect("corrected");
    let claims_with = |claims: &[Claim]| -> Vec<(String, Option<f32>)> {
        let pairs = claims.iter().map(|claim| (claim.name.clone(), sure(claim)));
        pairs.collect()
    };
    assert_eq!(claims_with(&all(&server).await), claims_with(&before));
    let request = ListRevisionClaimsRequest {
        parent: article.name,
        revision: 1,
        ..Default::default()
    };
    let former = server.client.list_revision_claims(request).await;
    let former = former.expect("list").claims;
    assert_eq!(claims_with(&former), claims_with(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_threshold_that_is_none_is_refused_wherever_claims_are_filtered() {
    let server = TestServer::start().await;
    let client = &server.client;
    let field: &[&str] = &["filter.min_actor_confidence"];
    for bad in [-0.5, 1.5, f32::NAN] {
        let filter = || Some(at_least(bad));
        let request = SearchClaimsRequest {
            query: "quay".to_owned(),
            filter: filter(),
            ..Default::default()
        };
        refused(client.search_claims(request), InvalidField, field).await;
        let request = MatchClaimsRequest {
            text: "The quay was safe.".to_owned(),
            filter: filter(),
            ..Default::default()
        };
        refused(client.match_claims(request), InvalidField, field).await;
        let request = ListSourcingStatsRequest {
            group_by: SourcingGroup::Kind.into(),
            filter: Some(ClaimFilter {
                publisher: "Ostbridge Courier".to_owned(),
                ..at_least(bad)
            }),
            ..Default::default()
        };
        refused(client.list_sourcing_stats(request), InvalidField, field).await;
        let request = ExportClaimsRequest {
            filter: filter(),
            format: ExportFormat::Csv.into(),
            ..Default::default()
        };
        refused(client.export_claims(request), InvalidField, field).await;
    }
}
