//! Connections on which nothing happens, or hardly anything.

use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::future::join_all;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::raw::{self, CONTINUATION, HEADERS, PREFACE};
use super::victim::Victim;

const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);
/// Longer than the time limit that is set, and than a busy machine takes on top.
const SOON: Duration = Duration::from_secs(10);
const A_WHILE: Duration = Duration::from_secs(2);
const EXTRACT: &str = "/onrecord.v1.ExtractionService/ExtractClaims";

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_begin_is_closed_and_who_has_begun_is_not() {
    let victim = Victim::start(&["--preface-timeout", "1"]).await;
    let mut silent = raw::connect(STRANGER, victim.address()).await;
    let mut half = raw::connect(STRANGER, victim.address()).await;
    half.write_all(&PREFACE[..12]).await.expect("send");
    let mut begun = raw::begin(STRANGER, victim.address(), &[]).await;
    assert!(raw::is_closed(&mut silent, SOON).await);
    assert!(raw::is_closed(&mut half, SOON).await);
    assert!(!raw::is_closed(&mut begun, A_WHILE).await);
    victim.answers_promptly().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_does_not_get_all_connections() {
    let victim = Victim::start(&["--max-connections-per-peer", "20"]).await;
    let strangers = (0..30).map(|_| raw::begin(STRANGER, victim.address(), &[]));
    let mut strangers = join_all(strangers).await;
    let closed = closed(&mut strangers).await;
    assert_eq!(closed, 10);
    victim.answers_promptly().await;
    drop(strangers);

    // What was closed is free again.
    let again = async {
        loop {
            let mut one = raw::begin(STRANGER, victim.address(), &[]).await;
            if !raw::is_closed(&mut one, A_WHILE).await {
                return;
            }
        }
    };
    tokio::time::timeout(SOON, again).await.expect("in time");
}

async fn closed(streams: &mut [TcpStream]) -> usize {
    let each = streams
        .iter_mut()
        .map(|stream| raw::is_closed(stream, A_WHILE));
    let closed = join_all(each).await;
    closed.into_iter().filter(|closed| *closed).count()
}

/// Lets this process open as many files as it may at all. Returns how many.
fn raise_the_limit_of_open_files() -> usize {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let current = maximum;
    setrlimit(Resource::Nofile, Rlimit { current, maximum }).expect("the hard limit is allowed");
    maximum.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_idle_connections_keep_nobody_out() {
    // Other tests in this process, and the server, have files open, too.
    let of_one_address = (raise_the_limit_of_open_files() / 20).min(1_000);
    if of_one_address < 1_000 {
        eprintln!(
            "this machine allows only {of_one_address} connections from each of ten addresses"
        );
    }
    let victim = Victim::start(&["--max-connections", "11000"]).await;
    let address = victim.address();
    let mut idle = Vec::new();
    for last_byte in 1..=10 {
        let from = Ipv4Addr::new(127, 0, 1, last_byte);
        let connections = (0..of_one_address).map(|_| raw::begin(from, address, &[]));
        idle.extend(join_all(connections).await);
        victim.answers_promptly().await;
    }
    assert!(!raw::is_closed(&mut idle[0], A_WHILE).await);
    victim.answers_promptly().await;
    victim.has_grown_less_than(512);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_come_one_by_one_keep_nobody_waiting() {
    let victim = Victim::start(&[]).await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = raw::begin(STRANGER, victim.address(), &[]).await;
        let start = raw::frame(HEADERS, 0, 1, &raw::call(EXTRACT));
        stream.write_all(&start).await.expect("send");
        slow.push(stream);
    }
    for number in 0..20 {
        let more = raw::field(&format!("x-{number}"), "y");
        let more = raw::frame(CONTINUATION, 0, 1, &more);
        for stream in &mut slow {
            // The server may have had enough.
            let _ = stream.write_all(&more).await;
        }
        victim.answers_promptly().await;
    }
    victim.has_grown_less_than(64);
}
