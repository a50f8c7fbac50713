//! Who calls, and what they may.

mod authenticator;
mod bearer;
mod identity;
mod jwks;
mod jwt;
mod key_source;
mod keys;
mod layer;
mod options;
mod scopes;

pub use authenticator::AuthError;
pub(super) use authenticator::Authenticator;
pub use key_source::UrlError;
pub use keys::new_key;
pub(super) use layer::AuthLayer;
pub use options::{AuthOptions, OidcOptions, ReflectionMode};
pub use scopes::Scope;
