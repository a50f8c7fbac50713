//! Wiring: serves the services on a port, with encryption, authentication, limits, health checks and graceful shutdown.

mod admission;
mod auth;
mod calls;
mod connections;
mod deadline;
mod error;
mod error_info;
mod guard;
mod health;
mod info;
mod limit_options;
mod management;
mod observability;
mod options;
mod rate_limit;
mod readiness;
mod reflection;
mod response_body;
mod rpc_class;
mod serving;
mod tls;
mod watched_files;
mod winding_down;

pub use auth::{AuthError, AuthOptions, OidcOptions, ReflectionMode, Scope, UrlError, new_key};
pub use error::ServerError;
pub use limit_options::LimitOptions;
pub use observability::ObservabilityOptions;
pub use options::ServerOptions;
pub use rate_limit::RateLimit;
pub use serving::Server;
pub use tls::TlsOptions;
pub use watched_files::FileError;
