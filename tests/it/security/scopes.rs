//! Every RPC, with every scope.

use std::collections::BTreeMap;
use std::path::Path;

use onrecord::proto::ErrorReason;
use onrecord::server::Scope;

use super::calls::{KeyFile, call, check_refused, refusal, rpcs};
use crate::harness::TestServer;

const SCOPES: [Scope; 5] = [
    Scope::Extract,
    Scope::Read,
    Scope::Write,
    Scope::Review,
    Scope::Admin,
];

/// What stands in the place of a scope where any will do.
const ANY: &str = "any";

/// The scope of each RPC by its name, as the README's table has it.
fn documented() -> BTreeMap<String, String> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).expect("README.md");
    let mut scopes = BTreeMap::new();
    let rows = SCOPES.map(|scope| (format!("`{scope}`"), scope.to_string()));
    for (cell, scope) in rows.into_iter().chain([(ANY.to_owned(), ANY.to_owned())]) {
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| {cell} |")));
        let row = row.unwrap_or_else(|| panic!("the README has no scope {scope}"));
        let rpcs = row.split('|').nth(2).expect("a second cell");
        for rpc in rpcs.split('`').skip(1).step_by(2) {
            let other = scopes.insert(rpc.to_owned(), scope.clone());
            assert_eq!(other, None, "{rpc}");
        }
    }
    scopes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_needs_the_scope_that_the_readme_says() {
    let mut file = KeyFile::new();
    let keys = SCOPES.map(|scope| (scope, file.add(&scope.to_string(), &[scope])));
    let server = TestServer::launch(None, file.options()).await;
    let channel = server.channel().await;
    let documented = documented();
    assert_eq!(documented.len(), rpcs().len());
    for rpc in rpcs() {
        let name = rpc.rsplit('/').next().expect("a name");
        let needed = &documented[name];
        for (scope, key) in &keys {
            let outcome = call(&channel, &rpc, &[&format!("Bearer {key}")]).await;
            let fault = refusal(&outcome);
            if *scope == Scope::Admin || scope.to_string() == *needed || needed == ANY {
                assert_eq!(fault, None, "{rpc} with {scope}");
            } else {
                let fault = fault.unwrap_or_else(|| panic!("{rpc} with {scope}: {outcome:?}"));
                assert_eq!(fault.reason, ErrorReason::PermissionDenied, "{rpc}");
                assert_eq!(fault.metadata["scope"], *needed, "{rpc}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_rpc_is_open() {
    let mut file = KeyFile::new();
    let key = file.add("desk", &SCOPES);
    let server = TestServer::launch(None, file.options()).await;
    let channel = server.channel().await;
    for rpc in rpcs() {
        let outcome = call(&channel, &rpc, &[]).await;
        let fault = refusal(&outcome).unwrap_or_else(|| panic!("{rpc}: {outcome:?}"));
        assert_eq!(fault.reason, ErrorReason::Unauthenticated);
        let other = key.replace("onrecord_", "onrecord-");
        for wrong in [other.as_str(), &key[..key.len() - 1], "x"] {
            check_refused(&channel, &rpc, wrong, ErrorReason::Unauthenticated).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_is_not_there_is_told_to_those_who_may_call() {
    let mut file = KeyFile::new();
    let key = file.add("desk", &[Scope::Read]);
    let server = TestServer::launch(None, file.options()).await;
    let channel = server.channel().await;
    for path in ["/onrecord.v1.ClaimService/getClaim", "/onrecord.v2.X/Y"] {
        check_refused(&channel, path, "wrong", ErrorReason::Unauthenticated).await;
        let status = call(&channel, path, &[&format!("Bearer {key}")]).await;
        let fault = crate::harness::Fault::of(&status.expect_err("no such method"));
        assert_eq!(fault.reason, ErrorReason::UnknownMethod);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_authentication_everybody_may_call() {
    let server = TestServer::with(None).await;
    let channel = server.channel().await;
    for rpc in rpcs() {
        assert_eq!(refusal(&call(&channel, &rpc, &[]).await), None, "{rpc}");
    }
}
