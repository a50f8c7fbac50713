//! The commands that talk to a server or a database.

use std::fs;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use crate::harness::{Database, MAX_TEXT_BYTES, TestServer, url};
use crate::process::{Serve, run, run_with_input, wait_for};

/// The number of rows in each table.
async fn row_counts(server: &TestServer) -> Vec<i64> {
    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    let counts = "SELECT array[(SELECT count(*) FROM articles), (SELECT count(*) FROM ingest_requests), \
         (SELECT count(*) FROM actors), (SELECT count(*) FROM actor_names), \
         (SELECT count(*) FROM actor_roles), (SELECT count(*) FROM claims)]";
    sqlx::query_scalar(counts)
        .fetch_one(&mut connection)
        .await
        .expect("count the rows")
}

fn database_url(connect: &PgConnectOptions) -> String {
    connect.to_url_lossy().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ingested_twice_is_there_once() {
    let server = TestServer::start().await;
    let server_url = url(server.address);
    let dir = tempfile::tempdir().expect("a directory");
    let text = dir.path().join("article.txt");
    let lines = dir.path().join("archive.jsonl");
    fs::write(&text, "“It is safe,” said Ann Lee, the mayor of Ostbridge.").expect("write");
    fs::write(
        &lines,
        "{\"id\": 1, \"text\": \"“It is late,” said Tomas Rehn.\", \"date\": \"2026-05-03\"}\n\
         {\"id\": 2, \"text\": \"“It is long,” said Vera Lindqvist.\"}\n",
    )
    .expect("write");
    let [text, lines] = [&text, &lines].map(|path| path.to_string_lossy());
    let ingest = || run(&["ingest", "--server", &server_url, &text, &lines]);

    let first = ingest();
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(
        first.stdout,
        "3 articles: 3 new with 3 claims, 0 known already, 0 failed\n"
    );
    let rows = row_counts(&server).await;
    assert_eq!((rows[0], rows[5]), (3, 3));

    let second = ingest();
    assert_eq!(
        second.stdout,
        "3 articles: 0 new with 0 claims, 3 known already, 0 failed\n"
    );
    assert_eq!(row_counts(&server).await, rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_fails_stops_no_other() {
    let server = TestServer::start().await;
    let long = "x".repeat(MAX_TEXT_BYTES + 1);
    let input = format!(
        "{{\"id\": \"good\", \"text\": \"“It is safe,” said Ann Lee.\"}}\nno JSON\n\
         {{\"id\": \"long\", \"text\": \"{long}\"}}\n{{\"id\": \"too\", \"text\": \"“It is late,” said Tomas Rehn.\"}}\n"
    );
    let ran = run_with_input(
        &["ingest", "--jsonl", "--server", &url(server.address)],
        &input,
    );
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.stdout,
        "4 articles: 2 new with 2 claims, 0 known already, 2 failed\n"
    );
    assert!(ran.stderr.contains("-, line 2: "), "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("long: document.text is 65537 bytes long"),
        "{}",
        ran.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_an_exit_code() {
    let check = |server: &str, service: &str, code: i32, part: &str| {
        let ran = run(&["health", "--server", server, "--service", service]);
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(
            format!("{}{}", ran.stdout, ran.stderr).contains(part),
            "{ran:?}"
        );
    };
    let server = TestServer::start().await;
    check(&url(server.address), "", 0, "Serving");
    check(
        &server.address.to_string(),
        "onrecord.v1.ClaimService",
        0,
        "Serving",
    );
    check(
        &url(server.address),
        "onrecord.v1.NoService",
        1,
        "not registered",
    );

    let alone = TestServer::with(None).await;
    check(
        &url(alone.address),
        "onrecord.v1.ExtractionService",
        0,
        "Serving",
    );
    check(
        &url(alone.address),
        "onrecord.v1.ClaimService",
        1,
        "NotServing",
    );
    check(
        "http://127.0.0.1:1",
        "",
        1,
        "cannot reach http://127.0.0.1:1: ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_is_migrated_once_and_a_server_waits_for_it() {
    let database = Database::create_empty().await;
    let database_url = database_url(&database.connect);
    let server = Serve::spawn(&["--database-url", &database_url]);
    let service = [
        "health",
        "--service",
        "onrecord.v1.ArticleService",
        "--server",
    ];
    let health = || run(&[&service[..], &[&server.url()]].concat());
    assert_eq!(health().stdout, "NotServing\n");

    let migrate = || run(&["migrate", "--database-url", &database_url]);
    let first = migrate();
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.stdout.starts_with("applied 0001 "), "{first:?}");
    let second = migrate();
    assert_eq!(
        (second.code, second.stdout.as_str()),
        (Some(0), "the schema is up to date\n")
    );

    wait_for("the server to notice", || {
        (health().code == Some(0)).then_some(())
    });
    let input = "{\"text\": \"“It is safe,” said Ann Lee.\"}";
    let ingest = ["ingest", "--jsonl", "--server"];
    let ran = run_with_input(&[&ingest[..], &[&server.url()]].concat(), input);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}
