//! The command `reextract`.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use nix::sys::signal::Signal;

use super::{change, database, ended, id, ingest, lock, metadata};
use crate::harness::{TestServer, url};
use crate::process::{Ran, program, run, send_signal};

async fn reextract(server: &TestServer, args: &[&str]) -> Ran {
    let url = url(server.address);
    let args: Vec<String> = ["reextract", "--server", &url]
        .iter()
        .chain(args)
        .map(ToString::to_string)
        .collect();
    let ran = tokio::task::spawn_blocking(move || {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(&args)
    });
    ran.await.expect("no panic")
}

const BY: [&str; 4] = ["--requested-by", "ops@example.org", "--engine", "rules"];

/// The name of the operation in the first line.
fn name(output: &str) -> String {
    let (name, _) = output.split_once(':').expect("a name");
    name.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_read_again_with_one_command() {
    let server = TestServer::start().await;
    ingest(&server, 3).await;
    let outdated = [&BY[..], &["--outdated"]].concat();
    let none = reextract(&server, &[&outdated[..], &["--validate-only"]].concat()).await;
    assert_eq!(none.stdout, "0 articles would be read again\n", "{none:?}");
    change(
        database(&server),
        "UPDATE articles SET engine_version = '0'",
    )
    .await;

    let counted = reextract(&server, &[&outdated[..], &["--validate-only"]].concat()).await;
    assert_eq!(counted.stdout, "3 articles would be read again\n");
    let waited = reextract(&server, &[&outdated[..], &["--wait"]].concat()).await;
    assert_eq!(
        (waited.code, waited.stderr.as_str()),
        (Some(0), ""),
        "{waited:?}"
    );
    let lines: Vec<&str> = waited.stdout.lines().collect();
    assert!(
        lines[0].ends_with(": 3 articles to read again"),
        "{lines:?}"
    );
    let summary = "3 articles: 3 read again, 0 failed; 0 claims created, 0 updated, 0 deleted";
    assert_eq!(lines[1..], [summary]);

    let watched = reextract(&server, &["--operation", &name(lines[0])]).await;
    assert_eq!(watched.code, Some(0));
    assert_eq!(watched.stdout, format!("{summary}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_does_not_wait_unless_it_is_asked_to() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 2).await;
    let statement = format!(
        "UPDATE articles SET time_zone = 'Nowhere/Land' WHERE id = '{}'",
        id(&articles[0].name)
    );
    change(database(&server), &statement).await;
    let started = reextract(&server, &BY).await;
    assert_eq!(started.code, Some(0), "{started:?}");
    let name = name(&started.stdout);
    let how = format!("to watch it: onrecord reextract --operation {name}\n");
    assert!(started.stdout.ends_with(&how), "{}", started.stdout);
    let watched = reextract(&server, &["--operation", &name]).await;
    assert_eq!(watched.code, Some(1));
    assert!(
        watched
            .stdout
            .starts_with("2 articles: 1 read again, 1 failed")
    );
    assert!(watched.stderr.contains(&articles[0].name), "{watched:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_waiting_and_not_the_work() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 2).await;
    let lock = lock(database(&server), &articles[0]).await;
    let url = url(server.address);
    let mut command = program(&["reextract", "--server", &url, "--wait"]);
    command
        .args(BY)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("start onrecord");
    let stdout = child.stdout.take().expect("a pipe");
    let (child, name) = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        read.expect("a line");
        send_signal(&child, Signal::SIGINT);
        (child, name(&line))
    })
    .await
    .expect("no panic");
    let ended_in = tokio::task::spawn_blocking(move || {
        let mut child = child;
        let mut told = String::new();
        let stderr = child.stderr.as_mut().expect("a pipe");
        stderr.read_to_string(&mut told).expect("UTF-8");
        (child.wait().expect("its end"), told)
    });
    let (status, told) = ended_in.await.expect("no panic");
    assert!(status.success(), "{told}");
    let how = format!("onrecord reextract --operation {name}");
    assert!(told.contains(&how), "{told}");

    drop(lock);
    let operation = ended(&server.client, &name).await;
    assert_eq!(metadata(&operation).done_article_count, 2);
}
