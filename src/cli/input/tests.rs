use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use indicatif::ProgressBar;
use proptest::prelude::*;

use super::{Input, InputDocument, InputFormat};

/// What is read of a file with this name and these bytes, and what is told.
fn read(name: &str, bytes: &[u8]) -> (Vec<anyhow::Result<InputDocument>>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let input = Input {
        files: vec![path],
        format: None,
        jsonl: false,
        force: false,
    };
    let told = Arc::new(Mutex::new(Vec::new()));
    let notices = Arc::clone(&told);
    let tell = move |notice: &str| notices.lock().unwrap().push(notice.to_owned());
    let documents = input
        .documents(Arc::new(tell), &ProgressBar::hidden())
        .collect();
    let told = told.lock().unwrap().clone();
    (documents, told)
}

fn ids(documents: &[anyhow::Result<InputDocument>]) -> Vec<&str> {
    let ids = documents.iter().map(|document| match document {
        Ok(document) => document.id.as_str(),
        Err(_) => "error",
    });
    ids.collect()
}

#[test]
fn the_same_articles_are_read_from_each_format() {
    for (name, bytes) in [
        (
            "a.jsonl",
            "{\"id\":\"x\",\"text\":\"A\"}\n\n{\"body\":\"B\"}\n",
        ),
        (
            "a",
            "\u{feff}{\"id\":\"x\",\"text\":\"A\"}\n\n{\"text\":\"B\"}",
        ),
        (
            "a.json",
            "[{\"id\":\"x\",\"text\":\"A\"},\n {\"text\":\"B\"}]",
        ),
        ("a.csv", "\u{feff}id;text\nx;A\n;\"B\"\n"),
        ("a.tsv", "id\tfull_text\r\nx\tA\r\n\tB\r\n"),
    ] {
        let (documents, told) = read(name, bytes.as_bytes());
        let texts: Vec<_> = documents
            .iter()
            .map(|document| document.as_ref().unwrap().document.text.as_str())
            .collect();
        assert_eq!(texts, ["A", "B"], "{name}");
        assert_eq!(documents[0].as_ref().unwrap().id, "x", "{name}");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(" as "), "{told:?}");
    }
}

#[test]
fn a_plain_file_is_one_article() {
    let (documents, told) = read("a.txt", "\u{feff}It is safe.\n".as_bytes());
    let document = documents[0].as_ref().unwrap();
    assert_eq!(document.document.text, "It is safe.\n");
    assert!(document.id.ends_with("a.txt"));
    assert!(told.is_empty());
}

#[test]
fn what_cannot_be_read_is_named_and_the_next_is_read() {
    for (name, bytes, ids_read, place) in [
        (
            "a.jsonl",
            "{\"text\":\n{\"text\":\"ok\"}",
            &["error", "2"][..],
            "a.jsonl, line 1",
        ),
        (
            "a.jsonl",
            "{\"text\":\"t\",\"date\":\"soon\"}\n{\"text\":\"ok\"}",
            &["error", "2"],
            "line 1: \"date\"",
        ),
        (
            "a.json",
            "[7, {\"text\":\"ok\"}]",
            &["error", "2"],
            "a.json, item 1",
        ),
        ("a.json", "[7, ", &["error"], "a.json"),
        (
            "a.csv",
            "id,text\n1\n2,ok\n",
            &["error", "2"],
            "a.csv, row 1",
        ),
        (
            "a.csv",
            "id,words\n1,x\n",
            &["error"],
            "no column for the text among id, words",
        ),
        (
            "a.html",
            "<html><p>It is safe.</p></html>",
            &["error"],
            "it is a whole page",
        ),
        (
            "a.jsonl",
            "{\"text\":\" \"}\n{\"text\":\"ok\"}",
            &["error", "2"],
            "line 1: no text",
        ),
    ] {
        let (documents, _) = read(name, bytes.as_bytes());
        assert_eq!(ids(&documents), ids_read, "{bytes}");
        let error = format!("{:#}", documents[0].as_ref().unwrap_err());
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn an_unknown_key_is_told_once() {
    let line = "{\"text\":\"A\",\"mood\":1}\n";
    let (documents, told) = read("a.jsonl", line.repeat(3).as_bytes());
    assert_eq!(documents.len(), 3);
    assert_eq!(
        told.iter()
            .filter(|notice| notice.contains("\"mood\""))
            .count(),
        1
    );
}

#[test]
fn what_looks_like_no_article_is_read_where_that_is_insisted_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.html");
    fs::write(&path, "<html>It is safe.</html>").unwrap();
    let input = Input {
        files: vec![path],
        format: Some(InputFormat::Text),
        jsonl: false,
        force: true,
    };
    let documents: Vec<_> = input.corpus().collect();
    assert_eq!(
        documents[0].as_ref().unwrap().document.text,
        "<html>It is safe.</html>"
    );
}

/// Checks that the lines of a file are documents or errors, and that what follows them is read all the same.
fn check_file(mut file: Vec<u8>) {
    let filled = |line: &&[u8]| !line.trim_ascii().is_empty();
    let most = file.split(|byte| *byte == b'\n').filter(filled).count();
    file.extend(b"\n{\"text\":\"the last\"}\n");
    let (read, _) = read("x.jsonl", &file);
    assert!(read.len() <= most + 1);
    let last = read.last().unwrap().as_ref().unwrap();
    assert_eq!(last.document.text, "the last");
    for error in read.iter().filter_map(|one| one.as_ref().err()) {
        assert!(format!("{error:#}").contains("x.jsonl, line "), "{error:#}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(file in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_file(file);
    }

    #[test]
    fn anything_like_json_is_read(
        file in "(\\{|\\}|\\[|\\]|\"|:|,|\n|\"text\":\"|\"date\":|2024-0[0-9]|\"authors\":|null|1e999|\\\\u[d0][0-9a-f]{3}){0,40}",
    ) {
        check_file(file.into_bytes());
    }

    #[test]
    fn any_table_is_read(rows in "(text|[a-z]|,|;|\t|\"|\n|\r){0,60}") {
        let (documents, _) = read("x.csv", rows.as_bytes());
        for error in documents.iter().filter_map(|one| one.as_ref().err()) {
            assert!(format!("{error:#}").contains("x.csv"), "{error:#}");
        }
    }
}
