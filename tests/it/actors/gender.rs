//! What is known of an actor's gender grows with the articles.

use chrono::Utc;
use onrecord::domain::{Document, ExtractionRun, Gender, GenderBasis};
use onrecord::extract::{EngineKind, Options, extract};
use onrecord::store::{NewArticle, Store};

use super::actor;
use crate::harness::TestServer;

/// Stores an article that shows Vera Lindqvist to be of this gender.
async fn show(store: &Store, n: usize, gender: Option<(Gender, GenderBasis)>) {
    let document = Document {
        text: format!("“Quay {n} is safe,” said Vera Lindqvist."),
        ..Document::default()
    };
    let options = Options {
        engine: EngineKind::Rules,
        ..Options::default()
    };
    let mut extraction = extract(&document, &options);
    extraction.actors[0].gender = gender;
    let run = ExtractionRun {
        engine: extraction.engine.clone(),
        time: Utc::now(),
        duration: std::time::Duration::ZERO,
    };
    let article = NewArticle {
        document,
        extraction,
        run,
        request_id: None,
        allow_deleted: false,
    };
    store.ingest(&article).await.expect("ingest");
}

#[tokio::test(flavor = "multi_thread")]
async fn better_evidence_wins_and_equal_evidence_changes_nothing() {
    use Gender::{Female, Male, Other};
    use GenderBasis::{Forename, Pronoun, Title};
    let server = TestServer::start().await;
    let store = server.database.as_ref().expect("a database").store();
    let shown = [
        (None, None),
        (Some((Male, Forename)), Some((Male, Forename))),
        (Some((Female, Forename)), Some((Male, Forename))),
        (Some((Female, Pronoun)), Some((Female, Pronoun))),
        (Some((Male, Forename)), Some((Female, Pronoun))),
        (None, Some((Female, Pronoun))),
        (Some((Other, Title)), Some((Other, Title))),
        (Some((Male, Pronoun)), Some((Other, Title))),
    ];
    let mut etag = String::new();
    let mut last = None;
    for (n, (evidence, expect)) in shown.into_iter().enumerate() {
        show(&store, n, evidence).await;
        let one = actor(&server, "Vera Lindqvist").await;
        let known = expect.map(|(gender, basis)| (gender.into(), basis.into()));
        let unspecified = (
            onrecord::proto::Gender::Unspecified,
            onrecord::proto::GenderBasis::Unspecified,
        );
        let known: (onrecord::proto::Gender, onrecord::proto::GenderBasis) =
            known.unwrap_or(unspecified);
        assert_eq!((one.gender(), one.gender_basis()), known, "after {n}");
        assert_eq!(n > 0 && one.etag == etag, n > 0 && expect == last, "{n}");
        (etag, last) = (one.etag, expect);
    }
}
