//! The rustls configuration that the files make.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::options::TlsOptions;
use crate::server::watched_files::{Content, FileError};

/// Builds the configuration from the contents of certificate, key and, if there is one, client authorities.
pub(super) fn config(
    options: &TlsOptions,
    contents: &[Content],
) -> Result<ServerConfig, FileError> {
    let [certificate, key, client_ca @ ..] = contents else {
        return Err(FileError::new(&options.certificate, "there is no key"));
    };
    let chain = certificates(&options.certificate, certificate)?;
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|_| FileError::new(&options.key, "it has no private key as PEM"))?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| FileError::new(&options.certificate, &error))?;
    let builder = match (&options.client_ca, client_ca) {
        (Some(path), [content]) => builder.with_client_cert_verifier(verifier(
            path,
            content,
            options.clients_need_certificate,
        )?),
        _ => builder.with_no_client_auth(),
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|error| FileError::new(&options.key, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    // A resumed session would keep a client certificate alive that has expired in the meantime.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

fn certificates(path: &Path, pem: &Content) -> Result<Vec<CertificateDer<'static>>, FileError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(FileError::new(path, "it has no certificate as PEM")),
    }
}

fn verifier(
    path: &Path,
    pem: &Content,
    required: bool,
) -> Result<Arc<dyn ClientCertVerifier>, FileError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path, pem)? {
        roots
            .add(certificate)
            .map_err(|error| FileError::new(path, &error))?;
    }
    let provider = Arc::new(ring::default_provider());
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = if required {
        builder
    } else {
        builder.allow_unauthenticated()
    };
    builder
        .build()
        .map_err(|error| FileError::new(path, &error))
}
