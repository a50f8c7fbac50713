use std::time::Duration;

use super::rate_limit::RateLimit;

/// Limits of connections, calls and responses, beside those of [`ServerOptions`](super::ServerOptions).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitOptions {
    /// Maximum number of calls in flight that read texts, those waiting for a thread included.
    pub max_reading: usize,
    /// Maximum number of open streams.
    pub max_streams: usize,
    /// Maximum time for a call that reads no text.
    pub lookup_timeout: Duration,
    /// How long a response may go unread before its call is ended.
    pub response_idle_timeout: Duration,
    /// Maximum size of all responses together that wait to be read; one alone may be larger.
    pub max_unread_bytes: usize,
    /// The age at which watches are asked to start anew.
    pub max_stream_age: Duration,
    /// Maximum number of connections.
    pub max_connections: usize,
    /// Maximum number of connections from one address.
    pub max_connections_per_peer: usize,
    /// How long a new connection may take to begin HTTP/2.
    pub preface_timeout: Duration,
    /// How many calls a caller may make; `None` for any number.
    pub rate: Option<RateLimit>,
}

impl Default for LimitOptions {
    fn default() -> Self {
        Self {
            max_reading: 256,
            max_streams: 256,
            lookup_timeout: Duration::from_secs(20),
            response_idle_timeout: Duration::from_secs(30),
            max_unread_bytes: 256 << 20,
            max_stream_age: Duration::from_hours(1),
            max_connections: 10_000,
            max_connections_per_peer: 1_000,
            preface_timeout: Duration::from_secs(10),
            rate: None,
        }
    }
}
