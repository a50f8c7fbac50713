//! Black-box tests: the real server, the real Postgres, the generated client.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

#[path = "../../src/client/example.rs"]
mod client_example;
mod harness;
mod process;

mod actor_confidence;
mod actors;
#[cfg(target_os = "linux")]
mod attacks;
mod audit;
mod client;
mod commands;
mod corrections;
mod database;
mod deletions;
mod engines;
mod errors;
mod exports;
mod fact_checks;
#[cfg(target_os = "linux")]
mod faults;
mod growth;
mod health;
mod ingest;
mod layers;
mod limits;
mod lists;
mod matching;
mod observability;
mod operations;
mod outage;
mod overload;
mod propositions;
mod readme;
mod reextract;
mod reflection;
mod relations;
mod replica;
mod requests;
mod restart;
mod review;
mod search;
mod security;
mod semantics;
mod server_info;
mod spans;
mod statements;
mod stats;
mod streams;
mod updates;
mod watch;
mod wire;
