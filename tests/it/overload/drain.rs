//! Stopping, with connections open that have no reason to close.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::harness::url;
use crate::process::{DataDir, Serve};

/// Far less than the drain timeout, and far more than a busy machine needs.
const SOON: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn connections_without_calls_do_not_delay_a_stop() {
    let data = DataDir::new();
    let mut server = Serve::start(&data, &["--drain-timeout", "60"]);
    let _raw = TcpStream::connect(server.address).expect("connect");
    let channel = tonic::transport::Endpoint::from_shared(url(server.address));
    let channel = channel
        .expect("an address")
        .connect()
        .await
        .expect("connect");
    let watch = HealthClient::new(channel)
        .watch(HealthCheckRequest::default())
        .await;
    let mut watch = watch.expect("a watch").into_inner();
    watch.message().await.expect("the status").expect("one");
    let asked = Instant::now();
    server.signal(Signal::SIGTERM);
    let status = tokio::task::spawn_blocking(move || server.wait()).await;
    assert!(status.expect("no panic").success());
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_the_drain() {
    let data = DataDir::new();
    let mut server = Serve::start(&data, &["--drain-delay", "60"]);
    server.signal(Signal::SIGTERM);
    let stopping = tokio::task::spawn_blocking(move || {
        crate::process::wait_for("the drain", || {
            server.log().contains("stopping").then_some(())
        });
        let asked = Instant::now();
        server.signal(Signal::SIGTERM);
        (server.wait(), asked.elapsed())
    });
    let (status, took) = stopping.await.expect("no panic");
    assert_eq!(status.code(), Some(1));
    assert!(took < SOON, "{took:?}");
}
