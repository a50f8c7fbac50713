//! An OpenID Connect issuer on a loopback port.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use onrecord::server::{AuthOptions, OidcOptions, ServerOptions};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::harness::TestServer;

pub const AUDIENCE: &str = "onrecord";

/// An RSA key, which the library that makes the others cannot make.
const RSA_KEY: &str = include_str!("rsa_key.json");

/// A key that signs tokens.
pub struct SigningKey {
    pub id: String,
    pub pair: KeyPair,
    algorithm: Algorithm,
}

/// Whether an algorithm signs with [`RSA_KEY`].
const fn is_rsa(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::RS256 | Algorithm::PS256)
}

/// A part of [`RSA_KEY`], base64url.
fn rsa(part: &str) -> String {
    let key: Value = serde_json::from_str(RSA_KEY).expect("JSON");
    key[part].as_str().expect("a string").to_owned()
}

impl SigningKey {
    pub fn new(id: &str, algorithm: Algorithm) -> Self {
        let kind = match algorithm {
            Algorithm::ES384 => &PKCS_ECDSA_P384_SHA384,
            Algorithm::EdDSA => &PKCS_ED25519,
            _ => &PKCS_ECDSA_P256_SHA256,
        };
        Self {
            id: id.to_owned(),
            pair: KeyPair::generate_for(kind).expect("a key"),
            algorithm,
        }
    }

    /// The public key as the issuer publishes it.
    pub fn jwk(&self) -> Value {
        if is_rsa(self.algorithm) {
            return json!({"kty": "RSA", "kid": self.id, "use": "sig", "n": rsa("n"), "e": rsa("e")});
        }
        let public = self.pair.public_key_raw();
        let encoded = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        if self.algorithm == Algorithm::EdDSA {
            let x = encoded(public);
            return json!({"kty": "OKP", "crv": "Ed25519", "kid": self.id, "use": "sig", "x": x});
        }
        // A point: a byte that says so, then both coordinates.
        let (x, y) = public[1..].split_at((public.len() - 1) / 2);
        let curve = match self.algorithm {
            Algorithm::ES384 => "P-384",
            _ => "P-256",
        };
        json!({"kty": "EC", "crv": curve, "kid": self.id, "x": encoded(x), "y": encoded(y)})
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        let header = Header {
            kid: Some(self.id.clone()),
            ..Header::new(self.algorithm)
        };
        let pkcs8 = self.pair.serialized_der();
        let key = match self.algorithm {
            algorithm if is_rsa(algorithm) => {
                let pkcs1 = BASE64_URL_SAFE_NO_PAD.decode(rsa("pkcs1"));
                EncodingKey::from_rsa_der(&pkcs1.expect("base64url"))
            }
            Algorithm::EdDSA => EncodingKey::from_ed_der(pkcs8),
            _ => EncodingKey::from_ec_der(pkcs8),
        };
        encode(&header, claims, &key).expect("a token")
    }
}

#[derive(Clone, Default)]
struct Published {
    issuer: Arc<Mutex<String>>,
    keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicUsize>,
}

/// The issuer. It stops when this is dropped.
pub struct Issuer {
    address: SocketAddr,
    published: Published,
    serving: JoinHandle<()>,
}

impl Issuer {
    pub async fn start(keys: &[&SigningKey]) -> Self {
        let published = Published::default();
        let (address, serving) = serve(published.clone(), 0).await;
        let issuer = Self {
            address,
            published,
            serving,
        };
        issuer.publish(keys);
        issuer
    }

    /// Replaces its keys.
    pub fn publish(&self, keys: &[&SigningKey]) {
        let keys = keys.iter().map(|key| key.jwk()).collect();
        *self.published.keys.lock().expect("no panic") = keys;
    }

    /// How often its keys were asked for.
    pub fn asked(&self) -> usize {
        self.published.asked.load(Ordering::Relaxed)
    }

    pub async fn stop(&mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }

    /// Starts again at the same address.
    pub async fn restart(&mut self) {
        let (_, serving) = serve(self.published.clone(), self.address.port()).await;
        self.serving = serving;
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Good claims of somebody with these scopes.
    pub fn claims(&self, scope: &str) -> Value {
        json!({"iss": self.url(), "aud": AUDIENCE, "sub": "alice", "scope": scope, "exp": in_seconds(600)})
    }

    /// Settings that trust it.
    pub fn options(&self, min_refresh: Duration) -> ServerOptions {
        ServerOptions {
            auth: AuthOptions {
                oidc: Some(OidcOptions {
                    issuer: self.url(),
                    audience: AUDIENCE.to_owned(),
                    jwks_url: None,
                    min_refresh,
                }),
                ..AuthOptions::default()
            },
            ..TestServer::options()
        }
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// So many seconds from now, as tokens count time.
pub fn in_seconds(seconds: i64) -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    i64::try_from(now.as_secs()).expect("a time") + seconds
}

async fn serve(published: Published, port: u16) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    *published.issuer.lock().expect("no panic") = format!("http://{address}");
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(keys))
        .with_state(published);
    let serving = tokio::spawn(async move {
        axum::serve(listener, router).await.expect("serve");
    });
    (address, serving)
}

async fn discovery(State(published): State<Published>) -> String {
    let issuer = published.issuer.lock().expect("no panic").clone();
    json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")}).to_string()
}

async fn keys(State(published): State<Published>) -> String {
    published.asked.fetch_add(1, Ordering::Relaxed);
    let keys = published.keys.lock().expect("no panic").clone();
    json!({ "keys": keys }).to_string()
}
