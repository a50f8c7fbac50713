//! Bytes that are no message: refused as the caller's mistake, and told so like any other.

use http::{HeaderMap, Response};
use http_body_util::{BodyExt, Full};
use onrecord::proto::ErrorReason::{self, MalformedMessage, RequiredFieldMissing};
use prost::bytes::Bytes;
use tonic::Status;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::transport::Channel;

use crate::harness::{Fault, TestServer};

/// A message in gRPC's frame: whether it is compressed, its length, the message.
fn frame(compressed: u8, length: usize, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(length).expect("a short message");
    [&[compressed], &length.to_be_bytes()[..], message].concat()
}

/// Field 1, a string or a message.
fn field_one(content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("a short field");
    [&[0x0a, length], content].concat()
}

/// A message in its frame, as it should be.
fn framed(message: &[u8]) -> Vec<u8> {
    frame(0, message.len(), message)
}

/// Posts these bytes and returns the error that comes back.
async fn post(channel: &Channel, path: &str, encoding: &str, bytes: Vec<u8>) -> Status {
    let request = http::Request::post(path)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("grpc-encoding", encoding)
        .body(Body::new(
            Full::new(Bytes::from(bytes)).map_err(|never| match never {}),
        ))
        .expect("a request");
    let mut channel = channel.clone();
    std::future::poll_fn(|context| channel.poll_ready(context))
        .await
        .expect("a connection");
    let response: Response<Body> = channel.call(request).await.expect("an answer");
    let (head, body) = response.into_parts();
    let body = body.collect().await.expect("the whole answer");
    let none = HeaderMap::new();
    let trailers = body.trailers().unwrap_or(&none);
    Status::from_header_map(&head.headers)
        .or_else(|| Status::from_header_map(trailers))
        .expect("a status")
}

const INGEST: &str = "/onrecord.v1.ArticleService/IngestArticle";
const GET_ACTOR: &str = "/onrecord.v1.ActorService/GetActor";
const LIST_CLAIMS: &str = "/onrecord.v1.ClaimService/ListClaims";
const EXTRACT: &str = "/onrecord.v1.ExtractionService/ExtractClaims";

/// What no method takes: the compression that the header names, and the bytes.
fn malformed() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        // A string or message in field 1 that says it is longer than what follows.
        ("identity", framed(b"\x0a\x7fabc")),
        // A length that never ends, a group nobody opened, field number 0.
        ("identity", framed(&[&[0x0a][..], &[0xff; 11]].concat())),
        ("identity", framed(b"\x0c")),
        ("identity", framed(b"\x02\x01a")),
        // No frame at all, half a frame's head, and a frame that ends too early.
        ("identity", Vec::new()),
        ("identity", vec![0, 0, 0]),
        ("identity", frame(0, 9, b"\x0a")),
        // Compression: none agreed, a flag that is neither yes nor no, bytes that are not what was agreed, and one
        // that the server does not know.
        ("identity", frame(1, 2, b"\x0a\x00")),
        ("identity", frame(7, 2, b"\x0a\x00")),
        ("gzip", frame(1, 4, b"\x1f\x8bno")),
        ("br", frame(1, 2, b"\x0a\x00")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_message_are_refused() {
    let server = TestServer::start().await;
    let channel = server.channel().await;
    let check = async |path: &str, encoding: &str, bytes: Vec<u8>, reason: ErrorReason| {
        let sent = format!("{path} {encoding} {bytes:02x?}");
        let status = post(&channel, path, encoding, bytes).await;
        assert_eq!(Fault::of(&status).reason, reason, "{sent}: {status:?}");
    };
    for path in [INGEST, GET_ACTOR, LIST_CLAIMS, EXTRACT] {
        for (encoding, bytes) in malformed() {
            check(path, encoding, bytes, MalformedMessage).await;
        }
    }
    let check = async |path, message: &[u8], reason| {
        check(path, "identity", framed(message), reason).await;
    };
    // Not UTF-8: a lone continuation byte, a surrogate, and a character cut in half.
    for text in [&b"\x80"[..], b"\xed\xa0\x80", b"\xc3"] {
        let string = field_one(text);
        check(INGEST, &field_one(&string), MalformedMessage).await;
        check(GET_ACTOR, &string, MalformedMessage).await;
    }
    // A number where the schema has a message, and a string where it has a number.
    check(INGEST, b"\x08\x01", MalformedMessage).await;
    check(LIST_CLAIMS, b"\x0a\x01a", MalformedMessage).await;
    // An empty message is a message, and so is one with a field of a later schema.
    check(INGEST, b"", RequiredFieldMissing).await;
    check(INGEST, b"\xf8\x3f\x01", RequiredFieldMissing).await;

    let rows = server.database.as_ref().expect("a database").rows().await;
    assert!(rows.values().all(|rows| *rows == 0), "{rows:?}");
}
