//! Messages and frames that are not what they should be.

use std::io::{Read, Write};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, Full};
use onrecord::proto::{
    ErrorReason, FILE_DESCRIPTOR_SET, IngestArticleRequest, IngestArticleResponse,
};
use prost::bytes::Bytes;
use prost_reflect::DescriptorPool;
use tokio::io::AsyncWriteExt;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use super::raw::{
    self, DATA, END_HEADERS, HEADERS, PUSH_PROMISE, RST_STREAM, SETTINGS, WINDOW_UPDATE,
};
use super::victim::Victim;
use crate::harness::{Fault, TestServer};

const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);
const EXTRACT: &str = "/onrecord.v1.ExtractionService/ExtractClaims";
const INGEST: &str = "/onrecord.v1.ArticleService/IngestArticle";
const PATIENCE: Duration = Duration::from_secs(30);
/// Random messages for each RPC at a time.
const MESSAGES: usize = 20;
/// How many seconds random bytes are sent for at least, where that is said; otherwise once.
const SECONDS: &str = "ONRECORD_ATTACK_SECONDS";

/// Whether random bytes are still to be sent.
fn goes_on(begun: Instant) -> bool {
    let seconds = std::env::var(SECONDS).map(|seconds| seconds.parse().expect("seconds"));
    begun.elapsed() < Duration::from_secs(seconds.unwrap_or(0))
}

async fn channel(address: std::net::SocketAddr) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    endpoint.connect().await.expect("connect")
}

/// Posts these bytes as the body of a call. Returns how it ended, or `None` once a message comes back.
async fn post(channel: &Channel, path: &str, encoding: &str, bytes: Vec<u8>) -> Option<Status> {
    let body = Full::new(Bytes::from(bytes)).map_err(|never| match never {});
    let request = http::Request::post(path)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("grpc-encoding", encoding)
        .body(Body::new(body))
        .expect("a request");
    let mut channel = channel.clone();
    std::future::poll_fn(|context| channel.poll_ready(context))
        .await
        .expect("a connection");
    let (head, mut body) = channel.call(request).await.expect("an answer").into_parts();
    if let Some(status) = Status::from_header_map(&head.headers) {
        return Some(status);
    }
    let frame = body.frame().await.expect("a frame").expect("a frame");
    let trailers = frame.into_trailers().ok()?;
    Status::from_header_map(&trailers)
}

