use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use http::Uri;
use tonic::transport::{self, Endpoint};

use crate::client::{Client, ClientOptions, Credentials};

/// The token itself, for those who have no file. It is no flag: everybody on a machine can read the arguments of all
/// processes.
const TOKEN: &str = "ONRECORD_TOKEN";

/// The server that a command connects to, and as whom.
#[derive(Debug, Clone, Args)]
pub(super) struct Target {
    /// The server's address
    #[arg(
        long = "server",
        env = "ONRECORD_SERVER",
        default_value = "http://127.0.0.1:50051",
        value_name = "URL",
        value_parser = url
    )]
    pub url: String,

    /// Certificates of the authorities that an https:// server's certificate may come from, as PEM [default: the
    /// system's]
    #[arg(long, env = "ONRECORD_CA", value_name = "FILE")]
    ca: Option<PathBuf>,

    /// Client certificate to show the server, as PEM; with --key
    #[arg(
        long = "cert",
        env = "ONRECORD_CERT",
        value_name = "FILE",
        requires = "key"
    )]
    certificate: Option<PathBuf>,

    /// Private key of the client certificate, as PEM
    #[arg(
        long,
        env = "ONRECORD_KEY",
        value_name = "FILE",
        requires = "certificate"
    )]
    key: Option<PathBuf>,

    /// File with the key or token to call with [default: what ONRECORD_TOKEN holds, if it is set]
    #[arg(long, env = "ONRECORD_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl Target {
    /// Connects to the server.
    pub(super) async fn connect(&self) -> anyhow::Result<Client> {
        let credentials = self.with_token(self.credentials()?)?;
        let options = ClientOptions::default();
        let connected = Client::connect_as(self.url.clone(), options, credentials).await;
        connected.map_err(|error| self.unreachable(error))
    }

    /// An endpoint for calls that need no token.
    pub(super) fn endpoint(&self) -> anyhow::Result<Endpoint> {
        let endpoint = self.credentials()?.endpoint(self.url.clone());
        endpoint.map_err(|error| self.unreachable(error))
    }

    /// The error for a failed connection: the innermost cause, which is the informative one.
    pub(super) fn unreachable(&self, error: transport::Error) -> anyhow::Error {
        let error = anyhow::Error::from(error);
        anyhow::anyhow!("cannot reach {}: {}", self.url, error.root_cause())
    }

    fn credentials(&self) -> anyhow::Result<Credentials> {
        let mut credentials = Credentials::default();
        if let Some(path) = &self.ca {
            let with_ca = credentials.with_ca_file(path);
            credentials = with_ca.with_context(|| format!("cannot read {}", path.display()))?;
        }
        if let (Some(certificate), Some(key)) = (&self.certificate, &self.key) {
            let with_certificate = credentials.with_certificate(certificate, key);
            credentials = with_certificate.with_context(|| {
                format!("cannot read {} or {}", certificate.display(), key.display())
            })?;
        }
        Ok(credentials)
    }

    fn with_token(&self, credentials: Credentials) -> anyhow::Result<Credentials> {
        let credentials = match &self.token_file {
            Some(path) => credentials.with_token_file(path),
            None => match std::env::var(TOKEN) {
                Ok(token) => credentials.with_token(token),
                Err(_) => return Ok(credentials),
            },
        };
        anyhow::ensure!(
            is_private(&self.url),
            "a token is sent to an https:// server or on this machine only: on the way to {} it could be read",
            self.url
        );
        Ok(credentials)
    }
}

/// Whether nobody on the network can read what is sent there.
fn is_private(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    uri.scheme_str() == Some("https")
        || host == "localhost"
        || address.is_ok_and(|address| address.is_loopback())
}

/// Parses `http://host:port` or `https://host:port`, or `host:port` as other tools accept it.
fn url(text: &str) -> Result<String, String> {
    let url = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let uri: Uri = url.parse().map_err(|_| complaint())?;
    let is_server = matches!(uri.scheme_str(), Some("http" | "https")) && uri.path() == "/";
    if is_server { Ok(url) } else { Err(complaint()) }
}

fn complaint() -> String {
    "not an address such as http://127.0.0.1:50051 or https://onrecord.example.com:50051".to_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_private, url};

    #[test]
    fn an_address_is_taken_with_and_without_its_scheme() {
        let check =
            |text: &str, expect: Option<&str>| assert_eq!(url(text).ok().as_deref(), expect);
        check("http://onrecord:50051", Some("http://onrecord:50051"));
        check("127.0.0.1:50051", Some("http://127.0.0.1:50051"));
        check("[::1]:50051", Some("http://[::1]:50051"));
        check("https://onrecord:50051", Some("https://onrecord:50051"));
        check("ftp://onrecord:50051", None);
        check("http://onrecord/v1", None);
        check("not a url", None);
        check("", None);
    }

    #[test]
    fn a_token_leaves_this_machine_encrypted_only() {
        for private in [
            "https://onrecord:50051",
            "http://127.0.0.1:50051",
            "http://[::1]:50051",
            "http://localhost:50051",
        ] {
            assert!(is_private(private), "{private}");
        }
        for public in ["http://onrecord:50051", "http://127.0.0.1.example:50051"] {
            assert!(!is_private(public), "{public}");
        }
    }
}
