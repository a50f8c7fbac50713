//! Tokens of an OpenID Connect issuer.

use std::convert::Infallible;
use std::future::Future;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::identity::{Identity, Refusal};
use super::jwks::IssuerKeys;
use super::key_source::{KeySource, UrlError};
use super::options::OidcOptions;
use super::scopes::{Scope, Scopes};
use crate::service::Caller;

/// By how much the clocks of issuer and server may differ.
const LEEWAY_SECONDS: u64 = 60;

/// Signatures that nobody but the issuer can make. Neither `none` nor an algorithm with a shared secret is here.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

const MALFORMED: Refusal = Refusal::Unauthenticated("the token is no signed JWT");

/// Checks tokens.
#[derive(Debug, Clone)]
pub(super) struct TokenVerifier {
    issuer: String,
    audience: String,
    keys: IssuerKeys,
}

/// The claims that are looked at. The scopes are words in one string or a list, under either name.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    scope: Option<Words>,
    scp: Option<Words>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Text(String),
    List(Vec<String>),
}

impl TokenVerifier {
    /// Creates a verifier. The future that comes with it keeps the issuer's keys up to date and never returns.
    pub(super) fn new(
        options: &OidcOptions,
    ) -> Result<(Self, impl Future<Output = Infallible> + Send + 'static), UrlError> {
        let keys = IssuerKeys::new(KeySource::new(options)?, options.min_refresh);
        let verifier = Self {
            issuer: options.issuer.clone(),
            audience: options.audience.clone(),
            keys: keys.clone(),
        };
        Ok((verifier, keys.follow()))
    }

    /// Whether this may be a token of an issuer, as opposed to a key.
    pub(super) fn may_be_token(text: &str) -> bool {
        text.bytes().filter(|byte| *byte == b'.').count() == 2
    }

    /// Whose token this is.
    pub(super) async fn verify(&self, token: &str) -> Result<Identity, Refusal> {
        let header = decode_header(token).map_err(|_| MALFORMED)?;
        if !ALGORITHMS.contains(&header.alg) || has_critical_extensions(token) {
            return Err(MALFORMED);
        }
        let key = self.keys.find(header.kid.as_deref(), header.alg).await?;
        let mut validation = Validation::new(header.alg);
        validation.leeway = LEEWAY_SECONDS;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let token = decode::<Claims>(token, &key, &validation).map_err(|error| refusal(&error))?;
        token.claims.identity()
    }
}

/// Whether the token says that extensions have to be understood (RFC 7515, 4.1.11), of which none is.
fn has_critical_extensions(token: &str) -> bool {
    #[derive(Deserialize)]
    struct Critical {
        crit: Option<IgnoredAny>,
    }
    let header = token.split('.').next().unwrap_or_default();
    let header = BASE64_URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    serde_json::from_slice::<Critical>(&header).is_ok_and(|header| header.crit.is_some())
}

impl Claims {
    fn identity(self) -> Result<Identity, Refusal> {
        let name = Some(&self.sub).filter(|sub| !sub.is_empty());
        let caller = name.and_then(|sub| Caller::new(&format!("token:{sub}")));
        let caller = caller.ok_or(Refusal::Unauthenticated("the token's subject is no name"))?;
        let words = [self.scope, self.scp].into_iter().flatten();
        let scopes = words.flat_map(Words::scopes).collect::<Scopes>();
        Ok(Identity { caller, scopes })
    }
}

impl Words {
    /// The scopes among the words; others are for other services.
    fn scopes(self) -> Vec<Scope> {
        let words = match self {
            Self::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
            Self::List(words) => words,
        };
        words.iter().filter_map(|word| word.parse().ok()).collect()
    }
}

fn refusal(error: &Error) -> Refusal {
    Refusal::Unauthenticated(match error.kind() {
        ErrorKind::ExpiredSignature => "the token has expired",
        ErrorKind::ImmatureSignature => "the token is not valid yet",
        ErrorKind::InvalidAudience => "the token is for another audience",
        ErrorKind::InvalidIssuer => "the token is from another issuer",
        ErrorKind::MissingRequiredClaim(_) => "the token lacks one of exp, iss, aud, sub",
        ErrorKind::InvalidSignature => "the token's signature is wrong",
        _ => "the token is not valid",
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    use super::{Claims, TokenVerifier, has_critical_extensions};
    use crate::server::auth::scopes::Scope;

    fn scopes(claims: &str) -> Vec<Scope> {
        let claims: Claims = serde_json::from_str(claims).unwrap();
        let identity = claims.identity().unwrap();
        let all = [Scope::Extract, Scope::Read, Scope::Write, Scope::Review];
        all.into_iter()
            .filter(|scope| identity.scopes.allow(*scope))
            .collect()
    }

    #[test]
    fn scopes_are_read_in_all_spellings() {
        let read_write = [Scope::Read, Scope::Write];
        assert_eq!(
            scopes(r#"{"sub": "a", "scope": "openid read  write"}"#),
            read_write
        );
        assert_eq!(
            scopes(r#"{"sub": "a", "scope": ["read", "write"]}"#),
            read_write
        );
        assert_eq!(
            scopes(r#"{"sub": "a", "scp": ["write", "read", "x"]}"#),
            read_write
        );
        assert_eq!(
            scopes(r#"{"sub": "a", "scp": "read", "scope": "write"}"#),
            read_write
        );
        assert_eq!(
            scopes(r#"{"sub": "a", "scope": "READ reads read:all"}"#),
            []
        );
        assert_eq!(scopes(r#"{"sub": "a"}"#), []);
    }

    #[test]
    fn a_subject_that_is_no_name_is_refused() {
        for sub in ["", "a\\u0000b", "a\\nb"] {
            let claims: Claims = serde_json::from_str(&format!(r#"{{"sub": "{sub}"}}"#)).unwrap();
            assert!(claims.identity().is_err(), "{sub:?}");
        }
    }

    #[test]
    fn extensions_that_must_be_understood_are_noticed() {
        let check = |header: &str, expect: bool| {
            let token = format!("{}.e30.", BASE64_URL_SAFE_NO_PAD.encode(header));
            assert_eq!(has_critical_extensions(&token), expect, "{header}");
        };
        check(r#"{"alg": "ES256", "kid": "one"}"#, false);
        check(r#"{"alg": "ES256", "crit": ["b64"], "b64": false}"#, true);
        check(r#"{"alg": "ES256", "crit": []}"#, true);
    }

    #[test]
    fn a_token_has_three_parts() {
        assert!(TokenVerifier::may_be_token("a.b.c"));
        for key in ["onrecord_abc", "a.b", "a.b.c.d"] {
            assert!(!TokenVerifier::may_be_token(key));
        }
    }
}
