use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

use super::files;
use super::options::TlsOptions;
use crate::server::watched_files::{FileError, Latest, WatchedFiles};

/// How long a client may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Turns accepted connections into encrypted ones.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    config: Latest<ServerConfig>,
}

impl Tls {
    /// Reads the files. The future that comes with it keeps them up to date and never returns.
    pub(crate) fn load(
        options: &TlsOptions,
    ) -> Result<(Self, impl Future<Output = Infallible> + Send + 'static), FileError> {
        let mut paths = vec![options.certificate.clone(), options.key.clone()];
        paths.extend(options.client_ca.clone());
        let options = options.clone();
        let files = WatchedFiles::load(paths, move |contents| files::config(&options, contents))?;
        let config = files.latest();
        Ok((Self { config }, files.follow()))
    }

    /// Does the handshake with a client, who has ten seconds for it. Nobody else waits meanwhile, provided that each
    /// connection is given a task of its own.
    pub(crate) async fn accept(&self, tcp: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.config.borrow().clone());
        tokio::time::timeout(HANDSHAKE, acceptor.accept(tcp)).await?
    }
}
