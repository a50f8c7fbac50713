//! A proxy between a server and its Postgres that does what bad networks do.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch::{Receiver, Sender};
use tokio::task::{AbortHandle, JoinSet};

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Fine,
    /// Nothing passes, and nobody is told.
    Silent,
    /// Every connection is reset at once.
    Refusing,
    /// Everything passes this much later.
    Late(Duration),
    /// So many bytes pass in a second.
    Thin(u32),
}

#[derive(Debug, Clone, Copy)]
struct State {
    network: Network,
    /// The number of the next connection.
    next: u64,
    /// Connections with a lower number are reset.
    reset: u64,
    /// Connections with a lower number never pass anything again.
    lost: u64,
    /// Connections with a lower number are closed at last if they are lost.
    forgotten: u64,
}

/// A proxy on a port of its own.
pub struct Proxy {
    pub address: SocketAddr,
    state: Sender<State>,
    turns: Arc<AtomicU64>,
    accepting: AbortHandle,
}

impl Proxy {
    /// Forwards to a Unix socket.
    pub async fn start(to: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Sender::new(State {
            network: Network::Fine,
            next: 0,
            reset: 0,
            lost: 0,
            forgotten: 0,
        });
        let turns = Arc::<AtomicU64>::default();
        let accepting = accept(listener, to, state.clone(), Arc::clone(&turns));
        let accepting = tokio::spawn(accepting).abort_handle();
        Self {
            address,
            state,
            turns,
            accepting,
        }
    }

    /// Changes how the network is.
    pub fn set(&self, network: Network) {
        self.state.send_modify(|state| state.network = network);
    }

    /// Resets all connections.
    pub fn reset(&self) {
        self.state.send_modify(|state| state.reset = state.next);
    }

    /// Loses all connections: neither end hears of the other again, and neither is told.
    pub fn lose(&self) {
        self.state.send_modify(|state| state.lost = state.next);
    }

    /// How many connections were ever opened.
    pub fn opened(&self) -> u64 {
        self.state.borrow().next
    }

    /// How many times the clients spoke and waited for an answer.
    pub fn round_trips(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    /// Closes what was lost, as Postgres does much later.
    pub fn forget(&self) {
        self.state.send_modify(|state| state.forgotten = state.lost);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, to: PathBuf, state: Sender<State>, turns: Arc<AtomicU64>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((client, _)) = listener.accept().await else {
            continue;
        };
        let mut number = 0;
        state.send_modify(|state| {
            number = state.next;
            state.next += 1;
        });
        let connection = Connection {
            number,
            state: state.subscribe(),
            answered: Arc::new(AtomicBool::new(true)),
            turns: Arc::clone(&turns),
        };
        connections.spawn(connection.run(client, to.clone()));
        while connections.try_join_next().is_some() {}
    }
}

#[derive(Clone)]
struct Connection {
    number: u64,
    state: Receiver<State>,
    /// Whether the server has answered since the client last spoke.
    answered: Arc<AtomicBool>,
    turns: Arc<AtomicU64>,
}

impl Connection {
    async fn run(self, mut client: TcpStream, to: PathBuf) {
        let _ = client.set_nodelay(true);
        let mut watching = self.clone();
        tokio::select! {
            () = watching.is_reset() => {}
            _ = self.forward(&mut client, to) => return,
        }
        // Closing without lingering sends a reset.
        let _ = SockRef::from(&client).set_linger(Some(Duration::ZERO));
    }

    async fn forward(self, client: &mut TcpStream, to: PathBuf) -> io::Result<()> {
        let mut server = UnixStream::connect(to).await?;
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        // As soon as one end closes, so does the other.
        tokio::select! {
            ended = self.clone().pump(&mut from_client, &mut to_server, Self::client_spoke) => ended,
            ended = self.pump(&mut from_server, &mut to_client, Self::server_spoke) => ended,
        }
    }

    fn client_spoke(&self) {
        if self.answered.swap(false, Ordering::Relaxed) {
            self.turns.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn server_spoke(&self) {
        self.answered.store(true, Ordering::Relaxed);
    }

    async fn pump(
        mut self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
        spoke: fn(&Self),
    ) -> io::Result<()> {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let count = from.read(&mut buffer).await?;
            self.passes().await;
            if count == 0 {
                return Ok(());
            }
            spoke(&self);
            let network = self.state.borrow().network;
            match network {
                Network::Late(delay) => tokio::time::sleep(delay).await,
                Network::Thin(rate) => {
                    let seconds =
                        f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / f64::from(rate);
                    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
                }
                Network::Fine | Network::Silent | Network::Refusing => {}
            }
            to.write_all(&buffer[..count]).await?;
        }
    }

    /// Waits until something may pass.
    async fn passes(&mut self) {
        let number = self.number;
        let passes = |state: &State| number >= state.lost && state.network != Network::Silent;
        // The state lives as long as its proxy accepts connections.
        let _ = self.state.wait_for(passes).await;
    }

    async fn is_reset(&mut self) {
        let number = self.number;
        let reset = |state: &State| {
            number < state.reset || number < state.forgotten || state.network == Network::Refusing
        };
        let _ = self.state.wait_for(reset).await;
    }
}
