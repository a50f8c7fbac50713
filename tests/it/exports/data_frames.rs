//! Files as people's tools read them: pandas, polars and networkx.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::process::Command;

use onrecord::proto::{ArticleView, Claim, GetArticleRequest};
use serde_json::json;

use super::tables::export_into;
use super::{claims, server};
use crate::harness::TestServer;
use crate::process::run;

const TOOLS: &str = "import networkx, pandas, polars, pyarrow";
const REQUIRED: &str = "ONRECORD_REQUIRE_DATA_FRAMES";

/// True if Python has the tools. Where it must have them, their lack is a failure.
fn have_tools() -> bool {
    let has = Command::new("python3").args(["-c", TOOLS]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return true;
    }
    assert!(
        env::var_os(REQUIRED).is_none(),
        "python3 cannot `{TOOLS}` and {REQUIRED} is set"
    );
    // Not by `eprintln!`, which a passing test keeps to itself.
    let line = "SKIPPED: files were NOT read by pandas, polars and networkx, which Python lacks";
    writeln!(io::stderr(), "\n{line}\n").expect("write to standard error");
    false
}

/// Has the tools read the files of a folder, and compare them with `expected.json` there.
fn check(folder: &std::path::Path) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/exports/read.py");
    let output = Command::new("python3")
        .args([script.as_ref(), folder.as_os_str()])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("run python3");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The texts of the claims' articles, by name.
async fn texts(server: &TestServer, claims: &[Claim]) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for claim in claims {
        let request = GetArticleRequest {
            name: claim.article.clone(),
            view: ArticleView::Full.into(),
            ..GetArticleRequest::default()
        };
        let answer = server.client.get_article(request).await;
        let article = answer.expect("an answer").article.expect("the article");
        texts.insert(article.name, article.text);
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_read_by_people_s_tools() {
    if !have_tools() {
        return;
    }
    let server = server().await;
    let claims = claims(&server).await;
    let folder = tempfile::tempdir().expect("a directory");
    for (name, args) in [
        ("claims.csv", &["--format", "csv"][..]),
        ("claims.parquet", &["--format", "parquet"]),
        ("claims.jsonl", &["--format", "jsonl", "--defaults"]),
        ("actors.graphml", &["--format", "graphml"]),
    ] {
        let args = [args, &["--encoding", "utf32"]].concat();
        let ran = export_into(folder.path(), &server, name, &args).await;
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    }
    let expected = json!({
        "names": claims.iter().map(|claim| &claim.name).collect::<Vec<_>>(),
        "texts": texts(&server, &claims).await,
    });
    let path = folder.path().join("expected.json");
    fs::write(path, expected.to_string()).expect("write");
    check(folder.path());
}

#[test]
fn what_extract_writes_is_read_by_people_s_tools() {
    if !have_tools() {
        return;
    }
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let texts = [
        (
            "a",
            "😀 Café.\n\n“It is safe – 😀,” said Ann Lée on Monday, “\u{1d11e}and dry”. She told Tom Pell so.",
        ),
        (
            "b",
            "Residents said that it may rain. “No,” the mayor replied.",
        ),
        ("c", "It rained."),
    ];
    let line = |(id, text): &(&str, &str)| {
        json!({"id": id, "text": text, "publish_time": "2024-05-07T08:00:00Z"}).to_string() + "\n"
    };
    let articles: String = texts.iter().map(line).collect();
    fs::write(path("articles.jsonl"), articles).expect("write");
    for format in ["csv", "parquet"] {
        let (articles, target) = (path("articles.jsonl"), path(&format!("claims.{format}")));
        let args = ["extract", &articles, "--encoding", "utf32"];
        let ran = run(&[&args[..], &["--format", format, "-o", &target]].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    let expected = json!({ "texts": BTreeMap::from(texts) });
    fs::write(path("expected.json"), expected.to_string()).expect("write");
    check(folder.path());
}
