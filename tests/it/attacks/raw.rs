//! HTTP/2 by hand: bytes that no library would send.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// What every connection begins with.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PUSH_PROMISE: u8 = 5;
pub const PING: u8 = 6;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// A frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame");
    let length = &length.to_be_bytes()[1..];
    [length, &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A header field, never compressed.
pub fn field(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0];
    for part in [name, value] {
        push_length(&mut bytes, part.len());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// A length as HPACK writes it: what does not fit into seven bits follows in groups of seven.
fn push_length(bytes: &mut Vec<u8>, length: usize) {
    let small = |number: usize| u8::try_from(number).expect("seven bits");
    let Some(mut rest) = length.checked_sub(127) else {
        return bytes.push(small(length));
    };
    bytes.push(127);
    while rest >= 128 {
        bytes.push(small(rest % 128) | 128);
        rest /= 128;
    }
    bytes.push(small(rest));
}

/// The header fields of a call.
pub fn call(path: &str) -> Vec<u8> {
    [
        field(":method", "POST"),
        field(":scheme", "http"),
        field(":path", path),
        field(":authority", "localhost"),
        field("content-type", "application/grpc"),
        field("te", "trailers"),
    ]
    .concat()
}

/// A message in gRPC's frame.
pub fn message(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a short message");
    [&[0], &length.to_be_bytes()[..], bytes].concat()
}

/// A TCP connection from an address of its own: all of 127.0.0.0/8 is this machine.
pub async fn connect(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    let from = SocketAddr::from((from, 0));
    socket.bind(from).expect("an address of this machine");
    socket.connect(to).await.expect("connect")
}

/// A connection on which HTTP/2 has begun with these settings, each a number and its value.
pub async fn begin(from: Ipv4Addr, to: SocketAddr, settings: &[(u16, u32)]) -> TcpStream {
    let mut stream = connect(from, to).await;
    let settings: Vec<u8> = settings
        .iter()
        .flat_map(|(number, value)| {
            let (number, value) = (number.to_be_bytes(), value.to_be_bytes());
            number.into_iter().chain(value)
        })
        .collect();
    let start = [PREFACE, &frame(SETTINGS, 0, 0, &settings)].concat();
    stream.write_all(&start).await.expect("send");
    stream
}

/// Whether the server closes the connection within this time, whatever it sends before.
pub async fn is_closed(stream: &mut TcpStream, within: Duration) -> bool {
    let mut buffer = vec![0; 16 << 10];
    let end = async {
        // An error is a reset.
        while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    };
    tokio::time::timeout(within, end).await.is_ok()
}
