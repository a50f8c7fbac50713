//! TLS on accepted connections, with certificates that are replaced while the server runs.

mod acceptor;
mod files;
mod options;

pub(super) use acceptor::Tls;
pub use options::TlsOptions;
