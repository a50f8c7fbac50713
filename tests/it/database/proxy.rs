//! A proxy before Postgres that can fall silent, as a router does that has forgotten its connections.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

/// Passes bytes to a Unix socket and back, until its connections are cut off.
pub struct Proxy {
    pub address: SocketAddr,
    /// Connections with a smaller number pass nothing any more, and stay open.
    cut: watch::Sender<usize>,
    opened: Arc<AtomicUsize>,
}

impl Proxy {
    pub async fn start(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (cut, seen) = watch::channel(0);
        let opened = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&opened);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = UnixStream::connect(&socket).await else {
                    continue;
                };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(pass(from_client, to_server, number, seen.clone()));
                tokio::spawn(pass(from_server, to_client, number, seen.clone()));
            }
        });
        Self {
            address,
            cut,
            opened,
        }
    }

    /// Cuts off all connections so far, without a word to either side.
    pub fn cut_off(&self) {
        self.cut.send_replace(self.opened.load(Ordering::SeqCst));
    }

    /// How many connections were ever opened.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }
}

async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    number: usize,
    cut: watch::Receiver<usize>,
) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(read) = from.read(&mut bytes).await {
        if number < *cut.borrow() {
            // Both ends stay open, and hear nothing.
            std::future::pending::<()>().await;
        }
        if read == 0 || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
