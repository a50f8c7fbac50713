//! The architecture as a test: which part of the source may name which.

mod paths;

use std::fs;
use std::path::{Path, PathBuf};

use paths::paths;

/// What a layer may name of ours, beside itself. A layer is a directory or a file right below `src`.
const LAYERS: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("text", &["domain"]),
    ("extract", &["text", "domain"]),
    ("matching", &["extract", "text", "domain"]),
    ("store", &["matching", "text", "domain"]),
    ("embedded", &[]),
    ("proto", &[]),
    (
        "service",
        &["store", "matching", "extract", "text", "domain"],
    ),
    (
        "api",
        &[
            "service", "store", "matching", "extract", "text", "domain", "proto",
        ],
    ),
    ("server", &["api", "service", "store", "matching", "proto"]),
    ("client", &["proto"]),
    ("config", &[]),
    ("telemetry", &[]),
    (
        "cli",
        &[
            "api",
            "client",
            "config",
            "domain",
            "embedded",
            "extract",
            "matching",
            "proto",
            "server",
            "store",
            "telemetry",
            "text",
        ],
    ),
    ("lib", &[]),
];

const GRPC: &[&str] = &["api", "server", "client", "cli", "proto"];
const WIRED: &[&str] = &[
    "store", "embedded", "service", "api", "server", "client", "cli",
];
const READABLE: &[&str] = &["cli", "main", "telemetry"];

/// Crates, by the beginning of their names, and the layers that may name them.
const CRATES: [(&str, &[&str]); 6] = [
    ("sqlx", &["store", "embedded"]),
    ("nix", &["embedded"]),
    ("tonic", GRPC),
    ("prost", GRPC),
    ("tokio", WIRED),
    ("anyhow", READABLE),
];

/// The layers whose work depends on nothing but what they are given.
const PURE: [&str; 4] = ["domain", "text", "extract", "matching"];

/// What such a layer must not name: the clock and the world outside, wherever in a path they stand.
const IMPURE: [&str; 8] = [
    "SystemTime",
    "Instant",
    "now",
    "fs",
    "net",
    "env",
    "process",
    "thread",
];

const MAIN_LINES: usize = 60;

/// What is wrong with a file, given as its path below `src`.
fn violations(file: &str, source: &str) -> Vec<String> {
    let layer = file.split(['/', '.']).next().unwrap_or_default();
    let ours = LAYERS
        .iter()
        .find(|(name, _)| *name == layer)
        .map(|(_, ours)| *ours);
    if ours.is_none() && layer != "main" {
        return vec![format!("{file} belongs to no layer")];
    }
    paths(file, source)
        .into_iter()
        .filter(|path| !allowed(layer, ours.unwrap_or_default(), path))
        .map(|path| format!("{file} names {}", path.join("::")))
        .collect()
}

fn allowed(layer: &str, ours: &[&str], path: &[String]) -> bool {
    let head = path[0].as_str();
    if head == "crate" {
        let named = path.get(1).map_or("", String::as_str);
        return named == layer || ours.contains(&named);
    }
    let banned = CRATES
        .iter()
        .any(|(prefix, layers)| head.starts_with(prefix) && !layers.contains(&layer));
    let impure = PURE.contains(&layer)
        && path
            .iter()
            .any(|segment| IMPURE.contains(&segment.as_str()));
    !banned && !impure
}

fn source_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_dependency_points_the_right_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = source_files(&src);
    assert!(files.len() > 50, "the sources are elsewhere");
    let mut found = Vec::new();
    for path in files {
        let source = fs::read_to_string(&path).expect("a source");
        let file = path
            .strip_prefix(&src)
            .expect("below src")
            .to_string_lossy();
        found.extend(violations(&file, &source));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_program_only_hands_over() {
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs");
    let lines = fs::read_to_string(main).expect("main.rs").lines().count();
    assert!(lines <= MAIN_LINES, "main.rs has {lines} lines");
}

#[test]
fn a_wrong_dependency_is_found() {
    let check = |file: &str, source: &str, expect: &[&str]| {
        let expect: Vec<String> = expect
            .iter()
            .map(|path| format!("{file} names {path}"))
            .collect();
        assert_eq!(violations(file, source), expect, "{source}");
    };
    check(
        "text/blocks.rs",
        "use crate::domain::Span;\nuse super::lines;",
        &[],
    );
    check(
        "text/blocks.rs",
        "use crate::extract::extract;",
        &["crate::extract::extract"],
    );
    check(
        "text/blocks.rs",
        "fn f() { super::super::store::f() }",
        &["crate::store::f"],
    );
    check("text/mod.rs", "use super::store;", &["crate::store"]);
    check("text/a/b.rs", "use super::super::marks::f;", &[]);
    check(
        "store/pool.rs",
        "use crate::{\n    domain::Claim,\n    api::{status, names::Named},\n};",
        &["crate::api::status", "crate::api::names::Named"],
    );
    check("api/reader.rs", "use sqlx::PgPool;", &["sqlx::PgPool"]);
    check("api/reader.rs", "// use sqlx::PgPool;\n/* sqlx::x */", &[]);
    check(
        "api/reader.rs",
        "#[cfg(test)]\nmod tests {\n    use sqlx::PgPool;\n}",
        &[],
    );
    check(
        "store/pool.rs",
        "fn f() -> tonic::Status { x }",
        &["tonic::Status"],
    );
    check(
        "store/pool.rs",
        "use tonic_types::StatusExt;",
        &["tonic_types::StatusExt"],
    );
    check(
        "server/mod.rs",
        "use anyhow::Context as _;",
        &["anyhow::Context"],
    );
    check(
        "extract/pipeline.rs",
        "let t = chrono::Utc::now();",
        &["chrono::Utc::now"],
    );
    check(
        "extract/pipeline.rs",
        "use std::time::{Duration, Instant};",
        &["std::time::Instant"],
    );
    check("domain/id.rs", "use std::fs;", &["std::fs"]);
    check("main.rs", "use onrecord::cli::Cli;", &[]);
    check("main.rs", "use sqlx::PgPool;", &["sqlx::PgPool"]);
    assert_eq!(
        violations("new/mod.rs", ""),
        ["new/mod.rs belongs to no layer"]
    );
}
