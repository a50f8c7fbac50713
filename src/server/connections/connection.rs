use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;
use tonic::transport::server::Connected;

use super::certificate::name;
use super::places::Place;

/// Who is at the other end of a connection. It stands in the extensions of each of its requests.
#[derive(Debug, Clone)]
pub(in crate::server) struct Peer {
    /// The address.
    pub address: SocketAddr,
    /// The name in its verified certificate, if it has one.
    pub certificate: Option<Arc<str>>,
}

/// The length of the preface with which HTTP/2 begins (RFC 9113, section 3.4).
const PREFACE_BYTES: usize = 24;

/// An accepted connection, encrypted or not, which fails unless HTTP/2 begins in time.
pub(in crate::server) struct Connection {
    stream: Box<dyn Stream>,
    peer: Peer,
    unread_preface: usize,
    preface_due: Pin<Box<Sleep>>,
    _place: Place,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Connection {
    /// A connection without encryption.
    pub(super) fn plain(tcp: TcpStream, address: SocketAddr, opening: Opening) -> Self {
        let peer = Peer {
            address,
            certificate: None,
        };
        Self::new(Box::new(tcp), peer, opening)
    }

    /// A connection behind a TLS handshake.
    pub(super) fn encrypted(
        stream: TlsStream<TcpStream>,
        address: SocketAddr,
        opening: Opening,
    ) -> Self {
        let certificates = stream.get_ref().1.peer_certificates();
        let certificate = certificates.and_then(|chain| name(chain.first()?));
        let peer = Peer {
            address,
            certificate: certificate.map(Arc::from),
        };
        Self::new(Box::new(stream), peer, opening)
    }

    fn new(stream: Box<dyn Stream>, peer: Peer, opening: Opening) -> Self {
        Self {
            stream,
            peer,
            unread_preface: PREFACE_BYTES,
            preface_due: Box::pin(tokio::time::sleep(opening.preface_timeout)),
            _place: opening.place,
        }
    }
}

/// What a new connection comes with.
pub(super) struct Opening {
    /// Its place among all connections.
    pub place: Place,
    /// How long it may take to begin HTTP/2.
    pub preface_timeout: Duration,
}

impl Connected for Connection {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if this.unread_preface > 0 {
            let got = buffer.filled().len() - before;
            this.unread_preface = this.unread_preface.saturating_sub(got);
            if read.is_pending() && this.preface_due.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
