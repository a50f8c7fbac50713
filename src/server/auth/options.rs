use std::path::PathBuf;
use std::time::Duration;

/// Who may call. The default is everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthOptions {
    /// A file of keys and certificates that may call, and their scopes. It is read again when it changes.
    pub keys: Option<PathBuf>,
    /// An issuer whose tokens may call.
    pub oidc: Option<OidcOptions>,
    /// Who may use reflection.
    pub reflection: ReflectionMode,
}

impl AuthOptions {
    /// Whether callers have to show who they are.
    #[must_use]
    pub const fn asks_who_calls(&self) -> bool {
        self.keys.is_some() || self.oidc.is_some()
    }
}

/// An OpenID Connect issuer whose tokens are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcOptions {
    /// The issuer, exactly as tokens name it.
    pub issuer: String,
    /// The audience that tokens have to name.
    pub audience: String,
    /// Where its keys are, `https://…` or `file:///…`; `None` asks its discovery document.
    pub jwks_url: Option<String>,
    /// The shortest time between two requests for the keys. Within it, a token signed with an unknown key is refused
    /// without asking again.
    pub min_refresh: Duration,
}

/// Who may use reflection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReflectionMode {
    /// Everybody.
    On,
    /// Whoever may make any other call.
    #[default]
    Authenticated,
    /// Nobody.
    Off,
}
