//! Accepting connections: so many of them, so many from one address, and none that does not begin to speak.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::{Stream, stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;
use tonic::transport::server::Connected;

use super::limit_options::LimitOptions;

/// The length of the preface with which HTTP/2 begins (RFC 9113, section 3.4).
const PREFACE_BYTES: usize = 24;
/// The pause after a failure to accept, as when there are no more file descriptors.
const PAUSE: Duration = Duration::from_millis(100);
/// How often refused connections are logged.
const LOG_PERIOD: Duration = Duration::from_secs(10);

/// Accepts connections within limits.
#[derive(Debug)]
pub(super) struct Listener {
    tcp: TcpListener,
    peers: Arc<Mutex<Peers>>,
    max_connections: usize,
    max_per_peer: usize,
    preface_timeout: Duration,
    last_logged: Option<Instant>,
}

/// The open connections.
#[derive(Debug, Default)]
struct Peers {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Listener {
    pub(super) fn new(tcp: TcpListener, limits: &LimitOptions) -> Self {
        Self {
            tcp,
            peers: Arc::default(),
            max_connections: limits.max_connections,
            max_per_peer: limits.max_connections_per_peer,
            preface_timeout: limits.preface_timeout,
            last_logged: None,
        }
    }

    /// The connections, as they come. Failures do not end the stream.
    pub(super) fn connections(self) -> impl Stream<Item = io::Result<Connection<TcpStream>>> {
        stream::unfold(self, |mut listener| async move {
            let connection = listener.accept().await;
            Some((Ok(connection), listener))
        })
    }

    async fn accept(&mut self) -> Connection<TcpStream> {
        loop {
            let (tcp, address) = match self.tcp.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    self.log(&format!("cannot accept connections: {error}"));
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let Some(place) = self.place(address.ip()) else {
                self.log(&format!(
                    "too many connections, the last from {}",
                    address.ip()
                ));
                continue;
            };
            // Only costs latency if it fails.
            let _ = tcp.set_nodelay(true);
            return Connection {
                io: tcp,
                peer: Peer { address },
                unread_preface: PREFACE_BYTES,
                preface_due: Box::pin(tokio::time::sleep(self.preface_timeout)),
                _place: place,
            };
        }
    }

    /// A place for a connection from this address, if one is free.
    fn place(&self, address: IpAddr) -> Option<Place> {
        let mut peers = lock(&self.peers);
        if peers.all >= self.max_connections {
            return None;
        }
        let from_there = peers.by_address.entry(address).or_default();
        if *from_there >= self.max_per_peer {
            return None;
        }
        *from_there += 1;
        peers.all += 1;
        Some(Place {
            peers: Arc::clone(&self.peers),
            address,
        })
    }

    /// Logs a failure, unless one was logged a moment ago: an attacker must not fill the log.
    fn log(&mut self, failure: &str) {
        if self
            .last_logged
            .is_none_or(|last| last.elapsed() > LOG_PERIOD)
        {
            self.last_logged = Some(Instant::now());
            tracing::warn!("{failure}");
        }
    }
}

/// A connection's place, free again when this is dropped.
#[derive(Debug)]
struct Place {
    peers: Arc<Mutex<Peers>>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut peers = lock(&self.peers);
        peers.all -= 1;
        if let Some(from_there) = peers.by_address.get_mut(&self.address) {
            *from_there -= 1;
            if *from_there == 0 {
                peers.by_address.remove(&self.address);
            }
        }
    }
}

fn lock(peers: &Mutex<Peers>) -> MutexGuard<'_, Peers> {
    peers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    /// Its address.
    pub address: SocketAddr,
}

/// A connection, which fails unless HTTP/2 begins in time.
#[derive(Debug)]
pub(super) struct Connection<IO> {
    io: IO,
    peer: Peer,
    unread_preface: usize,
    preface_due: Pin<Box<Sleep>>,
    _place: Place,
}

impl<IO> Connected for Connection<IO> {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Connection<IO> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.io).poll_read(context, buffer);
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

impl<IO: AsyncWrite + Unpin> AsyncWrite for Connection<IO> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}
