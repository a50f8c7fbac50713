//! Connections that take up room and do nothing.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::Duration;

use onrecord::server::{LimitOptions, ServerOptions};

use super::{PATIENCE, short};
use crate::harness::TestServer;

async fn server(limits: LimitOptions) -> TestServer {
    let options = ServerOptions {
        limits,
        ..TestServer::options()
    };
    TestServer::launch(None, options).await
}

/// Waits until the server closes the connection.
async fn closed(mut stream: TcpStream) {
    let waiting = tokio::task::spawn_blocking(move || {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        loop {
            match stream.read(&mut [0; 1_024]) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return,
                Err(error) => panic!("the connection was not closed: {error}"),
            }
        }
    });
    waiting.await.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_begin_to_speak_is_hung_up_on() {
    let limits = LimitOptions {
        preface_timeout: Duration::from_millis(200),
        ..LimitOptions::default()
    };
    let server = server(limits).await;
    let silent = TcpStream::connect(server.address).expect("connect");
    closed(silent).await;
    // One that spoke may be silent afterwards.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let answer = server.client.extract_claims(short()).await;
    answer.expect("the connection is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_only_so_many_connections() {
    let limits = LimitOptions {
        max_connections_per_peer: 3,
        ..LimitOptions::default()
    };
    // The test's own client has one of them.
    let server = server(limits).await;
    let connect = || TcpStream::connect(server.address).expect("the kernel accepts");
    let held = [connect(), connect()];
    closed(connect()).await;
    server.client.extract_claims(short()).await.expect("served");
    drop(held);
    let mut attempts = 0;
    while super::try_connect(&server).await.is_none() {
        attempts += 1;
        assert!(attempts < 1_000, "the places did not come back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
