use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::error::ConfigError;

/// Transport security of the server.
#[derive(Debug, Clone, Default, Args)]
pub struct TlsSettings {
    /// The server's certificate with its chain, as PEM; with --tls-key, the server speaks TLS 1.2 and 1.3 only. The
    /// files are read again when they change [default: no TLS]
    #[arg(long, env = "ONRECORD_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's private key, as PEM [default: no TLS]
    #[arg(long, env = "ONRECORD_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// Certificates of the authorities that sign client certificates, as PEM [default: clients need none]
    #[arg(long, env = "ONRECORD_TLS_CLIENT_CA", value_name = "FILE")]
    pub tls_client_ca: Option<PathBuf>,

    /// With --tls-client-ca: whether a client without a certificate is refused
    #[arg(
        long,
        env = "ONRECORD_TLS_CLIENT_AUTH",
        default_value = "required",
        value_name = "HOW"
    )]
    pub tls_client_auth: TlsClientAuth,
}

/// Whether clients need a certificate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum TlsClientAuth {
    /// A client without a certificate may say otherwise who it is.
    Optional,
    /// A client without a certificate is refused.
    #[default]
    Required,
}

impl TlsSettings {
    /// Whether every client is known by its certificate.
    #[must_use]
    pub fn requires_certificates(&self) -> bool {
        self.tls_client_ca.is_some() && self.tls_client_auth == TlsClientAuth::Required
    }

    /// Checks that the settings belong together.
    pub(super) const fn validate(&self) -> Result<(), ConfigError> {
        let half = match (&self.tls_cert, &self.tls_key, &self.tls_client_ca) {
            (Some(_), None, _) => {
                "--tls-cert (or ONRECORD_TLS_CERT) needs --tls-key (or ONRECORD_TLS_KEY)"
            }
            (None, Some(_), _) => {
                "--tls-key (or ONRECORD_TLS_KEY) needs --tls-cert (or ONRECORD_TLS_CERT)"
            }
            (None, None, Some(_)) => {
                "--tls-client-ca (or ONRECORD_TLS_CLIENT_CA) needs --tls-cert and --tls-key"
            }
            _ => return Ok(()),
        };
        Err(ConfigError::Inconsistent(half))
    }
}
