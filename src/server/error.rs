use std::net::SocketAddr;

use super::auth::AuthError;
use super::watched_files::FileError;
use crate::telemetry::BuildError;

/// Why a server cannot start or continue.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Certificate or key cannot be used.
    #[error("cannot set up TLS")]
    Tls(#[source] FileError),
    /// Callers cannot be authenticated.
    #[error("cannot set up authentication")]
    Auth(#[source] AuthError),
    /// Something else in the process collects metrics.
    #[error("cannot collect metrics")]
    Metrics(#[source] BuildError),
    /// The schema compiled into the program cannot be served by reflection.
    #[error("cannot set up reflection")]
    Reflection(#[source] tonic_reflection::server::Error),
    /// The transport failed.
    #[error("the gRPC server failed")]
    Transport(#[source] tonic::transport::Error),
}
