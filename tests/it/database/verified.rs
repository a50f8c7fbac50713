//! `onrecord verify`: what is sound passes, and what is broken is named.

use onrecord::proto::{CorrectArticleRequest, EngineKind};
use sqlx::{ConnectOptions, Executor};

use crate::harness::{Database, NEWS, TestServer};
use crate::process::{Ran, run};

pub fn verify(database: &Database) -> Ran {
    let url = database.connect.to_url_lossy();
    run(&["verify", "--database-url", url.as_str()])
}

/// Breaks what is stored, and the check that has to notice.
const BREAKS: [(&str, &str); 13] = [
    (
        "UPDATE claims SET content = jsonb_set(content, '{0,text}', '\"other words\"') WHERE ordinal = 0",
        "spans hold the words of their texts",
    ),
    (
        "UPDATE claims SET cue = jsonb_set(cue, '{0,end}', '99999999') WHERE ordinal = 0",
        "spans hold the words of their texts",
    ),
    (
        "UPDATE articles SET text = text || 'x'",
        "texts have their SHA-256",
    ),
    (
        "UPDATE articles SET revision = revision + 1",
        "articles have one current revision",
    ),
    (
        "UPDATE claims SET sort_time = sort_time - interval '1 day'",
        "claims have the time of their article",
    ),
    (
        "UPDATE claims SET about_ids = ARRAY[gen_random_uuid()] WHERE ordinal = 0",
        "claims name actors that exist",
    ),
    (
        "DELETE FROM actors WHERE id IN (SELECT actor_id FROM claims)",
        "foreign keys lead somewhere",
    ),
    (
        "UPDATE claims SET review_state = 'REJECTED' WHERE ordinal = 0",
        "claims are in the state of their last review",
    ),
    (
        "INSERT INTO claim_propositions (claim_id, proposition_id, sort_time) SELECT id, id, now() FROM claims LIMIT 1",
        "propositions have the times of their claims",
    ),
    (
        "UPDATE claim_events_pruned SET tx = 9223372036854775807",
        "events come after the pruned ones",
    ),
    (
        "DELETE FROM claims WHERE ordinal = 0",
        "the event log agrees with the claims",
    ),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'claims_by_words'::regclass",
        "indexes are complete",
    ),
    (
        "UPDATE articles SET duplicate_of = id",
        "copies are not each other's originals",
    ),
];

/// A server with two articles, one of them corrected.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    server.ingest_text(NEWS).await;
    let article = server.ingest_text("“It is safe,” said Ann Lee.").await;
    let request = CorrectArticleRequest {
        name: article.name,
        text: "“It is not safe,” said Ann Lee.".to_owned(),
        engine: EngineKind::Rules.into(),
        requested_by: "desk@example.org".to_owned(),
        ..CorrectArticleRequest::default()
    };
    let corrected = server.client.correct_article(request).await;
    corrected.expect("corrected");
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_broken_is_named() {
    let sound = server().await;
    let clean = verify(sound.database.as_ref().expect("a database"));
    assert_eq!(clean.code, Some(0), "{clean:?}");
    let counts = "2 articles with 1 earlier revisions";
    assert!(clean.stdout.contains(counts), "{clean:?}");
    assert!(!clean.stdout.contains("FAILED"), "{clean:?}");
    for (statement, check) in BREAKS {
        let server = server().await;
        let database = server.database.as_ref().expect("a database");
        let mut connection = database.connection().await;
        // Without triggers and foreign keys, as a careless repair might do it.
        let careless = "SET session_replication_role = replica";
        connection.execute(careless).await.expect(careless);
        connection.execute(statement).await.expect(statement);
        let broken = verify(database);
        assert_eq!(broken.code, Some(1), "{statement}: {broken:?}");
        let failed = format!("FAILED  {check}");
        assert!(broken.stdout.contains(&failed), "{statement}: {broken:?}");
    }
}
