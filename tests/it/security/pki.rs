//! Certificates of the tests' own, and servers that speak TLS.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use onrecord::client::{Client, ClientOptions, Credentials};
use onrecord::proto::{ErrorReason, ExtractClaimsRequest};
use onrecord::server::{Server, ServerOptions, TlsOptions};
use onrecord::store::Store;
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
    date_time_ymd,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tonic::Status;
use tonic::transport;

use crate::harness::{Fault, TestServer, document};

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// The authority's own certificate.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A server's certificate for this machine, with its key.
    pub fn server(&self) -> (String, String) {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).expect("names");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(&params)
    }

    /// A client's certificate with a URI as its name, with its key.
    pub fn client(&self, uri: &str, last_year: i32) -> (String, String) {
        let mut params = CertificateParams::default();
        params.subject_alt_names = vec![SanType::URI(uri.try_into().expect("ASCII"))];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_after = date_time_ymd(last_year, 1, 1);
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }
}

/// Files with certificates and keys.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("write a file");
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a certificate and its key under the names that [`Files::server`] uses.
    pub fn write_server(&self, (certificate, key): &(String, String)) {
        self.write("server.pem", certificate);
        self.write("server.key", key);
    }

    /// Settings of a server with these files, and with client certificates of this authority.
    pub fn server(&self, client_ca: Option<&Authority>) -> ServerOptions {
        let tls = TlsOptions {
            certificate: self.path("server.pem"),
            key: self.path("server.key"),
            client_ca: client_ca.map(|authority| self.write("clients.pem", authority.pem())),
            clients_need_certificate: true,
        };
        ServerOptions {
            tls: Some(tls),
            ..TestServer::options()
        }
    }

    /// Credentials of a client that trusts this authority.
    pub fn trust(&self, authority: &Authority) -> Credentials {
        let path = self.write("ca.pem", authority.pem());
        Credentials::default().with_ca_file(&path).expect("read")
    }

    /// The same with a certificate of the client's own.
    pub fn as_client(
        &self,
        authority: &Authority,
        (certificate, key): &(String, String),
    ) -> Credentials {
        let certificate = self.write("client.pem", certificate);
        let key = self.write("client.key", key);
        let trust = self.trust(authority);
        trust.with_certificate(&certificate, &key).expect("read")
    }
}

/// A server that runs until this is dropped.
pub struct SecureServer {
    pub address: SocketAddr,
    serving: JoinHandle<()>,
}

impl SecureServer {
    pub async fn start(options: ServerOptions, store: Option<Store>) -> Self {
        let server = Server::bind(options).await.expect("bind a free port");
        let address = server.address();
        let serving = tokio::spawn(async move {
            let serving = Box::pin(server.serve(store, std::future::pending()));
            serving.await.expect("serve");
        });
        Self { address, serving }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    pub async fn connect(&self, credentials: Credentials) -> Result<Client, transport::Error> {
        let once = ClientOptions {
            attempts: 1,
            ..ClientOptions::default()
        };
        Client::connect_as(self.url(), once, credentials).await
    }

    /// Connects and makes a call; `Err` tells that one of the two failed. With TLS 1.3 it is the call that fails for
    /// want of a certificate.
    pub async fn try_call(&self, credentials: Credentials) -> Result<(), String> {
        let client = self.connect(credentials).await;
        let client = client.map_err(|error| format!("{error:?}"))?;
        extract(&client)
            .await
            .map_err(|status| format!("{status:?}"))
    }
}

impl Drop for SecureServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Extracts the claims of a short text.
pub async fn extract(client: &Client) -> Result<(), Status> {
    let request = ExtractClaimsRequest {
        document: Some(document("Ann Lee said the bridge was safe.")),
        ..ExtractClaimsRequest::default()
    };
    client.extract_claims(request).await.map(drop)
}

/// The reason of an error.
pub fn reason(outcome: Result<(), Status>) -> Option<ErrorReason> {
    outcome.err().map(|status| Fault::of(&status).reason)
}

/// A path as a command line takes it.
pub fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
