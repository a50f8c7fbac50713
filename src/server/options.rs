use std::net::SocketAddr;
use std::time::Duration;

use super::auth::AuthOptions;
use super::limit_options::LimitOptions;
use super::observability::ObservabilityOptions;
use super::tls::TlsOptions;
use crate::matching::Depth;

/// The settings of a [`Server`](super::Server).
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Length of the longest text that is read, in bytes.
    pub max_text_bytes: usize,
    /// Maximum number of calls in flight that are neither streams nor read texts.
    pub max_in_flight: usize,
    /// Maximum time for a call that reads a text, or for one document of a stream.
    pub request_timeout: Duration,
    /// Further limits.
    pub limits: LimitOptions,
    /// After a stop signal: how long new calls are still accepted.
    pub drain_delay: Duration,
    /// After the drain delay: how long calls in flight may take to finish.
    pub drain_timeout: Duration,
    /// How long claim events are retained, and so how long a watcher may be disconnected and still resume.
    pub watch_retention: Duration,
    /// How deeply claims are compared to find those that say the same; `None` disables it.
    pub propositions: Option<Depth>,
    /// Claims with a lower confidence are neither stored nor returned, unless a caller asks for them.
    pub min_confidence: f32,
    /// Certificates; without them, connections are not encrypted.
    pub tls: Option<TlsOptions>,
    /// Who may call.
    pub auth: AuthOptions,
    /// What the server tells of itself.
    pub observability: ObservabilityOptions,
}
