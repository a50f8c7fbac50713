//! The file of keys, while the server runs.

use onrecord::server::{Scope, Server};

use tonic::transport::Endpoint;

use super::calls::{KeyFile, is_let_in};
use super::pki::text;
use super::{IN_USE, UNUSABLE};
use crate::harness::TestServer;
use crate::process::{Serve, wait_for};

const RPC: &str = "/onrecord.v1.ExtractionService/ExtractClaims";

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_and_go_without_a_restart() {
    let mut file = KeyFile::new();
    let old = file.add("desk", &[Scope::Extract]);
    let server = TestServer::launch(None, file.options()).await;
    let channel = server.channel().await;
    let let_in = |key: &str| {
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(is_let_in(&channel, RPC, key))
        })
    };
    assert!(let_in(&old));

    // The new one is given out before the old one goes.
    let new = file.add("desk", &[Scope::Extract]);
    wait_for("the new key", || let_in(&new).then_some(()));
    assert!(let_in(&old));
    let both = std::fs::read_to_string(file.path()).expect("the keys");
    let last = both.lines().last().expect("a line");
    file.write(last);
    wait_for("the end of the old key", || (!let_in(&old)).then_some(()));
    assert!(let_in(&new));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_broken_or_gone_changes_nothing() {
    let mut file = KeyFile::new();
    let old = file.add("desk", &[Scope::Extract]);
    let path = text(&file.path());
    let nowhere = ["--database-url", "postgres://127.0.0.1:1/none"];
    let server = Serve::spawn(&[&nowhere[..], &["--auth-keys", &path]].concat());
    let channel = Endpoint::from_shared(server.url()).expect("an address");
    let channel = channel.connect().await.expect("connect");
    let wait_until_logged = |what: &str| {
        wait_for(what, || server.log().contains(what).then_some(()));
    };

    file.write("desk nonsense\n");
    wait_until_logged(UNUSABLE);
    assert!(is_let_in(&channel, RPC, &old).await);
    std::fs::remove_file(file.path()).expect("remove the keys");
    wait_until_logged("no longer readable");
    assert!(is_let_in(&channel, RPC, &old).await);

    let new = file.add("desk", &[Scope::Extract]);
    wait_until_logged(IN_USE);
    assert!(is_let_in(&channel, RPC, &new).await);
    assert!(is_let_in(&channel, RPC, &old).await);
}

#[tokio::test]
async fn a_server_does_not_start_on_a_file_that_it_cannot_use() {
    let file = KeyFile::new();
    for broken in ["desk", "desk 00 read", "desk certificate everything"] {
        file.write(broken);
        let error = Server::bind(file.options()).await.expect_err("broken");
        let cause = std::error::Error::source(&error)
            .expect("a cause")
            .to_string();
        assert!(cause.contains("line 1"), "{cause}");
    }
    std::fs::remove_file(file.path()).expect("remove the keys");
    assert!(Server::bind(file.options()).await.is_err());
}
