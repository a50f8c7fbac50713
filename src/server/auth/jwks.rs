//! The keys of an issuer, kept for as long as it does not respond.

use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::identity::Refusal;
use super::key_source::KeySource;

/// How often the keys are read without need, so that one which the issuer has withdrawn does not go on being accepted.
const PERIOD: Duration = Duration::from_mins(5);

const UNKNOWN: Refusal =
    Refusal::Unauthenticated("the token is signed with a key that its issuer does not have");

/// The keys of an issuer. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct IssuerKeys(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    source: KeySource,
    min_refresh: Duration,
    /// `None` until they have been read once.
    keys: RwLock<Option<Arc<[Jwk]>>>,
    /// When they were last asked for. Whoever holds it is asking.
    asked: Mutex<Option<Instant>>,
}

impl IssuerKeys {
    pub(super) fn new(source: KeySource, min_refresh: Duration) -> Self {
        Self(Arc::new(Shared {
            source,
            min_refresh,
            keys: RwLock::default(),
            asked: Mutex::default(),
        }))
    }

    /// Reads the keys at once and from time to time. Never returns.
    pub(super) async fn follow(self) -> Infallible {
        loop {
            self.refresh().await;
            let pause = if self.known().is_some() {
                PERIOD
            } else {
                self.0.min_refresh.max(Duration::from_secs(1))
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// The key that a token names; asks the issuer if it is not known.
    pub(super) async fn find(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<DecodingKey, Refusal> {
        let known = |keys: Option<Arc<[Jwk]>>| {
            keys.and_then(|keys| {
                pick(&keys, id, algorithm).and_then(|key| DecodingKey::from_jwk(key).ok())
            })
        };
        if let Some(key) = known(self.known()) {
            return Ok(key);
        }
        self.refresh().await;
        let keys = self.known();
        if keys.is_none() {
            return Err(Refusal::NoIssuerKeys);
        }
        known(keys).ok_or(UNKNOWN)
    }

    fn known(&self) -> Option<Arc<[Jwk]>> {
        let keys = self.0.keys.read();
        keys.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the keys, unless that was tried a moment ago: tokens with made-up keys must not become requests to the
    /// issuer. If they cannot be read, those known so far stay.
    async fn refresh(&self) {
        let mut asked = self.0.asked.lock().await;
        if asked.is_some_and(|asked| asked.elapsed() < self.0.min_refresh) {
            return;
        }
        match self.0.source.keys().await {
            Ok(keys) => {
                let mut known = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
                *known = Some(keys.into());
            }
            Err(error) => tracing::warn!(%error, "could not read the issuer's keys"),
        }
        *asked = Some(Instant::now());
    }
}

/// The key with this id; without an id, the only one that fits the algorithm.
fn pick<'a>(keys: &'a [Jwk], id: Option<&str>, algorithm: Algorithm) -> Option<&'a Jwk> {
    let mut fitting = keys
        .iter()
        .filter(|key| fits(key, algorithm) && (id.is_none() || key.common.key_id.as_deref() == id));
    let first = fitting.next()?;
    (id.is_some() || fitting.next().is_none()).then_some(first)
}

/// Whether a key is for signatures of this algorithm. Symmetric keys never are: whoever can check them can forge them.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let common = &key.common;
    let is_for_signatures = matches!(&common.public_key_use, None | Some(PublicKeyUse::Signature));
    let named = common.key_algorithm.map(|named| named.to_string());
    let is_named = named.is_none_or(|named| named.parse() == Ok(algorithm));
    is_for_signatures
        && is_named
        && match &key.algorithm {
            AlgorithmParameters::RSA(_) => matches!(
                algorithm,
                Algorithm::RS256
                    | Algorithm::RS384
                    | Algorithm::RS512
                    | Algorithm::PS256
                    | Algorithm::PS384
                    | Algorithm::PS512
            ),
            AlgorithmParameters::EllipticCurve(key) => matches!(
                (&key.curve, algorithm),
                (EllipticCurve::P256, Algorithm::ES256) | (EllipticCurve::P384, Algorithm::ES384)
            ),
            AlgorithmParameters::OctetKeyPair(key) => {
                key.curve == EllipticCurve::Ed25519 && algorithm == Algorithm::EdDSA
            }
            AlgorithmParameters::OctetKey(_) => false,
        }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::Algorithm;
    use jsonwebtoken::jwk::Jwk;

    use super::pick;

    fn key(json: &str) -> Jwk {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_key_is_used_for_its_own_algorithm_only() {
        let keys = [
            key(r#"{"kty": "RSA", "kid": "r", "alg": "RS256", "n": "AQAB", "e": "AQAB"}"#),
            key(r#"{"kty": "RSA", "kid": "e", "use": "enc", "n": "AQAB", "e": "AQAB"}"#),
            key(r#"{"kty": "EC", "kid": "p", "crv": "P-256", "x": "AQAB", "y": "AQAB"}"#),
            key(r#"{"kty": "oct", "kid": "h", "k": "AQAB"}"#),
            key(r#"{"kty": "OKP", "kid": "o", "crv": "Ed25519", "x": "AQAB"}"#),
            key(r#"{"kty": "OKP", "kid": "o2", "crv": "Ed25519", "x": "AQAB"}"#),
        ];
        let check = |id: Option<&str>, algorithm, expect: Option<&str>| {
            let found = pick(&keys, id, algorithm);
            let found = found.and_then(|key| key.common.key_id.as_deref());
            assert_eq!(found, expect, "{id:?} {algorithm:?}");
        };
        check(Some("r"), Algorithm::RS256, Some("r"));
        check(Some("r"), Algorithm::RS512, None);
        check(Some("r"), Algorithm::HS256, None);
        check(Some("e"), Algorithm::RS256, None);
        check(Some("p"), Algorithm::ES256, Some("p"));
        check(Some("p"), Algorithm::ES384, None);
        check(Some("h"), Algorithm::HS256, None);
        check(Some("o"), Algorithm::EdDSA, Some("o"));
        check(Some("x"), Algorithm::EdDSA, None);
        check(None, Algorithm::ES256, Some("p"));
        // Two fit.
        check(None, Algorithm::EdDSA, None);
    }
}
