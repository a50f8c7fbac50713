use std::convert::Infallible;
use std::path::Path;

use futures_util::future::BoxFuture;
use http::HeaderMap;
use tonic::Status;

use super::bearer;
use super::identity::{Identity, Refusal};
use super::jwt::TokenVerifier;
use super::key_source::UrlError;
use super::keys::Keys;
use super::options::{AuthOptions, ReflectionMode};
use super::scopes::{Access, access};
use crate::api::wire::status::{Reason, error_with};
use crate::server::connections::Peer;
use crate::server::watched_files::{Content, FileError, Latest, WatchedFiles};
use crate::service::Caller;

/// Why authentication cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The file of keys cannot be used.
    #[error(transparent)]
    Keys(#[from] FileError),
    /// A URL of the issuer cannot be used.
    #[error(transparent)]
    Issuer(#[from] UrlError),
}

/// Tells who calls and what they may.
#[derive(Debug, Clone, Default)]
pub(crate) struct Authenticator {
    keys: Option<Latest<Keys>>,
    tokens: Option<TokenVerifier>,
    reflection: ReflectionMode,
}

/// Keeps what the authenticator knows up to date. Never ends.
type Follow = BoxFuture<'static, Infallible>;

impl Authenticator {
    /// Reads the file of keys. The futures that come with it keep keys up to date.
    pub(crate) fn new(options: &AuthOptions) -> Result<(Self, Vec<Follow>), AuthError> {
        let mut authenticator = Self {
            reflection: options.reflection,
            ..Self::default()
        };
        let mut follow: Vec<Follow> = Vec::new();
        if let Some(path) = options.keys.clone() {
            let paths = vec![path.clone()];
            let files = WatchedFiles::load(paths, move |contents| read(&path, contents))?;
            authenticator.keys = Some(files.latest());
            follow.push(Box::pin(files.follow()));
        }
        if let Some(oidc) = &options.oidc {
            let (tokens, keys) = TokenVerifier::new(oidc)?;
            authenticator.tokens = Some(tokens);
            follow.push(Box::pin(keys));
        }
        Ok((authenticator, follow))
    }

    /// Whether everybody may call.
    pub(crate) const fn is_open(&self) -> bool {
        self.keys.is_none() && self.tokens.is_none()
    }

    /// Says who makes the call, as far as that is known, and whether it is allowed. Takes the token out of `headers`.
    pub(super) async fn admit(
        &self,
        path: &str,
        headers: &mut HeaderMap,
        peer: Option<&Peer>,
    ) -> (Option<Caller>, Result<(), Status>) {
        let token = bearer::take(headers);
        let certificate = peer.and_then(|peer| peer.certificate.as_deref());
        if self.is_open() {
            let caller = certificate.and_then(named_by_certificate);
            return (caller, Ok(()));
        }
        let access = access(path);
        if access == Access::Open || self.is_open_reflection(access) {
            return (None, Ok(()));
        }
        let identity = match token {
            Ok(Some(token)) => self.by_token(&token).await,
            Ok(None) => self.by_certificate(certificate),
            Err(refusal) => Err(refusal),
        };
        match identity {
            Ok(identity) => {
                let allowed = allowed(&identity, access, path);
                (Some(identity.caller), allowed)
            }
            Err(refusal) => (None, Err(refusal.status())),
        }
    }

    fn is_open_reflection(&self, access: Access) -> bool {
        access == Access::Reflection && self.reflection == ReflectionMode::On
    }

    async fn by_token(&self, token: &str) -> Result<Identity, Refusal> {
        let key = self.keys.as_ref();
        if let Some(identity) = key.and_then(|keys| keys.borrow().bearer(token)) {
            return Ok(identity);
        }
        match &self.tokens {
            Some(tokens) if TokenVerifier::may_be_token(token) => tokens.verify(token).await,
            _ => Err(Refusal::Unauthenticated("the key is not known")),
        }
    }

    /// A certificate counts if the file of keys names it: one that only secures the transport says nothing of the call.
    fn by_certificate(&self, name: Option<&str>) -> Result<Identity, Refusal> {
        let missing = Refusal::Unauthenticated("the call has no key and no token");
        let (Some(name), Some(keys)) = (name, &self.keys) else {
            return Err(missing);
        };
        let scopes = keys.borrow().certificate(name).cloned().ok_or(missing)?;
        let caller = named_by_certificate(name);
        let caller = caller.ok_or(Refusal::Unauthenticated(
            "the certificate has no usable name",
        ))?;
        Ok(Identity { caller, scopes })
    }
}

fn named_by_certificate(name: &str) -> Option<Caller> {
    Caller::new(&format!("certificate:{name}"))
}

fn read(path: &Path, contents: &[Content]) -> Result<Keys, FileError> {
    Keys::parse(path, contents.first().map_or(&[], |content| content))
}

fn allowed(identity: &Identity, access: Access, path: &str) -> Result<(), Status> {
    match access {
        Access::Open | Access::Reflection | Access::AnyScope => Ok(()),
        Access::Scope(scope) if identity.scopes.allow(scope) => Ok(()),
        Access::Scope(scope) => Err(Refusal::Forbidden(scope).status()),
        // Refused here: an RPC that has no scope must not be open by mistake.
        Access::Unknown => Err(error_with(
            Reason::UnknownMethod,
            format!("there is no method {path}"),
            [("method", path.to_owned())],
        )),
    }
}
