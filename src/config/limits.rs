use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;

use super::error::ConfigError;
use super::values::seconds;

/// Limits of connections, calls and callers.
#[derive(Debug, Clone, Args)]
pub struct LimitConfig {
    /// Maximum number of calls in flight that read texts (ExtractClaims, IngestArticle, CorrectArticle,
    /// ReextractArticle, MatchClaims), those that wait for a processor included; further calls are refused as
    /// RESOURCE_EXHAUSTED
    #[arg(
        long,
        env = "ONRECORD_MAX_READING",
        default_value_t = 256,
        value_name = "N"
    )]
    pub max_reading: usize,

    /// Maximum number of open streams; further streams are refused as RESOURCE_EXHAUSTED
    #[arg(
        long,
        env = "ONRECORD_MAX_STREAMS",
        default_value_t = 256,
        value_name = "N"
    )]
    pub max_streams: usize,

    /// Maximum time for a call that reads no text, in seconds, whatever deadline the caller sets
    #[arg(long, env = "ONRECORD_LOOKUP_TIMEOUT", default_value = "20", value_name = "SECONDS",
          value_parser = seconds)]
    pub lookup_timeout: Duration,

    /// How long a response may go unread before its call is ended, in seconds
    #[arg(long, env = "ONRECORD_RESPONSE_IDLE_TIMEOUT", default_value = "30", value_name = "SECONDS",
          value_parser = seconds)]
    pub response_idle_timeout: Duration,

    /// Maximum size of all responses together that wait to be read, in bytes; further calls are refused as
    /// RESOURCE_EXHAUSTED
    #[arg(long, env = "ONRECORD_MAX_UNREAD_BYTES", default_value_t = 256 << 20, value_name = "BYTES")]
    pub max_unread_bytes: usize,

    /// The age at which WatchClaims ends and asks its caller to resume, in seconds, so that watches spread over new
    /// servers
    #[arg(long, env = "ONRECORD_MAX_STREAM_AGE", default_value = "3600", value_name = "SECONDS",
          value_parser = seconds)]
    pub max_stream_age: Duration,

    /// Maximum number of connections; further ones are closed at once
    #[arg(
        long,
        env = "ONRECORD_MAX_CONNECTIONS",
        default_value_t = 10_000,
        value_name = "N"
    )]
    pub max_connections: usize,

    /// Maximum number of connections from one address; further ones are closed at once
    #[arg(
        long,
        env = "ONRECORD_MAX_CONNECTIONS_PER_PEER",
        default_value_t = 1_000,
        value_name = "N"
    )]
    pub max_connections_per_peer: usize,

    /// How long a new connection may take to begin HTTP/2, in seconds
    #[arg(long, env = "ONRECORD_PREFACE_TIMEOUT", default_value = "10", value_name = "SECONDS",
          value_parser = seconds)]
    pub preface_timeout: Duration,

    /// How many calls a second a caller may make on average; further calls are refused as RESOURCE_EXHAUSTED
    /// [default: any number]
    #[arg(long, env = "ONRECORD_RATE_LIMIT", value_name = "N")]
    pub rate_limit: Option<NonZeroU32>,

    /// How many calls a caller may make at once after a pause [default: the calls of ten seconds]
    #[arg(
        long,
        env = "ONRECORD_RATE_LIMIT_BURST",
        value_name = "N",
        requires = "rate_limit"
    )]
    pub rate_limit_burst: Option<NonZeroU32>,

    /// Only log calls above the rate limit, to see whom it would hit
    #[arg(long, env = "ONRECORD_RATE_LIMIT_DRY_RUN", requires = "rate_limit")]
    pub rate_limit_dry_run: bool,
}

impl LimitConfig {
    /// Checks what the types alone cannot.
    ///
    /// # Errors
    /// The first invalid setting.
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let counts = [
            ("max-reading", "ONRECORD_MAX_READING", self.max_reading),
            ("max-streams", "ONRECORD_MAX_STREAMS", self.max_streams),
            (
                "max-connections",
                "ONRECORD_MAX_CONNECTIONS",
                self.max_connections,
            ),
            (
                "max-connections-per-peer",
                "ONRECORD_MAX_CONNECTIONS_PER_PEER",
                self.max_connections_per_peer,
            ),
        ];
        let times = [
            (
                "lookup-timeout",
                "ONRECORD_LOOKUP_TIMEOUT",
                self.lookup_timeout,
            ),
            (
                "response-idle-timeout",
                "ONRECORD_RESPONSE_IDLE_TIMEOUT",
                self.response_idle_timeout,
            ),
            (
                "max-stream-age",
                "ONRECORD_MAX_STREAM_AGE",
                self.max_stream_age,
            ),
            (
                "preface-timeout",
                "ONRECORD_PREFACE_TIMEOUT",
                self.preface_timeout,
            ),
        ];
        let zeros = counts.into_iter().filter(|(_, _, count)| *count == 0);
        let counts = zeros.map(|(flag, env, _)| (flag, env, "at least 1"));
        let zeros = times.into_iter().filter(|(_, _, time)| time.is_zero());
        let times = zeros.map(|(flag, env, _)| (flag, env, "more than 0"));
        match counts.chain(times).next() {
            None => Ok(()),
            Some((flag, env, bounds)) => Err(ConfigError::OutOfBounds {
                flag,
                env,
                value: "0".to_owned(),
                bounds,
            }),
        }
    }
}
