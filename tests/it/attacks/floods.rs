//! Too much of everything that HTTP/2 allows.

use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::future::join_all;
use onrecord::proto::{EngineKind, ExtractClaimsRequest};
use prost::Message;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::raw::{
    self, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, RST_STREAM, SETTINGS,
};
use super::victim::Victim;
use crate::harness::document;

const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);
const EXTRACT: &str = "/onrecord.v1.ExtractionService/ExtractClaims";
/// The number of the setting for how much of a response may be sent before it is asked for.
const INITIAL_WINDOW_SIZE: u16 = 4;
/// The error code that says a stream is no longer wanted.
const CANCEL: [u8; 4] = [0, 0, 0, 8];
/// How long a server that does not read is written to.
const BLOCKED: Duration = Duration::from_secs(2);

fn request(text: &str) -> Vec<u8> {
    let request = ExtractClaimsRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    raw::message(&request.encode_to_vec())
}

/// The frames of a whole call on the stream of this number, which is odd.
fn whole_call(stream: u32, message: &[u8]) -> Vec<u8> {
    let head = raw::frame(HEADERS, END_HEADERS, stream, &raw::call(EXTRACT));
    [head, raw::frame(DATA, END_STREAM, stream, message)].concat()
}

/// Sends until everything is sent, or the server closes or does not read any more. Returns how much was sent.
async fn send(stream: &mut TcpStream, pieces: impl Iterator<Item = Vec<u8>>) -> usize {
    let mut sent = 0;
    for piece in pieces {
        let write = tokio::time::timeout(BLOCKED, stream.write_all(&piece));
        if !write.await.is_ok_and(|written| written.is_ok()) {
            break;
        }
        sent += piece.len();
    }
    sent
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_that_are_opened_and_reset_at_once_keep_nobody_waiting() {
    let victim = Victim::start(&[]).await;
    let message = request("“The bridge is safe,” said Ann Lee.");
    let attacks = (0..4).map(async |_| {
        let mut stream = raw::begin(STRANGER, victim.address(), &[]).await;
        let pieces = (0..20_000).map(|number| {
            let stream = 2 * number + 1;
            let reset = raw::frame(RST_STREAM, 0, stream, &CANCEL);
            [whole_call(stream, &message), reset].concat()
        });
        send(&mut stream, pieces).await
    });
    let honest = async {
        for _ in 0..5 {
            victim.answers_promptly().await;
        }
    };
    let (sent, ()) = tokio::join!(join_all(attacks), honest);
    println!("bytes sent: {sent:?}");
    victim.answers_promptly().await;
    victim.has_grown_less_than(64);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_without_end_are_cut_off() {
    let victim = Victim::start(&[]).await;
    let mut stream = raw::begin(STRANGER, victim.address(), &[]).await;
    let start = raw::frame(HEADERS, 0, 1, &raw::call(EXTRACT));
    stream.write_all(&start).await.expect("send");
    let piece = raw::frame(CONTINUATION, 0, 1, &raw::field("a", "b").repeat(2_000));
    let sent = send(&mut stream, std::iter::repeat_n(piece, 10_000)).await;
    assert!(sent < 8 << 20, "{sent} bytes of headers were taken");
    victim.answers_promptly().await;
    victim.has_grown_less_than(32);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_headers_are_refused() {
    let victim = Victim::start(&[]).await;
    let mut stream = raw::begin(STRANGER, victim.address(), &[]).await;
    let large = raw::field("x-large", &"y".repeat(15_000));
    let pieces = (0..1_000).map(|number| {
        let stream = 2 * number + 1;
        let head = raw::frame(HEADERS, END_STREAM, stream, &raw::call(EXTRACT));
        let more = raw::frame(CONTINUATION, 0, stream, &large);
        let last = raw::frame(CONTINUATION, END_HEADERS, stream, &large);
        [head, more, last].concat()
    });
    send(&mut stream, pieces).await;
    victim.answers_promptly().await;
    victim.has_grown_less_than(32);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_whose_message_never_comes_do_not_take_the_places_of_others() {
    let victim = Victim::start(&[]).await;
    let mut stream = raw::begin(STRANGER, victim.address(), &[]).await;
    let heads = (0..300)
        .map(|number| raw::frame(HEADERS, END_HEADERS, 2 * number + 1, &raw::call(EXTRACT)));
    send(&mut stream, heads).await;
    for _ in 0..20 {
        victim.answers_promptly().await;
    }
    victim.has_grown_less_than(32);
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_and_settings_whose_answers_nobody_reads_take_no_memory() {
    let victim = Victim::start(&[]).await;
    for piece in [
        raw::frame(PING, 0, 0, &[7; 8]),
        raw::frame(SETTINGS, 0, 0, &[]),
    ] {
        let mut stream = raw::begin(STRANGER, victim.address(), &[]).await;
        let sent = send(&mut stream, std::iter::repeat_n(piece.repeat(1_000), 1_000)).await;
        println!("bytes sent: {sent}");
        victim.answers_promptly().await;
    }
    victim.has_grown_less_than(32);
}

/// A text whose claims take more room than the text itself.
fn wordy() -> String {
    "“The bridge is safe,” said Ann Lee. ".repeat(1_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_do_not_take_the_places_of_others() {
    let limits = ["--response-idle-timeout", "1", "--max-reading", "32"];
    let victim = Victim::start(&limits).await;
    let message = request(&wordy());
    let mut streams = Vec::new();
    for _ in 0..4 {
        let settings = [(INITIAL_WINDOW_SIZE, 0)];
        let mut stream = raw::begin(STRANGER, victim.address(), &settings).await;
        let calls = (0..16).map(|number| whole_call(2 * number + 1, &message));
        send(&mut stream, calls).await;
        streams.push(stream);
    }
    let answered = async {
        while !victim.answers().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let limit = Duration::from_secs(30);
    let answered = tokio::time::timeout(limit, answered).await;
    answered.expect("the places are free again");
    victim.answers_promptly().await;
    victim.has_grown_less_than(64);
}
