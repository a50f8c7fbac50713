use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::stream::{self, Stream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::connection::{Connection, Opening};
use super::places::Places;
use crate::server::limit_options::LimitOptions;
use crate::server::tls::Tls;

/// The pause after a connection that could not be accepted, as when there are no file descriptors left.
const PAUSE: Duration = Duration::from_millis(50);
/// How often refused connections are logged: whoever opens too many must not fill the log.
const LOG_PERIOD: Duration = Duration::from_secs(10);

struct Accepting {
    listener: TcpListener,
    tls: Option<Tls>,
    places: Places,
    preface_timeout: Duration,
    handshakes: JoinSet<io::Result<Connection>>,
    last_logged: Option<Instant>,
}

/// Accepts connections within limits. Each handshake is done in a task of its own, so that a slow client holds up nobody
/// else. Failures do not end the stream.
pub(in crate::server) fn incoming(
    listener: TcpListener,
    tls: Option<Tls>,
    limits: &LimitOptions,
) -> impl Stream<Item = io::Result<Connection>> + use<> {
    let accepting = Accepting {
        listener,
        tls,
        places: Places::new(limits.max_connections, limits.max_connections_per_peer),
        preface_timeout: limits.preface_timeout,
        handshakes: JoinSet::new(),
        last_logged: None,
    };
    stream::unfold(accepting, |mut accepting| async {
        let connection = accepting.next().await;
        Some((Ok(connection), accepting))
    })
}

impl Accepting {
    async fn next(&mut self) -> Connection {
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((tcp, address)) => self.open(tcp, address),
                    Err(error) => {
                        self.log(&format!("could not accept a connection: {error}"));
                        tokio::time::sleep(PAUSE).await;
                    }
                },
                Some(done) = self.handshakes.join_next() => match done {
                    Ok(Ok(connection)) => return connection,
                    Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
                    Err(error) => tracing::error!(%error, "a handshake broke off"),
                },
            }
        }
    }

    /// Begins the handshake, unless there are too many connections already: then this one is closed.
    fn open(&mut self, tcp: TcpStream, address: SocketAddr) {
        let Some(place) = self.places.take(address.ip()) else {
            let peer = address.ip();
            self.log(&format!("too many connections, the last from {peer}"));
            return;
        };
        let opening = Opening {
            place,
            preface_timeout: self.preface_timeout,
        };
        self.handshakes
            .spawn(secure(tcp, address, self.tls.clone(), opening));
    }

    fn log(&mut self, failure: &str) {
        let is_due = self
            .last_logged
            .is_none_or(|last| last.elapsed() > LOG_PERIOD);
        if is_due {
            self.last_logged = Some(Instant::now());
            tracing::warn!("{failure}");
        }
    }
}

async fn secure(
    tcp: TcpStream,
    address: SocketAddr,
    tls: Option<Tls>,
    opening: Opening,
) -> io::Result<Connection> {
    tcp.set_nodelay(true)?;
    Ok(match tls {
        Some(tls) => Connection::encrypted(tls.accept(tcp).await?, address, opening),
        None => Connection::plain(tcp, address, opening),
    })
}
