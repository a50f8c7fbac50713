use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};
use tonic::{Request, Status};
use zeroize::Zeroizing;

/// How a [`Client`](super::Client) proves who it is, and by what it knows the server. The default proves nothing, and
/// knows servers by the system's certificate authorities.
///
/// They are used with `https://` addresses; over `http://` the token, too, is sent, and readable on the way.
#[derive(Clone, Default)]
pub struct Credentials {
    token: Option<Token>,
    authorities: Option<Certificate>,
    identity: Option<Identity>,
}

#[derive(Clone)]
enum Token {
    Text(Arc<Zeroizing<String>>),
    File(PathBuf),
}

impl Credentials {
    /// Sends this key or token with every call.
    #[must_use]
    pub fn with_token(self, token: impl Into<String>) -> Self {
        let token = Zeroizing::new(token.into());
        Self {
            token: Some(Token::Text(Arc::new(token))),
            ..self
        }
    }

    /// Sends the key or token in this file with every call. The file is read each time, since tokens expire and are
    /// replaced; white space around it does not count.
    #[must_use]
    pub fn with_token_file(self, path: impl Into<PathBuf>) -> Self {
        Self {
            token: Some(Token::File(path.into())),
            ..self
        }
    }

    /// Trusts servers with a certificate of these authorities only, in a PEM file, instead of the system's.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn with_ca_file(self, path: &Path) -> io::Result<Self> {
        Ok(Self {
            authorities: Some(Certificate::from_pem(std::fs::read(path)?)),
            ..self
        })
    }

    /// Shows the server this certificate, with its chain and private key in PEM files.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn with_certificate(self, certificate: &Path, key: &Path) -> io::Result<Self> {
        let identity = Identity::from_pem(std::fs::read(certificate)?, std::fs::read(key)?);
        Ok(Self {
            identity: Some(identity),
            ..self
        })
    }

    /// An endpoint that speaks TLS if its address says so.
    ///
    /// # Errors
    /// If `url` is invalid or a certificate cannot be used.
    pub fn endpoint(&self, url: impl Into<String>) -> Result<Endpoint, tonic::transport::Error> {
        let endpoint = Endpoint::from_shared(url.into())?;
        if endpoint.uri().scheme_str() != Some("https") {
            return Ok(endpoint);
        }
        let tls = match self.authorities.clone() {
            Some(authorities) => ClientTlsConfig::new().ca_certificate(authorities),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        endpoint.tls_config(match self.identity.clone() {
            Some(identity) => tls.identity(identity),
            None => tls,
        })
    }
}

impl fmt::Debug for Credentials {
    /// Says what there is, and no secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("token", &self.token.is_some())
            .field("authorities", &self.authorities.is_some())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

impl Token {
    fn read(&self) -> io::Result<Zeroizing<String>> {
        match self {
            Self::Text(text) => Ok(Zeroizing::clone(text)),
            Self::File(path) => std::fs::read_to_string(path).map(Zeroizing::new),
        }
    }
}

/// Adds the token to every call.
#[derive(Debug, Clone)]
pub(super) struct Authorize(pub(super) Credentials);

impl Interceptor for Authorize {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0.token {
            let token = token.read().map_err(|error| {
                Status::unauthenticated(format!("cannot read the file of the token: {error}"))
            })?;
            let header = Zeroizing::new(["Bearer ", token.trim()].concat());
            let mut header = MetadataValue::try_from(header.as_str())
                .map_err(|_| Status::unauthenticated("the token is no token"))?;
            header.set_sensitive(true);
            request.metadata_mut().insert("authorization", header);
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use tonic::Request;
    use tonic::service::Interceptor;

    use super::{Authorize, Credentials};

    #[test]
    fn a_token_is_sent_and_never_shown() {
        let credentials = Credentials::default().with_token("very-secret");
        assert!(!format!("{credentials:?}").contains("very-secret"));
        let request = Authorize(credentials).call(Request::new(())).unwrap();
        let header = request.metadata().get("authorization").unwrap();
        assert_eq!(header.to_str().unwrap(), "Bearer very-secret");
        assert!(!format!("{request:?}").contains("very-secret"));
    }

    #[test]
    fn a_token_in_a_file_is_read_for_every_call() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut authorize = Authorize(Credentials::default().with_token_file(file.path()));
        for token in ["first", "second"] {
            std::fs::write(file.path(), format!("{token}\n")).unwrap();
            let request = authorize.call(Request::new(())).unwrap();
            let header = request.metadata().get("authorization").unwrap();
            assert_eq!(header.to_str().unwrap(), format!("Bearer {token}"));
        }
        std::fs::write(file.path(), "two\nlines").unwrap();
        assert!(authorize.call(Request::new(())).is_err());
        drop(file);
        assert!(authorize.call(Request::new(())).is_err());
    }
}
