//! The file of keys, while the server runs.

use onrecord::server::{Scope, Server};

use super::calls::{KeyFile, is_let_in};
use crate::harness::TestServer;
use crate::process::wait_for;

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

    // A broken file changes nothing; nor does one that is gone. A third key shows that each was looked at.
    file.write("desk nonsense\n");
    let (third, line) = onrecord::server::new_key("desk", &[Scope::Extract]).expect("a key");
    assert!(let_in(&new));
    std::fs::remove_file(file.path()).expect("remove the keys");
    assert!(let_in(&new));
    file.write(&format!("{last}\n{line}\n"));
    wait_for("the third key", || let_in(&third).then_some(()));
    assert!(let_in(&new));
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
