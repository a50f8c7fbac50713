use std::path::PathBuf;

/// Where certificates and keys are, as PEM. The files are read again when they change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsOptions {
    /// The server's certificate and its chain.
    pub certificate: PathBuf,
    /// The certificate's private key.
    pub key: PathBuf,
    /// The authorities that sign client certificates, if clients are asked for one.
    pub client_ca: Option<PathBuf>,
    /// Whether a client may come without one.
    pub clients_need_certificate: bool,
}
