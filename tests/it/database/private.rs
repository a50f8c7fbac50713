//! A private Postgres that dies under its server.

use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use onrecord::client::Client;
use onrecord::proto::{Document, IngestArticleRequest, ListArticlesRequest};

use crate::process::{DataDir, Serve, run, wait_for};

fn lookups_are(server: &Serve, expected: &str) {
    wait_for(expected, || {
        let service = "onrecord.v1.ArticleService";
        let ran = run(&["health", "--service", service, "--server", &server.url()]);
        (ran.stdout.trim() == expected).then_some(())
    });
}

/// The process id that Postgres has written down.
fn postmaster(dir: &DataDir) -> Option<Pid> {
    let file = std::fs::read_to_string(dir.path().join("cluster/postmaster.pid")).ok()?;
    Some(Pid::from_raw(file.lines().next()?.parse().ok()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_postgres_that_dies_is_started_again() {
    let dir = DataDir::new();
    let server = Serve::start(&dir, &[]);
    let client = Client::connect(server.url()).await.expect("connect");
    let request = IngestArticleRequest {
        document: Some(Document {
            text: "“It is safe,” said Ann Lee.".to_owned(),
            ..Document::default()
        }),
        ..IngestArticleRequest::default()
    };
    client.ingest_article(request).await.expect("ingest");
    lookups_are(&server, "Serving");
    for process in dir.users() {
        assert!(
            !process.contains("read -r"),
            "the whole script shows: {process}"
        );
    }
    for _ in 0..2 {
        let first = postmaster(&dir).expect("it runs");
        kill(first, Signal::SIGKILL).expect("kill it");
        let killed = Instant::now();
        wait_for("another Postgres", || {
            postmaster(&dir).filter(|pid| *pid != first)
        });
        lookups_are(&server, "Serving");
        eprintln!("lookups were back {:?} after the kill", killed.elapsed());
        // The client tries again while the database is away.
        let listed = client.list_articles(ListArticlesRequest::default()).await;
        assert_eq!(listed.expect("a page").articles.len(), 1);
    }
}
