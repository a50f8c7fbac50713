//! The architecture as a test: which part of the source may name which.

mod circles;
mod paths;
mod unsafe_code;

use std::fs;
use std::path::{Path, PathBuf};

use circles::Uses;
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
    (
        "server",
        &["api", "service", "store", "matching", "proto", "telemetry"],
    ),
    ("client", &["proto"]),
    ("config", &[]),
    ("telemetry", &["store"]),
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
            "service",
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
/// Files in one folder of the sources.
const MAX_FILES: usize = 20;
/// What a handler may ask of the store itself: pages of what is stored, just as it is stored.
const PLAIN_PAGES: [&str; 7] = [
    "list_actors",
    "rank_actors",
    "list_publishers",
    "list_claims",
    "sourcing_stats",
    "article_texts",
    "clone",
];

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

/// All sources with their paths below `src`.
fn sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = source_files(&src);
    assert!(files.len() > 50, "the sources are elsewhere");
    let read = files.into_iter().map(|path| {
        let source = fs::read_to_string(&path).expect("a source");
        let file = path.strip_prefix(&src).expect("below src");
        (file.to_string_lossy().into_owned(), source)
    });
    read.collect()
}

#[test]
fn every_dependency_points_the_right_way() {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|(file, source)| violations(file, source))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let circles = Uses::of(&sources()).circles();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let source = |file: &str, text: &str| (file.to_owned(), text.to_owned());
    let circles = |sources: &[(String, String)]| Uses::of(sources).circles();
    let one = source("a/one.rs", "use super::two::Two;");
    assert!(circles(&[one.clone(), source("a/two.rs", "pub struct Two;")]).is_empty());
    let back = source("a/two.rs", "fn f() { crate::a::one::f() }");
    assert_eq!(circles(&[one, back.clone()]), ["a/one a/two"]);
    // A name that a folder passes on is its file's.
    let folder = source("a/mod.rs", "mod one;\npub use one::One;");
    let user = source("a/one.rs", "use crate::b::B;\npub struct One;");
    let other = source("b.rs", "use crate::a::One;\npub struct B;");
    assert_eq!(circles(&[folder.clone(), user, other.clone()]), ["a/one b"]);
    let plain = source("a/one.rs", "pub struct One;");
    assert!(circles(&[folder, plain, other]).is_empty());
}

#[test]
fn folders_can_be_looked_over() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![src];
    let mut full = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let (below, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
        if files.len() > MAX_FILES {
            full.push(format!("{} has {} files", folder.display(), files.len()));
        }
        folders.extend(below);
    }
    assert!(full.is_empty(), "{}", full.join("\n"));
}

#[test]
fn one_place_says_what_a_caller_is_told_of_an_error() {
    for (file, source) in sources() {
        let maps = source.contains("for Status {") && source.contains("impl From<");
        assert_eq!(maps, file == "api/wire/status.rs", "{file}");
    }
}

#[test]
fn handlers_leave_the_work_to_a_use_case() {
    for (file, source) in sources() {
        if !file.starts_with("api/") {
            continue;
        }
        for call in source.split("store.").skip(1) {
            let method = call
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
            let method = method.unwrap_or_default();
            let is_call = call[method.len()..].starts_with('(');
            assert!(
                !is_call || PLAIN_PAGES.contains(&method),
                "{file} calls store.{method}"
            );
        }
    }
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