/// A gigabyte of nothing, compressed to a megabyte.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let mut nothing = std::io::repeat(0).take(1 << 30);
    std::io::copy(&mut nothing, &mut encoder).expect("compress");
    encoder.flush().expect("compress");
    encoder.finish().expect("compress")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_grows_a_thousandfold_is_refused_before_it_does() {
    let victim = Victim::start(&[]).await;
    let mut bomb = raw::message(&bomb());
    // The flag that says the message is compressed.
    bomb[0] = 1;
    let channel = channel(victim.address()).await;
    for _ in 0..4 {
        let status = post(&channel, EXTRACT, "gzip", bomb.clone()).await;
        let fault = Fault::of(&status.expect("refused"));
        assert_eq!(fault.reason, ErrorReason::MessageTooLarge);
        victim.answers_promptly().await;
    }
    victim.has_grown_less_than(64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_never_ends_is_given_up_in_time() {
    let victim = Victim::start(&["--request-timeout", "1"]).await;
    let mut grpc = Grpc::new(channel(victim.address()).await);
    grpc.ready().await.expect("a connection");
    let never = stream::pending::<IngestArticleRequest>().boxed();
    let path = http::uri::PathAndQuery::from_static(EXTRACT);
    let codec = ProstCodec::<IngestArticleRequest, IngestArticleResponse>::default();
    let call = grpc.client_streaming(Request::new(never), path, codec);
    let answer = tokio::time::timeout(PATIENCE, call).await.expect("in time");
    let fault = Fault::of(&answer.expect_err("nothing was sent"));
    assert_eq!(fault.reason, ErrorReason::DeadlineExceeded);
    victim.answers_promptly().await;
}

/// Frames that no client may send.
fn forbidden() -> Vec<Vec<u8>> {
    let head = raw::frame(HEADERS, END_HEADERS, 1, &raw::call(EXTRACT));
    vec![
        // On the connection instead of a stream, and the other way round.
        raw::frame(DATA, 0, 0, b"x"),
        raw::frame(HEADERS, END_HEADERS, 0, &raw::call(EXTRACT)),
        raw::frame(SETTINGS, 0, 1, &[]),
        // Streams that are the server's to open, or that were never opened.
        raw::frame(HEADERS, END_HEADERS, 2, &raw::call(EXTRACT)),
        raw::frame(PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2]),
        raw::frame(RST_STREAM, 0, 9, &[0; 4]),
        raw::frame(DATA, 0, 9, b"x"),
        // Sizes that cannot be.
        raw::frame(SETTINGS, 0, 0, &[0; 5]),
        raw::frame(RST_STREAM, 0, 1, &[0; 3]),
        raw::frame(WINDOW_UPDATE, 0, 0, &[0; 4]),
        [&[0xff; 3][..], &[DATA, 0, 0, 0, 0, 1]].concat(),
        // Header fields that end in the middle, twice the same pseudo-header, and a table entry that is not there.
        raw::frame(HEADERS, END_HEADERS, 1, &[0, 9, b'a']),
        raw::frame(HEADERS, END_HEADERS, 1, &raw::call(EXTRACT).repeat(2)),
        raw::frame(HEADERS, END_HEADERS, 1, &[0xff, 0xff, 0xff, 0x7f]),
        // A window of more than there can be.
        [
            head,
            raw::frame(WINDOW_UPDATE, 0, 1, &[0x7f, 0xff, 0xff, 0xff]).repeat(2),
        ]
        .concat(),
    ]
}

/// Frames of which some bytes are others, so that they often are frames of some kind.
fn spoiled(random: &mut Rng) -> Vec<u8> {
    let head = raw::frame(HEADERS, END_HEADERS, 1, &raw::call(EXTRACT));
    let data = raw::frame(DATA, 0, 1, &raw::message(b"x"));
    let window = raw::frame(WINDOW_UPDATE, 0, 1, &[0, 0, 1, 0]);
    let mut bytes = [head, data, window].concat();
    for _ in 0..random.usize(1..8) {
        let place = random.usize(..bytes.len());
        bytes[place] = random.u8(..);
    }
    bytes
}

fn noise(random: &mut Rng) -> Vec<u8> {
    let length = random.usize(1..2_000);
    let bytes = std::iter::repeat_with(|| random.u8(..));
    bytes.take(length).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_frames_hurt_nobody_else() {
    let victim = Victim::start(&[]).await;
    let seed = fastrand::u64(..);
    println!("the seed is {seed}");
    let mut random = Rng::with_seed(seed);
    let begun = Instant::now();
    loop {
        let mut attacks = forbidden();
        for _ in 0..100 {
            attacks.extend([noise(&mut random), spoiled(&mut random)]);
        }
        for bytes in attacks {
            let mut open = raw::begin(STRANGER, victim.address(), &[]).await;
            let mut fresh = raw::connect(STRANGER, victim.address()).await;
            // The server may close before everything is sent.
            let _ = open.write_all(&bytes).await;
            let _ = fresh.write_all(&bytes).await;
        }
        victim.answers_promptly().await;
        if !goes_on(begun) {
            break;
        }
    }
    victim.has_grown_less_than(32);
}

/// The path of every RPC.
fn paths() -> Vec<String> {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the schema");
    let methods = pool.services().flat_map(|service| {
        let name = service.full_name().to_owned();
        let methods: Vec<_> = service.methods().collect();
        methods
            .into_iter()
            .map(move |method| format!("/{name}/{}", method.name()))
    });
    methods.collect()
}

/// Bytes that often are a message of some kind: fields of small numbers with random contents, in one another.
fn random_message(random: &mut Rng, depth: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..random.usize(0..4) {
        let (number, wire_type) = (random.u8(1..12), random.u8(0..7));
        bytes.push((number << 3) | wire_type);
        match wire_type {
            0 => bytes.push(random.u8(..)),
            1 => bytes.extend(random.u64(..).to_le_bytes()),
            2 => {
                let content = if depth > 0 && random.bool() {
                    random_message(random, depth - 1)
                } else {
                    let length = random.usize(0..20);
                    std::iter::repeat_with(|| random.u8(..))
                        .take(length)
                        .collect()
                };
                // Sometimes too long or too short.
                let off = u8::from(random.u8(0..10) == 0);
                bytes.push(u8::try_from(content.len()).unwrap_or(127) + off);
                bytes.extend(content);
            }
            5 => bytes.extend(random.u32(..).to_le_bytes()),
            _ => {}
        }
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn random_messages_to_every_rpc_are_the_callers_mistake() {
    let server = TestServer::start().await;
    let channel = server.channel().await;
    let seed = fastrand::u64(..);
    let mut random = Rng::with_seed(seed);
    let paths = paths();
    assert!(paths.iter().any(|path| path == INGEST) && paths.len() > 20);
    let begun = Instant::now();
    loop {
        for path in &paths {
            for _ in 0..MESSAGES {
                let message = random_message(&mut random, 2);
                let sent = format!("{path} {message:02x?}, seed {seed}");
                check_is_the_callers_mistake(&channel, path, &message, &sent).await;
            }
        }
        if !goes_on(begun) {
            break;
        }
    }
}

/// Calls with a message, which succeeds or is refused for what is wrong with it.
async fn check_is_the_callers_mistake(channel: &Channel, path: &str, message: &[u8], sent: &str) {
    let call = post(channel, path, "identity", raw::message(message));
    let status = tokio::time::timeout(PATIENCE, call).await.expect(sent);
    if let Some(status) = status.filter(|status| status.code() != Code::Ok) {
        let fault = Fault::of(&status);
        assert_ne!(fault.reason, ErrorReason::Internal, "{sent}: {status:?}");
    }
}
