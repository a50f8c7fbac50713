//! Bytes that are no message: refused as the caller's mistake, and told so like any other.

use http::{HeaderMap, Response};
use http_body_util::{BodyExt, Full};
use onrecord::proto::ErrorReason::{self, MalformedMessage, RequiredFieldMissing};
use prost::bytes::Bytes;
use tonic::Status;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::transport::{Channel, Endpoint};

use crate::harness::{Database, Fault, TestServer, url};

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

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_message_are_refused() {
    let database = Database::create().await;
    let server = TestServer::on(database).await;
    let endpoint = Endpoint::from_shared(url(server.address)).expect("an address");
    let channel = endpoint.connect().await.expect("connect");
    let check = async |path: &str, encoding: &str, bytes: Vec<u8>, reason: ErrorReason| {
        let sent = format!("{path} {encoding} {bytes:02x?}");
        let status = post(&channel, path, encoding, bytes).await;
        assert_eq!(Fault::of(&status).reason, reason, "{sent}: {status:?}");
    };
    for path in [
        INGEST,
        "/onrecord.v1.ExtractionService/ExtractClaims",
        "/onrecord.v1.ActorService/GetActor",
        "/onrecord.v1.ClaimService/ListClaims",
    ] {
        // A string or message in field 1 that says it is longer than what follows.
        check(path, "identity", framed(b"\x0a\x7fabc"), MalformedMessage).await;
        // A length that never ends, a group nobody opened, field number 0.
        check(
            path,
            "identity",
            framed(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
            MalformedMessage,
        )
        .await;
        check(path, "identity", framed(b"\x0c"), MalformedMessage).await;
        check(path, "identity", framed(b"\x02\x01a"), MalformedMessage).await;
        // No frame at all, half a frame's head, and a frame that ends too early.
        check(path, "identity", Vec::new(), MalformedMessage).await;
        check(path, "identity", vec![0, 0, 0], MalformedMessage).await;
        check(path, "identity", frame(0, 9, b"\x0a"), MalformedMessage).await;
        // Compression: none agreed, a flag that is neither yes nor no, bytes that are not what was agreed, and one that
        // the server does not know.
        check(path, "identity", frame(1, 2, b"\x0a\x00"), MalformedMessage).await;
        check(path, "identity", frame(7, 2, b"\x0a\x00"), MalformedMessage).await;
        check(path, "gzip", frame(1, 4, b"\x1f\x8bno"), MalformedMessage).await;
        check(path, "br", frame(1, 2, b"\x0a\x00"), MalformedMessage).await;
    }
    // Not UTF-8: a lone continuation byte, a surrogate, and a character cut in half.
    for text in [&b"\x80"[..], b"\xed\xa0\x80", b"\xc3"] {
        let string = field_one(text);
        let document = field_one(&string);
        check(INGEST, "identity", framed(&document), MalformedMessage).await;
        check(
            "/onrecord.v1.ActorService/GetActor",
            "identity",
            framed(&string),
            MalformedMessage,
        )
        .await;
    }
    // A number where the schema has a message, and a string where it has a number.
    check(INGEST, "identity", framed(b"\x08\x01"), MalformedMessage).await;
    let page_size = framed(b"\x0a\x01a");
    check(
        "/onrecord.v1.ClaimService/ListClaims",
        "identity",
        page_size,
        MalformedMessage,
    )
    .await;
    // An empty message is a message, and so is one with a field of a later schema.
    check(INGEST, "identity", framed(b""), RequiredFieldMissing).await;
    check(
        INGEST,
        "identity",
        framed(b"\xf8\x3f\x01"),
        RequiredFieldMissing,
    )
    .await;

    let rows = server.database.as_ref().expect("a database").rows().await;
    assert!(rows.values().all(|rows| *rows == 0), "{rows:?}");
}
