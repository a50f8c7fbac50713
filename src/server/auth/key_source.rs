//! Where the keys of an issuer come from.

use std::path::PathBuf;
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio_rustls::rustls::crypto::ring;

use super::options::OidcOptions;

/// How long the issuer may take for a response.
const TIMEOUT: Duration = Duration::from_secs(5);
const MAX_BYTES: usize = 1 << 20;
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// A URL of the settings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url} is no https:// URL; http:// is for loopback addresses only")]
pub struct UrlError {
    url: String,
}

/// Why the keys could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeySourceError {
    #[error("{0}")]
    Http(String),
    #[error("cannot read {path}: {problem}", path = path.display())]
    File { path: PathBuf, problem: String },
    #[error("{0} sent more than 1 MiB")]
    TooLarge(Url),
    #[error("{0} sent no JSON of the expected form")]
    Malformed(String),
    #[error("the discovery document is that of the issuer {0:?}")]
    OtherIssuer(String),
    #[error(transparent)]
    Url(#[from] UrlError),
}

/// Where the keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeySource {
    /// Where the discovery document at this URL says.
    Discovery {
        issuer: String,
        document: Url,
    },
    Url(Url),
    File(PathBuf),
}

#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: String,
}

/// A key set whose keys are read one by one, so that a key of an unknown kind does not hide the others.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

impl KeySource {
    /// The source that the settings name.
    pub(super) fn new(options: &OidcOptions) -> Result<Self, UrlError> {
        let issuer = secure(&options.issuer)?;
        let Some(url) = &options.jwks_url else {
            let document = format!("{}{DISCOVERY}", issuer.as_str().trim_end_matches('/'));
            return Ok(Self::Discovery {
                issuer: options.issuer.clone(),
                document: secure(&document)?,
            });
        };
        let file = Url::parse(url).ok().filter(|url| url.scheme() == "file");
        match file.and_then(|url| url.to_file_path().ok()) {
            Some(path) => Ok(Self::File(path)),
            None => secure(url).map(Self::Url),
        }
    }

    /// Reads the keys.
    pub(super) async fn keys(&self) -> Result<Vec<Jwk>, KeySourceError> {
        let set = match self {
            Self::Discovery { issuer, document } => {
                let found: Discovered = get(document).await?;
                if found.issuer != *issuer {
                    return Err(KeySourceError::OtherIssuer(found.issuer));
                }
                get(&secure(&found.jwks_uri)?).await?
            }
            Self::Url(url) => get(url).await?,
            Self::File(path) => {
                let bytes = tokio::fs::read(path).await;
                let bytes = bytes.map_err(|error| KeySourceError::File {
                    path: path.clone(),
                    problem: error.to_string(),
                })?;
                parse(&path.to_string_lossy(), &bytes)?
            }
        };
        Ok(readable(set))
    }
}

fn readable(set: KeySet) -> Vec<Jwk> {
    let keys = set.keys.into_iter();
    keys.filter_map(|key| serde_json::from_value(key).ok())
        .collect()
}

/// Whoever stands between the server and the issuer could put in keys of their own, if not for TLS.
fn secure(text: &str) -> Result<Url, UrlError> {
    let url = Url::parse(text).ok().filter(|url| match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(url),
        _ => false,
    });
    url.ok_or_else(|| UrlError {
        url: text.to_owned(),
    })
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

async fn get<T: DeserializeOwned>(url: &Url) -> Result<T, KeySourceError> {
    let failed = |error: reqwest::Error| KeySourceError::Http(with_cause(&error));
    let client = client().map_err(failed)?;
    let request = client.get(url.clone()).send();
    let response = request.await.and_then(reqwest::Response::error_for_status);
    let mut response = response.map_err(failed)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_BYTES {
            return Err(KeySourceError::TooLarge(url.clone()));
        }
    }
    parse(url.as_str(), &bytes)
}

fn parse<T: DeserializeOwned>(from: &str, bytes: &[u8]) -> Result<T, KeySourceError> {
    serde_json::from_slice(bytes).map_err(|_| KeySourceError::Malformed(from.to_owned()))
}

/// A client for one request: these are rare, and the system's certificates may have changed since the last one.
fn client() -> reqwest::Result<Client> {
    // It stays as it is if the program has chosen one already.
    let _ = ring::default_provider().install_default();
    Client::builder()
        .timeout(TIMEOUT)
        .redirect(Policy::none())
        .build()
}

/// An error with its innermost cause, which is the informative one.
fn with_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    format!("{error}: {cause}")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::{KeySet, KeySource, OidcOptions, readable};

    fn source(issuer: &str, jwks_url: Option<&str>) -> Option<KeySource> {
        let options = OidcOptions {
            issuer: issuer.to_owned(),
            audience: "onrecord".to_owned(),
            jwks_url: jwks_url.map(str::to_owned),
            min_refresh: Duration::ZERO,
        };
        KeySource::new(&options).ok()
    }

    #[test]
    fn keys_come_over_tls_from_this_machine_or_from_a_file() {
        let issuer = "https://issuer.example/realm/";
        let Some(KeySource::Discovery { document, .. }) = source(issuer, None) else {
            panic!("no discovery");
        };
        assert_eq!(
            document.as_str(),
            "https://issuer.example/realm/.well-known/openid-configuration"
        );
        let file = source(issuer, Some("file:///etc/onrecord/keys.json"));
        assert_eq!(
            file,
            Some(KeySource::File(PathBuf::from("/etc/onrecord/keys.json")))
        );
        assert!(source("http://127.0.0.1:1", None).is_some());
        assert!(source("http://[::1]:1", None).is_some());
        assert!(source("http://localhost:1", None).is_some());
        for bad in [
            "http://issuer.example",
            "ftp://issuer.example",
            "issuer.example",
            "",
        ] {
            assert_eq!(source(bad, None), None, "{bad}");
            assert_eq!(source(issuer, Some(bad)), None, "{bad}");
        }
        assert_eq!(
            source(issuer, Some("http://127.0.0.1.evil.example/keys")),
            None
        );
    }

    #[test]
    fn a_key_of_an_unknown_kind_is_left_out() {
        let set: KeySet = serde_json::from_str(
            r#"{"keys": [{"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"},
                         {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
        )
        .unwrap();
        assert_eq!(readable(set).len(), 1);
    }
}
